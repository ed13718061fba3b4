import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import pg from 'pg'
import { fixedKeys } from '../../dev/fixed-keys.js'
import { statement } from '../../src/store/database.js'
import { plantDecoys } from '../../src/store/status-entry-store.js'
import { findSignedList, publishStatusList, readStatuses } from '../../src/store/status-list-store.js'
import { newDecoys } from '../../src/tokens/decoys.js'
import { keepSigning } from '../../src/tokens/status-signing.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { newKey } from './spellings.js'

const ISSUER = 'https://fullmakt.example.no'

let database: TestDatabase
const ending: (() => unknown)[] = []

beforeAll(async () => {
  database = await testDatabase(4)
})
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end()
})
afterAll(() => database.drop())

const faults: unknown[] = []

/** An instance in this process that signs with a key of this name. */
async function instance(kid: string): Promise<void> {
  const keys = await fixedKeys(await newKey(kid))
  const options = { databaseUrl: database.serverUrl, keys, issuer: ISSUER }
  ending.push(await keepSigning({ ...options, onFault: (error) => faults.push(error) }))
}

/** An instance in a process of its own, which may hang for three seconds. */
async function otherProcess(kid: string): Promise<ChildProcess> {
  const given = JSON.stringify({
    databaseUrl: database.serverUrl,
    issuer: ISSUER,
    jwk: await newKey(kid),
    silence: 3_000,
  })
  const child = fork(path.join('test', 'tokens', 'signing-process.mjs'), [given], { execArgv: [] })
  ending.push(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

async function newest(): Promise<{ kid: string | undefined; signedAt: Date; token: string }> {
  const list = await findSignedList(database.database, 1, null)
  if (list === null) throw new Error('no list was signed')
  return { kid: decodeProtectedHeader(list.token).kid, signedAt: list.signedAt, token: list.token }
}

async function signedBy(kid: string, milliseconds: number): Promise<number> {
  const began = Date.now()
  while ((await newest()).kid !== kid) {
    if (Date.now() - began > milliseconds) throw new Error(`${kid} has not signed`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return Date.now() - began
}

async function signings(milliseconds: number): Promise<number> {
  const seen = new Set<number>()
  const until = Date.now() + milliseconds
  while (Date.now() < until) {
    seen.add((await newest()).signedAt.getTime())
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  return seen.size
}

const WAKE = statement('test_wake', `select pg_notify('grounds_changed', '')`)

test('a list is there when the first instance has started, and a second one does not sign', async () => {
  await instance('first')
  const first = await newest()
  expect(first.kid).toBe('first')
  expect(decodeJwt(first.token)).toMatchObject({ iss: ISSUER, sub: `${ISSUER}/statuslists/1` })
  await instance('second')
  await database.database.query(WAKE, [])
  expect(await signings(1_500)).toBe(2)
  expect((await newest()).kid).toBe('first')
})

test('many changes are gathered: no more than one signing a second', async () => {
  await instance('only')
  const waking = setInterval(() => void database.database.query(WAKE, []), 20)
  const count = await signings(3_000)
  clearInterval(waking)
  expect(count).toBeGreaterThanOrEqual(3)
  expect(count).toBeLessThanOrEqual(5)
})

test('when the process that signs is killed, another signs on', async () => {
  const child = await otherProcess('killed')
  expect((await newest()).kid).toBe('killed')
  await instance('heir')
  expect((await newest()).kid).toBe('killed')
  child.kill('SIGKILL')
  expect(await signedBy('heir', 5_000)).toBeLessThan(5_000)
})

test('when the process that signs only hangs, its office is taken from it, and it writes no more', async () => {
  const child = await otherProcess('hanging')
  await instance('heir')
  child.kill('SIGSTOP')
  await signedBy('heir', 25_000)
  child.kill('SIGCONT')
  await database.database.query(WAKE, [])
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await newest()).kid).toBe('heir')
}, 60_000)

test('an instance whose connection is cut tells of it, and stands for the office again', async () => {
  await instance('cut')
  const superuser = new pg.Client(database.superuserUrl)
  await superuser.connect()
  faults.length = 0
  const before = (await newest()).signedAt
  await superuser.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fullmakt-office' and datname = current_database()`,
  )
  await superuser.end()
  const until = Date.now() + 5_000
  while ((await newest()).signedAt <= before && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await newest()).signedAt.getTime()).toBeGreaterThan(before.getTime())
  expect(faults).toHaveLength(1)
})

test('a list never gives way to an older one', async () => {
  const db = database.database
  const newer = { listId: 1, token: 'newer', signedAt: new Date(Date.now() + 60_000) }
  await publishStatusList(db, newer)
  await publishStatusList(db, { ...newer, token: 'older', signedAt: new Date(Date.now() + 59_000) })
  expect(await findSignedList(db, 1, null)).toEqual(newer)
  const known = await findSignedList(db, 1, newer)
  expect(known).toBe(newer)
})

test('the number of decoys wanders about its usual one, and is never left as it was', () => {
  const counts: number[] = []
  let present = newDecoys(0).length
  for (let round = 0; round < 200; round++) {
    const born = newDecoys(present).length
    expect(born).toBeGreaterThan(0)
    // One in thirty-six goes between two signings by the clock.
    present += born - Math.round(present / 36)
    counts.push(present)
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  expect(mean).toBeGreaterThan(3_000)
  expect(mean).toBeLessThan(5_000)
  expect(new Set(counts.slice(-50)).size).toBeGreaterThan(20)
})

test('a decoy takes no index that is taken, and is told of as it was planted', async () => {
  const db = database.database
  const decoys = [
    { index: 7, status: 1, seconds: 600 },
    { index: 9, status: 2, seconds: 600 },
  ] as const
  await db.query(statement('test_clear', 'delete from status_entry'), [])
  expect((await plantDecoys(db, 1, decoys)).sort()).toEqual([7, 9])
  expect(await plantDecoys(db, 1, decoys)).toEqual([])
  const { lists } = await readStatuses(db)
  expect(lists[0]).toMatchObject({ listId: 1, decoys: 2 })
  expect(lists[0]?.set).toEqual(
    expect.arrayContaining([
      { index: 7, status: 1 },
      { index: 9, status: 2 },
    ]),
  )
})
