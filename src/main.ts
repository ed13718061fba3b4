import { ConfigError, readConfig } from './config.js'
import { CatalogueError } from './registers/yaml-reader.js'
import { StartRefused } from './start-refused.js'

/**
 * Starts the service from the environment and stops it on SIGTERM or SIGINT. Whatever is wrong with settings, database or
 * catalogue is told in a few sentences, and the exit code is 1.
 */
try {
  const config = readConfig(process.env)
  // Loaded only now: it takes a second, and settings that do not do are refused at once.
  const { startService } = await import('./service.js')
  const service = await startService(config)
  console.log(JSON.stringify({ level: 'info', time: new Date(), message: 'listening', port: service.port }))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void service.stop().then(() => process.exit(0)))
  }
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof StartRefused || error instanceof CatalogueError
  console.error(expected ? error.message : error)
  process.exit(1)
}
