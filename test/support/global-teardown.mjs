import { rmSync } from 'node:fs'
import path from 'node:path'
import { dropDatabase } from '../../dist/dev/prepare-database.js'

export default async function teardown() {
  rmSync(process.env.TEST_LOG_FOLDER, { recursive: true, force: true })
  rmSync(process.env.TEST_KEYS_FOLDER, { recursive: true, force: true })
  const { superuser, template } = JSON.parse(process.env.TEST_POSTGRES)
  await dropDatabase(superuser, template)
  if (globalThis.testPostgres === undefined) return
  await globalThis.testPostgres.postgres.stop()
  rmSync(path.dirname(globalThis.testPostgres.folder), { recursive: true, force: true })
}
