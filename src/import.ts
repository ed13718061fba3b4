import { readFileSync } from 'node:fs'
import { endMandatesOfTheDead } from './mandates/end-for-death.js'
import { readGuardianTasks } from './registers/catalogue-files.js'
import { loadPersons } from './registers/first-load.js'
import { BulkConnection } from './store/bulk-connection.js'

/**
 * Takes in a file of person documents, one a line, with the owner's role in `DATABASE_OWNER_URL`:
 * `node dist/src/import.js FILE [SEQUENCE]`, where SEQUENCE is the number of the register's newest event when the file was
 * made. It is whole or nothing: broken off at any point, it is begun again.
 */
const [file, sequence] = process.argv.slice(2)
const url = process.env['DATABASE_OWNER_URL'] ?? ''
const keyFile = process.env['REGISTER_KEY_FILE'] ?? ''
const faults = [
  ...(file === undefined ? ['say which file: import FILE [SEQUENCE]'] : []),
  ...(sequence === undefined || /^\d{1,15}$/.test(sequence) ? [] : ['the sequence number is not a whole number']),
  ...(url === '' ? ['DATABASE_OWNER_URL is missing: the address of the database with the role fullmakt_owner'] : []),
  ...(keyFile === '' ? ['REGISTER_KEY_FILE is missing: the key that the service has under this name'] : []),
]
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`)
  process.exit(1)
}
const connection = await BulkConnection.open(url)
try {
  const loaded = await loadPersons(connection, {
    file: file ?? '',
    sequence: sequence === undefined ? null : Number(sequence),
    series: process.env['NODE_ENV'] === 'development' ? 'synthetic' : 'real',
    secret: Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64url').toString('base64url'),
    guardianTasks: await readGuardianTasks(process.env['CATALOGUE_FOLDER'] ?? 'catalogue'),
    onDeaths: endMandatesOfTheDead,
  })
  process.stdout.write(`${JSON.stringify(loaded)}\n`)
} finally {
  await connection.close()
}
