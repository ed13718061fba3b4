import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readCatalogueFiles, summarise } from '../src/registers/catalogue-files.js'
import { freePortNear, isFree } from './free-port.js'
import { startLocalDatabase } from './local-database.js'
import { type LocalParts, startLocalParts } from './local-parts.js'

async function startEverything(): Promise<void> {
  const began = performance.now()
  const port = Number(process.env['PORT'] ?? 3000)
  const folder = path.resolve(process.env['DATA_FOLDER'] ?? '.data')
  if (!(await isFree(port))) {
    console.error(`Port ${port} is taken. Choose another one: PORT=3100 npm start`)
    process.exit(1)
  }
  mkdirSync(folder, { recursive: true })
  const database = await startLocalDatabase(folder).catch((error: unknown) => {
    console.error(`The database did not start: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  })
  const idportenPort = await freePortNear(port + 1)
  const keys = path.join(folder, 'dev')
  const parts = await startLocalParts({ folder: keys, databaseUrl: database.serverUrl, port, idportenPort, reports: QUIET })
  const runningFile = path.join(folder, 'running.json')
  writeFileSync(runningFile, JSON.stringify({ pid: process.pid, url: parts.url, idporten: parts.idporten.issuer }))
  console.log(await overview(parts))
  console.log(`Started in ${((performance.now() - began) / 1000).toFixed(1)} s. Stop with Ctrl-C.`)

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    rmSync(runningFile, { force: true })
    void parts
      .stop()
      .then(() => database.stop())
      .then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

/** Faults are shown, requests are not: whoever tries things out looks at the answers. */
const QUIET = {
  request: () => undefined,
  fault: ({ requestId, error }: { requestId: string; error: unknown }) => console.error(`fault in ${requestId}:`, error),
}

async function overview(parts: LocalParts): Promise<string> {
  const { url, idporten, people, clients } = parts
  const catalogue = await readCatalogueFiles('catalogue')
  const shown = ['astrid-haugen', 'berit-haugen', 'ola-nordby', 'kari-nordby', 'sanna-somby']
    .map((id) => people.find(id))
    .filter((person) => person !== undefined)
  return [
    '',
    'Fullmakt is running, with synthetic people and stand-ins only.',
    '',
    table([
      ['Service', url],
      ['API, to read and try', `${url}/docs`],
      ['Log in', `${url}/login`],
      ['Stand-in ID-porten', idporten.issuer],
      ['Catalogue', summarise(catalogue)],
    ]),
    '',
    `People to log in as (${people.all().length} in all, to be found by name or case on the login page):`,
    table(shown.map(({ givenName, familyName, cases }) => [`${givenName} ${familyName}`, cases.join(', ')])),
    '',
    'Relying services and their private keys:',
    table(clients.map(({ client, keyFile }) => [client.clientId, path.relative(process.cwd(), keyFile)])),
    '',
    'See the main job done, step by step: npm run demo (in another terminal)',
  ].join('\n')
}

function table(rows: readonly (readonly [string, string])[] | readonly string[][]): string {
  const width = Math.max(...rows.map(([first = '']) => first.length))
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`).join('\n')
}

/**
 * `npm start`: everything on this machine, from an embedded PostgreSQL to the stand-in ID-porten. With DATABASE_URL set
 * it is the production service instead, with its own settings and none of this.
 */
if (process.env['DATABASE_URL'] !== undefined) await import('../src/main.js')
else await startEverything()
