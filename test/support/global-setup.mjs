import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../../dist/dev/embedded-postgres.js'
import { OWNER, SERVER, prepareDatabase, prepareRoles } from '../../dist/dev/prepare-database.js'
import { Database } from '../../dist/src/store/database.js'

const TEMPLATE = 'fullmakt_template'

/**
 * Starts one PostgreSQL for the whole run and makes a migrated template in it; every test file works on a copy. With
 * TEST_DATABASE_URL (a superuser's) that server is used instead, for instance Debian's PostgreSQL 15.
 */
export default async function setup() {
  process.env.TEST_LOG_FOLDER = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-log-'))
  process.env.TEST_KEYS_FOLDER = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-keys-'))
  let superuser = process.env.TEST_DATABASE_URL
  if (superuser === undefined) {
    const parent = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-test-'))
    // The server runs as another user when this one is root, and must be able to get at its folder.
    chmodSync(parent, 0o755)
    const folder = path.join(parent, 'postgres')
    const postgres = await startEmbeddedPostgres({ folder, durable: false, settings: { max_connections: '300' } })
    globalThis.testPostgres = { postgres, folder }
    superuser = postgres.url('postgres')
    process.env.TEST_POSTGRES_LOG = path.join(folder, 'postgres.log')
  }
  const passwords = { owner: randomBytes(18).toString('hex'), server: randomBytes(18).toString('hex') }
  await prepareRoles(superuser, passwords)
  const template = `${TEMPLATE}_${String(process.pid)}`
  await prepareDatabase(superuser, template)
  const database = await Database.open({ url: asRole(superuser, template, OWNER, passwords.owner), connections: 2 })
  await database.migrate()
  await database.close()
  process.env.TEST_POSTGRES = JSON.stringify({
    superuser,
    passwords,
    template,
    roles: { owner: OWNER, server: SERVER },
  })
}

function asRole(url, database, user, password) {
  const result = new URL(url)
  result.username = user
  result.password = password
  result.pathname = `/${database}`
  return result.href
}
