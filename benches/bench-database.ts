import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../dev/embedded-postgres.js'
import { OWNER, SERVER, prepareDatabase, prepareRoles } from '../dev/prepare-database.js'
import { findPostgresPackage, programsIn } from '../dev/postgres-package.js'
import { Database } from '../src/store/database.js'

const NAME = 'bench'

/** A folder of its own and a migrated database that waits for the disk at each commit, both thrown away by `stop`. */
export interface BenchDatabase {
  readonly folder: string
  /** Of the serving role. */
  readonly serverUrl: string
  /** Of the owner's role, which migrates and loads. */
  readonly ownerUrl: string
  /** Of a superuser, for what no role of the service may do: to gather statistics. */
  readonly superuserUrl: string
  stop(): Promise<void>
}

export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-bench-'))
  // The server runs as another user when this one is root, and must be able to get at its folder.
  chmodSync(folder, 0o755)
  const postgres = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), durable: true })
  const passwords = { owner: randomBytes(24).toString('hex'), server: randomBytes(24).toString('hex') }
  await prepareRoles(postgres.url('postgres'), passwords)
  await prepareDatabase(postgres.url('postgres'), NAME)
  const ownerUrl = postgres.url(NAME, { user: OWNER, password: passwords.owner })
  const owner = await Database.open({ url: ownerUrl, connections: 2 })
  await owner.migrate()
  await owner.close()
  return {
    folder,
    serverUrl: postgres.url(NAME, { user: SERVER, password: passwords.server }),
    ownerUrl,
    superuserUrl: postgres.url(NAME),
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** The version of the embedded PostgreSQL, e.g. `18.4`. */
export function postgresVersion(): string {
  const told = execFileSync(path.join(programsIn(findPostgresPackage()), 'postgres'), ['--version'], {
    encoding: 'utf8',
  })
  return told.trim().split(' ').at(-1) ?? 'unknown'
}
