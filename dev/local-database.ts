import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { Database } from '../src/store/database.js'
import { startEmbeddedPostgres } from './embedded-postgres.js'
import { OWNER, SERVER, prepareDatabase, prepareRoles } from './prepare-database.js'

const NAME = 'fullmakt'

export interface LocalDatabase {
  /** Of the serving role. */
  readonly serverUrl: string
  stop(): Promise<void>
}

/** Starts the embedded PostgreSQL in this folder and migrates it with the owner's role. */
export async function startLocalDatabase(folder: string): Promise<LocalDatabase> {
  const postgres = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), durable: true })
  try {
    const passwords = { owner: randomBytes(24).toString('hex'), server: randomBytes(24).toString('hex') }
    await prepareRoles(postgres.url('postgres'), passwords)
    await prepareDatabase(postgres.url('postgres'), NAME)
    const ownerUrl = postgres.url(NAME, { user: OWNER, password: passwords.owner })
    const database = await Database.open({ url: ownerUrl, connections: 2 })
    await database.migrate()
    await database.close()
    const serverUrl = postgres.url(NAME, { user: SERVER, password: passwords.server })
    return { serverUrl, stop: () => postgres.stop() }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}
