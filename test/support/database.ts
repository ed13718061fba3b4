import { randomBytes } from 'node:crypto'
import { dropDatabase, prepareDatabase } from '../../dev/prepare-database.js'
import { Database } from '../../src/store/database.js'

interface TestPostgres {
  readonly superuser: string
  readonly passwords: { readonly owner: string; readonly server: string }
  readonly template: string
  readonly roles: { readonly owner: string; readonly server: string }
}

export interface TestDatabase {
  /** Connected as the serving role. */
  readonly database: Database
  /** For more instances on the same database. */
  readonly serverUrl: string
  readonly ownerUrl: string
  readonly superuserUrl: string
  /** The statements sent through `database` so far, by name. */
  readonly statements: string[]
  /** Closes its connections, for good: others can now be made like it. */
  close(): Promise<void>
  drop(): Promise<void>
}

/**
 * A migrated database of its own, thrown away by `drop`.
 *
 * @param like one that has been closed, to begin with what is in it.
 */
export async function testDatabase(connections = 20, like?: TestDatabase): Promise<TestDatabase> {
  const { superuser, passwords, template, roles } = JSON.parse(process.env['TEST_POSTGRES'] ?? '{}') as TestPostgres
  const name = `${template}_${randomBytes(8).toString('hex')}`
  await prepareDatabase(superuser, name, like === undefined ? template : new URL(like.serverUrl).pathname.slice(1))
  const as = (user: string, password: string): string => {
    const url = new URL(superuser)
    Object.assign(url, { username: user, password, pathname: `/${name}` })
    return url.href
  }
  const { username, password } = new URL(superuser)
  const serverUrl = as(roles.server, passwords.server)
  const statements: string[] = []
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= database.close())
  const database = await Database.open({
    url: serverUrl,
    connections,
    onStatement: (statement) => statements.push(statement),
  })
  return {
    database,
    serverUrl,
    ownerUrl: as(roles.owner, passwords.owner),
    superuserUrl: as(username, decodeURIComponent(password)),
    statements,
    close,
    async drop() {
      await close()
      await dropDatabase(superuser, name)
    },
  }
}
