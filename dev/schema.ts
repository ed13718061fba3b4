import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { describeSchema } from './describe-schema.js'
import { startLocalDatabase } from './local-database.js'

/**
 * Writes `migrations/schema.sql` from a database that the migrations have just made, or with `--check` tells whether the
 * file is in step (exit code 1 when not).
 */
const check = process.argv[2] === '--check'
const file = 'migrations/schema.sql'
const text = await describeMigrated()

if (!check) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error(`${file} is not in step with the migrations: run npm run schema`)
  process.exitCode = 1
}

async function describeMigrated(): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-schema-'))
  // The server runs as another user when this one is root, and must be able to get at its folder.
  chmodSync(folder, 0o755)
  const database = await startLocalDatabase(folder)
  const client = new pg.Client(database.serverUrl)
  try {
    await client.connect()
    return await describeSchema(client)
  } finally {
    await client.end()
    await database.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
