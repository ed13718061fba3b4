import { rmSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { dropDatabase } from '../../dist/dev/prepare-database.js'

export default async function teardown() {
  rmSync(process.env.TEST_LOG_FOLDER, { recursive: true, force: true })
  rmSync(process.env.TEST_KEYS_FOLDER, { recursive: true, force: true })
  if (globalThis.testPostgres === undefined) return dropOurs(JSON.parse(process.env.TEST_POSTGRES))
  await globalThis.testPostgres.postgres.stop()
  rmSync(path.dirname(globalThis.testPostgres.folder), { recursive: true, force: true })
}

/** From a server that is not ours: the template and what still stands of its copies, which begin with its name. */
async function dropOurs({ superuser, template }) {
  const client = new pg.Client(superuser)
  await client.connect()
  const { rows } = await client.query(
    `select datname from pg_database where datname = $1 or starts_with(datname, $1 || '_')`,
    [template],
  )
  await client.end()
  for (const { datname } of rows) await dropDatabase(superuser, datname)
}
