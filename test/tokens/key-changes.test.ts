import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { Database, statement } from '../../src/store/database.js'
import { KEY_PURPOSES, type KeyPurpose, readSigningKeys } from '../../src/store/signing-key-store.js'
import {
  type KeyOffice,
  SHOWN_BEFORE_SIGNING,
  makeMissingKeys,
  removeKey,
  rotateKey,
} from '../../src/tokens/key-changes.js'
import { followSigningKeys } from '../../src/tokens/key-reading.js'
import { type KeyState, spanOf, stateAt } from '../../src/tokens/key-span.js'
import { SoftwareKeys } from '../../src/tokens/software-keys.js'
import { type Stage, openStage } from '../dev/processes.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

let stage: TestDatabase
let owner: Database
let server: KeyOffice
let office: KeyOffice
let programs: Stage
let settings: Readonly<Record<string, string>>
const ending: (() => Promise<void>)[] = []

beforeAll(async () => {
  stage = await testDatabase(4)
  owner = await Database.open({ url: stage.ownerUrl, connections: 4 })
  const encryptionKey = randomBytes(32)
  const custody = new SoftwareKeys([encryptionKey])
  server = { db: stage.database, custody }
  office = { db: owner, custody }
  programs = openStage()
  const file = path.join(programs.folder, 'key-encryption-key')
  writeFileSync(file, encryptionKey.toString('base64url'))
  settings = { DATABASE_OWNER_URL: stage.ownerUrl, KEY_ENCRYPTION_KEY_FILE: file, ACCEPT_SOFTWARE_KEYS: 'true' }
})
beforeEach(async () => {
  await sql('delete from signing_key')
  await makeMissingKeys(server)
})
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})
afterAll(async () => {
  await programs.clear()
  await owner.close()
  await stage.drop()
})

const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  owner.query<Row>(statement('', text), values)

/** The keys of a purpose by state. */
async function keysOf(purpose: KeyPurpose): Promise<Record<KeyState, string[]>> {
  const { instant, keys } = await readSigningKeys(owner)
  const found: Record<KeyState, string[]> = { next: [], active: [], retiring: [], removed: [] }
  for (const key of keys) if (key.purpose === purpose) found[stateAt(instant, spanOf(key, keys))].push(key.kid)
  return found
}

/** As if all that has happened had happened so many seconds earlier. */
async function pass(seconds: number): Promise<void> {
  await sql(
    `update signing_key set made_at = made_at - $1 * interval '1 second', signs_from = signs_from - $1 * interval '1 second',
            removed_at = removed_at - $1 * interval '1 second'`,
    [seconds],
  )
}

async function log(kind: string): Promise<Record<string, unknown>[]> {
  const rows = await sql<{ entry: string }>('select entry from audit_entry where kind = $1 order by entry_id', [kind])
  return rows.map(({ entry }) => (JSON.parse(entry) as { content: Record<string, unknown> }).content)
}

describe('the first keys', () => {
  test('are two for each purpose, one of which signs at once', async () => {
    for (const purpose of KEY_PURPOSES) {
      expect(await keysOf(purpose)).toMatchObject({ next: [expect.any(String)], active: [expect.any(String)] })
    }
    const made = (await log('signing_key_made')).slice(-6)
    expect(made.map(({ purpose, signs, by }) => [purpose, signs, by])).toEqual(
      KEY_PURPOSES.flatMap((purpose) => [
        [purpose, true, 'start'],
        [purpose, false, 'start'],
      ]),
    )
  })

  test('are made once, however many instances start at once', async () => {
    await sql('delete from signing_key')
    await Promise.all(Array.from({ length: 8 }, () => makeMissingKeys(server)))
    expect((await readSigningKeys(owner)).keys).toHaveLength(6)
  })

  test('are not made beside others that this instance cannot open', async () => {
    await sql(`delete from signing_key where purpose = 'secevent+jwt'`)
    const stranger = { db: server.db, custody: new SoftwareKeys([randomBytes(32)]) }
    await expect(makeMissingKeys(stranger)).rejects.toThrow('none of our key-encryption keys opens it')
    expect(await keysOf('secevent+jwt')).toMatchObject({ next: [], active: [] })
  })
})

describe('a rotation', () => {
  test('lets the next key sign once it has been shown for long enough, and makes another to stand by', async () => {
    const before = await keysOf('at+jwt')
    const { kid, signsFrom } = await rotateKey(office, 'at+jwt')
    expect([kid]).toEqual(before.next)
    const [row] = await sql<{ shown: number }>(
      'select (extract(epoch from signs_from - made_at) * 1000)::float8 as shown from signing_key where kid = $1',
      [kid],
    )
    expect(row?.shown).toBeCloseTo(SHOWN_BEFORE_SIGNING, 0)
    expect((await keysOf('at+jwt')).active).toEqual(before.active)
    await pass(SHOWN_BEFORE_SIGNING / 1000)
    const after = await keysOf('at+jwt')
    expect(after).toMatchObject({ active: [kid], retiring: before.active, next: [expect.any(String)] })
    expect(await log('signing_key_rotated')).toContainEqual({
      kid,
      purpose: 'at+jwt',
      signs_from: signsFrom.toISOString(),
    })
  })

  test('is at once where the next key has stood by for long enough', async () => {
    const before = await keysOf('at+jwt')
    await pass(SHOWN_BEFORE_SIGNING / 1000)
    await rotateKey(office, 'at+jwt')
    expect(await keysOf('at+jwt')).toMatchObject({ active: before.next, retiring: before.active })
  })

  test('leaves the keys of other purposes alone', async () => {
    const before = await keysOf('statuslist+jwt')
    await rotateKey(office, 'at+jwt')
    expect(await keysOf('statuslist+jwt')).toEqual(before)
  })

  test('is one, where two are begun at once', async () => {
    const both = await Promise.allSettled([rotateKey(office, 'at+jwt'), rotateKey(office, 'at+jwt')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find((one): one is PromiseRejectedResult => one.status === 'rejected')
    expect(String(refused?.reason)).toContain('a rotation is under way')
    expect((await keysOf('at+jwt')).next).toHaveLength(2)
  })

  test('with another key-encryption key than the service has changes nothing', async () => {
    const before = await readSigningKeys(owner)
    const stranger = { db: owner, custody: new SoftwareKeys([randomBytes(32)]) }
    await expect(rotateKey(stranger, 'at+jwt')).rejects.toThrow('none of our key-encryption keys opens it')
    expect((await readSigningKeys(owner)).keys).toEqual(before.keys)
  })

  test('forgets the private half of what has retired by then', async () => {
    const {
      active: [old = ''],
    } = await keysOf('at+jwt')
    await pass(SHOWN_BEFORE_SIGNING / 1000)
    await rotateKey(office, 'at+jwt')
    await pass(361)
    expect((await keysOf('at+jwt')).removed).toEqual([old])
    await rotateKey(office, 'statuslist+jwt')
    const rows = await sql('select sealed, removed_at is null as used from signing_key where kid = $1', [old])
    expect(rows).toEqual([{ sealed: null, used: false }])
    expect(await log('signing_key_removed')).toContainEqual(expect.objectContaining({ kid: old, cause: 'retired' }))
  })

  test('whose program is killed in the middle has changed nothing, and can be begun again', async () => {
    const before = (await readSigningKeys(owner)).keys
    const lock = new pg.Client(stage.ownerUrl)
    await lock.connect()
    // The keys are written before the log, and the log is held: the program stops between the two.
    await lock.query('begin; lock table audit_entry in share mode')
    const killed = programs.run('dist/src/keys.js', settings, ['rotate', 'at+jwt'])
    const waiting = `select 1 from pg_locks where relation = 'audit_entry'::regclass and not granted`
    while ((await sql(waiting)).length === 0) await setTimeout(20)
    killed.child.kill('SIGKILL')
    await killed.ended
    await lock.query('rollback')
    await lock.end()
    while ((await sql(waiting)).length > 0) await setTimeout(20)
    expect((await readSigningKeys(owner)).keys).toEqual(before)
    await rotateKey(office, 'at+jwt')
    expect((await keysOf('at+jwt')).next).toHaveLength(2)
  })
})

describe('a removal', () => {
  test('of the active key lets the next sign at once, however short it has been shown', async () => {
    const before = await keysOf('at+jwt')
    const [bad = ''] = before.active
    expect(await removeKey(office, bad)).toEqual({ was: 'active', successor: before.next[0] })
    const after = await keysOf('at+jwt')
    expect(after).toMatchObject({ active: before.next, retiring: [], removed: [bad] })
    expect(after.next).toHaveLength(1)
    expect(await sql('select sealed from signing_key where kid = $1', [bad])).toEqual([{ sealed: null }])
    const told = { kid: bad, purpose: 'at+jwt', was: 'active', successor: before.next[0], cause: 'operator' }
    expect(await log('signing_key_removed')).toContainEqual(told)
  })

  test('in the middle of a rotation lets the one sign that was to', async () => {
    const {
      active: [bad = ''],
    } = await keysOf('at+jwt')
    const { kid } = await rotateKey(office, 'at+jwt')
    await removeKey(office, bad)
    expect((await keysOf('at+jwt')).active).toEqual([kid])
  })

  test('of the next key, or of the one that was to sign, leaves the active one', async () => {
    const {
      active,
      next: [spare = ''],
    } = await keysOf('at+jwt')
    expect(await removeKey(office, spare)).toEqual({ was: 'next', successor: null })
    const { kid } = await rotateKey(office, 'at+jwt')
    await removeKey(office, kid)
    expect(await keysOf('at+jwt')).toMatchObject({ active, next: [expect.any(String)] })
  })

  test('goes through where no new key can be made, and the next start makes it', async () => {
    const {
      active: [bad = ''],
      next,
    } = await keysOf('at+jwt')
    await removeKey({ db: owner, custody: new SoftwareKeys([randomBytes(32)]) }, bad)
    expect(await keysOf('at+jwt')).toMatchObject({ active: next, next: [] })
    await makeMissingKeys(server)
    expect((await keysOf('at+jwt')).next).toHaveLength(1)
  })

  test('of what is removed, or was never there, is refused', async () => {
    const {
      active: [bad = ''],
    } = await keysOf('at+jwt')
    await removeKey(office, bad)
    for (const kid of [bad, 'x', '']) await expect(removeKey(office, kid)).rejects.toThrow('no key in use is called')
  })

  test('is for the owner: the serving role can do neither', async () => {
    const {
      active: [bad = ''],
    } = await keysOf('at+jwt')
    await expect(removeKey(server, bad)).rejects.toMatchObject({ code: '42501' })
    await expect(rotateKey(server, 'at+jwt')).rejects.toMatchObject({ code: '42501' })
  })
})

describe('an instance that follows', () => {
  async function follow(custody = server.custody) {
    const faults: unknown[] = []
    const onFault = (error: unknown): void => void faults.push(error)
    const followed = await followSigningKeys(server.db, { databaseUrl: stage.serverUrl, custody, onFault })
    ending.push(() => followed.stop())
    return { keys: followed.keys, faults }
  }

  async function until(condition: () => boolean): Promise<number> {
    const began = performance.now()
    while (!condition()) {
      if (performance.now() - began > 5_000) throw new Error('five seconds have passed')
      await setTimeout(10)
    }
    return performance.now() - began
  }

  test('hears of a removal at once', async () => {
    const { keys, faults } = await follow()
    const bad = keys.activeKid('at+jwt') ?? ''
    const token = await keys.sign('at+jwt', { jti: 'x' })
    await setTimeout(300)
    await removeKey(office, bad)
    expect(await until(() => !keys.isShown('at+jwt', bad))).toBeLessThan(1_000)
    await expect(keys.verify('at+jwt', token)).rejects.toThrow('kid is not a key of ours')
    expect(keys.keySet().keys.map(({ kid }) => kid)).not.toContain(bad)
    expect(keys.activeKid('at+jwt')).not.toBe(bad)
    expect(faults).toEqual([])
  })

  test('without the key-encryption key does not start', async () => {
    await expect(follow(new SoftwareKeys([randomBytes(32)]))).rejects.toThrow(
      'none of our key-encryption keys opens it',
    )
  })

  test('shows no key that someone else wrote into the table, tells of it once, and goes on', async () => {
    const { keys, faults } = await follow()
    const forged = await new SoftwareKeys([randomBytes(32)]).make('at+jwt')
    await stage.database.query(
      statement(
        '',
        'insert into signing_key (kid, purpose, public_jwk, sealed, signs_from) values ($1, $2, $3, $4, clock_timestamp())',
      ),
      [forged.kid, 'at+jwt', JSON.stringify(forged.publicJwk), forged.sealed],
    )
    await until(() => faults.length > 0)
    await setTimeout(2_500)
    expect(faults.map(String)).toEqual([expect.stringContaining(forged.kid)])
    expect(keys.isShown('at+jwt', forged.kid)).toBe(false)
    expect(keys.keySet().keys).toHaveLength(6)
    await removeKey(office, forged.kid)
  })

  test('finds the keys again when its connection was cut', async () => {
    const { keys, faults } = await follow()
    await setTimeout(300)
    const superuser = new pg.Client(stage.superuserUrl)
    await superuser.connect()
    await superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fullmakt-office' and datname = current_database()`,
    )
    await superuser.end()
    await until(() => faults.length > 0)
    const bad = keys.activeKid('at+jwt') ?? ''
    await removeKey(office, bad)
    await until(() => !keys.isShown('at+jwt', bad))
  })
})

describe('npm run keys', () => {
  test('lists, rotates and removes', async () => {
    const {
      active: [active = ''],
      next: [next = ''],
    } = await keysOf('at+jwt')
    const run = async (...words: string[]): Promise<string> => {
      const program = programs.run('dist/src/keys.js', settings, words)
      expect([words, await program.ended, program.said()]).toEqual([words, 0, expect.any(String)])
      return program.said()
    }
    expect((await run('list')).trim().split('\n')).toHaveLength(6)
    expect(await run('rotate', 'at+jwt')).toMatch(new RegExp(`^${next} signs from 20`))
    expect(await run('remove', active)).toBe(`${active} was active and is removed; ${next} signs now\n`)
    expect(await run('list')).toMatch(new RegExp(`^${next}\tat\\+jwt\tactive\tsigns from 20\\S+\tsoftware$`, 'm'))
  })

  test.each([
    [['rotate', 'x'], 'the purpose is one of at+jwt, statuslist+jwt, secevent+jwt\n'],
    [['remove', 'x'], 'no key in use is called x\n'],
    [['x'], expect.stringContaining('npm run keys -- rotate PURPOSE')],
  ])('%j is refused in words', async (words, said) => {
    const program = programs.run('dist/src/keys.js', settings, words)
    expect(await program.ended).toBe(1)
    expect(program.said()).toEqual(said)
  })
})
