import pg from 'pg'

/** The two roles: the owner migrates, the server serves and can insert and read audit rows but not change them. */
export const OWNER = 'fullmakt_owner'
export const SERVER = 'fullmakt_server'

/**
 * Makes the two roles with these passwords, as a superuser. What an operator does once by hand in production
 * (`docs/operating.md`).
 */
export async function prepareRoles(superuserUrl: string, passwords: { owner: string; server: string }): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    for (const [role, password] of [
      [OWNER, passwords.owner],
      [SERVER, passwords.server],
    ] as const) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
      const verb = rowCount === 0 ? 'create' : 'alter'
      await client.query(`${verb} role ${role} login password ${client.escapeLiteral(password)}`)
    }
  })
}

/** Makes a database owned by the owner's role if it is not there; from a template when one is named. */
export async function prepareDatabase(superuserUrl: string, name: string, template?: string): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount !== 0) return
    // Copied as files: about half the time of a copy through the log.
    const from = template === undefined ? '' : ` template ${client.escapeIdentifier(template)} strategy file_copy`
    await client.query(`create database ${client.escapeIdentifier(name)} owner ${OWNER}${from}`)
  })
}

export async function dropDatabase(superuserUrl: string, name: string): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
  })
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
