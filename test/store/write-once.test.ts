import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PartyId } from '../../src/domain/party.js'
import { writeOnce } from '../../src/store/write-once.js'
import type { Transaction } from '../../src/store/database.js'
import { type WriteAnswer, forgetIdempotencyKeys } from '../../src/store/idempotency-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { furnish, newPerson, sql } from './given.js'

let stage: TestDatabase
let kari: PartyId
let ola: PartyId

beforeAll(async () => {
  stage = await testDatabase(20)
  await furnish(stage.database)
  kari = await newPerson(stage.database, 'Kari')
  ola = await newPerson(stage.database, 'Ola')
})
afterAll(() => stage.drop())

let keys = 0
const newKey = (): string => `key-${++keys}`

/** Work that leaves a trace in the database and answers with something that nothing else would answer. */
function working(key: string, content: unknown = { give: 'all' }, owner = kari) {
  let times = 0
  const work = async (tx: Transaction): Promise<WriteAnswer> => {
    times++
    const [row] = await sql<{ id: string }>(tx, 'select gen_random_uuid()::text as id, pg_sleep(0.02)')
    return { status: 201, etag: '"1"', body: { z: row?.id ?? '', a: [1, 1.5, null, 'æ'], bb: { y: 1, x: 2 } } }
  }
  return { run: () => writeOnce(stage.database, { owner, key, content }, work), times: () => times }
}

describe('a write with a key', () => {
  test('is done once by fifty who come at once, and all get one answer', async () => {
    const { run, times } = working(newKey())
    const answers = await Promise.all(Array.from({ length: 50 }, run))
    expect(times()).toBe(1)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('gets the same answer later, to the byte', async () => {
    const { run, times } = working(newKey())
    const first = await run()
    expect(JSON.stringify(await run())).toBe(JSON.stringify(first))
    expect(times()).toBe(1)
  })

  test('that asks for something else under the same key is refused', async () => {
    const key = newKey()
    await working(key, { give: 'all' }).run()
    const other = working(key, { give: 'nothing' })
    await expect(other.run()).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(other.times()).toBe(0)
  })

  test('of two different ones at once under one key one is done and the other refused', async () => {
    const key = newKey()
    const works = [working(key, { give: 1 }), working(key, { give: 2 })]
    const outcomes = await Promise.allSettled(works.map(({ run }) => run()))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(works.reduce((sum, { times }) => sum + times(), 0)).toBe(1)
  })

  test('is the same whatever order its members are written in', async () => {
    const key = newKey()
    const first = await working(key, { a: 1, b: { c: 2, d: 3 } }).run()
    expect(await working(key, { b: { d: 3, c: 2 }, a: 1 }).run()).toEqual(first)
  })

  test('is not another person’s with the same key', async () => {
    const key = newKey()
    const [karis, olas] = [working(key, {}, kari), working(key, {}, ola)]
    expect((await karis.run()).body).not.toEqual((await olas.run()).body)
    expect([karis.times(), olas.times()]).toEqual([1, 1])
  })

  test('that fails leaves no trace and may be tried again', async () => {
    const key = newKey()
    const failing = writeOnce(stage.database, { owner: kari, key, content: { give: 'all' } }, () =>
      Promise.reject(new Error('not now')),
    )
    await expect(failing).rejects.toThrow('not now')
    const { run, times } = working(key)
    await run()
    expect(times()).toBe(1)
  })

  test('that fails lets one of those who waited do it', async () => {
    const key = newKey()
    const { run, times } = working(key)
    let begun: () => void = () => undefined
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    const failing = writeOnce(stage.database, { owner: kari, key, content: { give: 'all' } }, async (tx) => {
      begun()
      await sql(tx, 'select pg_sleep(0.1)')
      throw new Error('not now')
    })
    await hasBegun
    const [failed, ...others] = await Promise.allSettled([failing, ...Array.from({ length: 10 }, run)])
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'not now' } })
    expect(others.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(times()).toBe(1)
  })

  test('without an ETag is remembered without one', async () => {
    const request = { owner: kari, key: newKey(), content: {} }
    const answer: WriteAnswer = { status: 204, etag: null, body: null }
    const work = (): Promise<WriteAnswer> => Promise.resolve(answer)
    expect(await writeOnce(stage.database, request, work)).toEqual(answer)
    expect(await writeOnce(stage.database, request, work)).toEqual(answer)
  })

  test('is forgotten after seven days, and no sooner', async () => {
    const [old, recent] = [working(newKey()), working(newKey())]
    await old.run()
    await recent.run()
    const age = `update idempotency set created_at = clock_timestamp() - $1::interval where key = $2`
    await sql(stage.database, age, ['7 days 1 minute', `key-${keys - 1}`])
    await sql(stage.database, age, ['6 days 23 hours', `key-${keys}`])
    await forgetIdempotencyKeys(stage.database)
    await old.run()
    await recent.run()
    expect([old.times(), recent.times()]).toEqual([2, 1])
  })
})
