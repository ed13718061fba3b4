import { Database } from './store/database.js'

/** Brings the database to the schema of this program, with the owner's role in `DATABASE_OWNER_URL`. */
const url = process.env['DATABASE_OWNER_URL']
if (url === undefined || url === '') {
  console.error('DATABASE_OWNER_URL is missing: the address of the database with the role fullmakt_owner')
  process.exit(1)
}
const database = await Database.open({ url, connections: 2 })
try {
  const done = await database.migrate()
  console.log(done.length === 0 ? 'the schema is up to date' : `migrated: ${done.join(', ')}`)
} finally {
  await database.close()
}
