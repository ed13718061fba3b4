import path from 'node:path'
import { freePort } from '../../dev/free-port.js'
import { type LocalParts, startLocalParts } from '../../dev/local-parts.js'
import type { RequestLine } from '../../src/http/server.js'
import { type TestDatabase, testDatabase } from './database.js'
import { noteInRunLog } from './run-log.js'

export interface TestService extends LocalParts {
  readonly testDatabase: TestDatabase
  /** Every request line and every fault so far. */
  readonly requests: RequestLine[]
  readonly faults: unknown[]
  /** The statements that the service sent to the database, by name. */
  readonly statements: string[]
}

const AUDIT_LOG = { name: 'test_audit_log', text: 'select entry from audit_entry' }

/** Keys are made once by each worker: RSA keys take long. */
const KEYS = path.join(process.env['TEST_KEYS_FOLDER'] ?? '', String(process.pid))

/** Made once by each worker, for the others to begin with. */
let loaded: Promise<TestDatabase> | undefined

/** A database as a service leaves it that has been started once. */
async function load(): Promise<TestDatabase> {
  const database = await testDatabase(4)
  const parts = await startLocalParts({
    ...(await places(database)),
    reports: { request: () => undefined, fault: () => undefined },
  })
  await parts.stop()
  await database.close()
  return database
}

async function places({ serverUrl }: TestDatabase) {
  const [port, idportenPort] = [await freePort(), await freePort()]
  return { folder: KEYS, databaseUrl: serverUrl, port, idportenPort, registers: false }
}

/** The whole service over HTTP, with its stand-ins, on a database of its own. */
export async function testService(
  settings: Readonly<Record<string, string>> = {},
  options: { readonly exampleUrl?: string } = {},
): Promise<TestService> {
  const database = await testDatabase(4, await (loaded ??= load()))
  const requests: RequestLine[] = []
  const faults: unknown[] = []
  const statements: string[] = []
  const parts = await startLocalParts({
    ...(await places(database)),
    ...options,
    settings: { REQUESTS_PER_MINUTE: '1000000', DATABASE_CONNECTIONS: '20', ...settings },
    reports: {
      request: (line) => {
        requests.push(line)
        noteInRunLog('request', JSON.stringify(line))
      },
      fault: ({ error }) => {
        faults.push(error)
        noteInRunLog('fault', error instanceof Error ? (error.stack ?? error.message) : String(error))
      },
      statement: (name) => statements.push(name),
    },
  })
  return {
    ...parts,
    testDatabase: database,
    requests,
    faults,
    statements,
    async stop() {
      const entries = await parts.database.query<{ entry: string }>(AUDIT_LOG, [])
      for (const { entry } of entries) noteInRunLog('audit', entry)
      await parts.stop()
      await database.drop()
    },
  }
}
