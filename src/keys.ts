import { ConfigError, readKeyCustody } from './config.js'
import { openCustody } from './key-keeping.js'
import { Database } from './store/database.js'
import { KEY_PURPOSES, readSigningKeys } from './store/signing-key-store.js'
import { KeysUnchanged, removeKey, rotateKey } from './tokens/key-changes.js'
import { CustodyError, type KeyCustody } from './tokens/key-custody.js'
import { spanOf, stateAt } from './tokens/key-span.js'

/**
 * Tells of the keys that sign and changes them, with the owner's role in `DATABASE_OWNER_URL` and the service's own settings
 * for where private keys lie (`docs/keys.md`). Instances that serve follow by themselves.
 */
const USAGE = `npm run keys -- list             the keys in use
npm run keys -- rotate PURPOSE   let the next key of this purpose sign: ${KEY_PURPOSES.join(', ')}
npm run keys -- remove KID       take a key out of use at once`

const [command = '', name = ''] = process.argv.slice(2)
const url = process.env['DATABASE_OWNER_URL'] ?? ''

async function list(db: Database): Promise<void> {
  const { instant, keys } = await readSigningKeys(db)
  for (const key of keys) {
    const span = spanOf(key, keys)
    const state = stateAt(instant, span)
    if (state === 'removed') continue
    const ends =
      state === 'retiring' ? `shown until ${timeOf(span.shownUntil)}` : `signs from ${timeOf(span.signsFrom)}`
    say([key.kid, key.purpose, state, ends, key.label ?? 'software'].join('\t'))
  }
}

async function rotate(db: Database, custody: KeyCustody): Promise<void> {
  const purpose = KEY_PURPOSES.find((one) => one === name)
  if (purpose === undefined) throw new KeysUnchanged(`the purpose is one of ${KEY_PURPOSES.join(', ')}`)
  const { kid, signsFrom } = await rotateKey({ db, custody }, purpose)
  say(`${kid} signs from ${signsFrom.toISOString()}`)
}

async function remove(db: Database, custody: KeyCustody): Promise<void> {
  const { was, successor } = await removeKey({ db, custody }, name)
  say(`${name} was ${was} and is removed${successor === null ? '' : `; ${successor} signs now`}`)
}

/** Infinity while it only stands by. */
function timeOf(instant: number): string {
  return Number.isFinite(instant) ? new Date(instant).toISOString() : 'the next rotation on'
}

async function run(): Promise<void> {
  const db = await Database.open({ url, connections: 2 })
  try {
    if (command === 'list') {
      await list(db)
      return
    }
    const custody = openCustody(readKeyCustody(process.env))
    try {
      await (command === 'rotate' ? rotate(db, custody) : remove(db, custody))
    } finally {
      await custody.close()
    }
  } finally {
    await db.close()
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

if (!['list', 'rotate', 'remove'].includes(command) || url === '') {
  const fault =
    url === '' ? 'DATABASE_OWNER_URL is missing: the address of the database with the role fullmakt_owner' : USAGE
  process.stderr.write(`${fault}\n`)
  process.exit(1)
}
await run().catch((error: unknown) => {
  const isExpected = error instanceof KeysUnchanged || error instanceof CustodyError || error instanceof ConfigError
  if (!isExpected) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
