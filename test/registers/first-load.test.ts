import { appendFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { describeSchema } from '../../dev/describe-schema.js'
import { followPersons } from '../../src/registers/follow-persons.js'
import { registerDigest } from '../../src/store/register-digest.js'
import { sql } from '../store/given.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { DOCUMENTS, type RegisterStage, loadFile, startRegisters } from './register-stage.js'

const PERSONS = 1000
/** The country has one document with a status that nobody has heard of. */
const READABLE = PERSONS - 1

let stage: RegisterStage
let database: TestDatabase

beforeAll(async () => {
  stage = await startRegisters(PERSONS)
})
afterAll(() => stage.stop())
beforeEach(async () => {
  database = await testDatabase(4)
})
afterEach(() => database.drop())

const schema = async (): Promise<string> => {
  const client = new pg.Client(database.superuserUrl)
  await client.connect()
  try {
    return await describeSchema(client)
  } finally {
    await client.end()
  }
}

const NOTHING = { partiesMade: 0, factsRecorded: 0, factsClosed: 0, relationsRecorded: 0, relationsClosed: 0 }

test('a country is taken in whole, once more it changes nothing, and the schema stays as it was', async () => {
  const before = await schema()
  const first = await stage.load(database)
  expect(first).toMatchObject({ documents: PERSONS, factsRecorded: READABLE, factsClosed: 0, relationsClosed: 0 })
  expect(first).toMatchObject({ refused: { malformed: 1 }, unreadable: {} })
  expect(first.relationsRecorded).toBeGreaterThan(300)
  expect(await schema()).toBe(before)
  const digest = await registerDigest(database.database, 'freg')
  expect(digest.lines).toBe(first.factsRecorded + first.relationsRecorded)
  expect(await stage.load(database)).toMatchObject(NOTHING)
  expect(await registerDigest(database.database, 'freg')).toEqual(digest)
  expect(await schema()).toBe(before)
})

test('what was loaded is fresh only once the feed has been read to its end', async () => {
  await stage.load(database)
  const fresh = () => sql<{ at: Date }>(database.database, `select fresh_at as at from register_freshness`)
  expect(await fresh()).toEqual([{ at: new Date(0) }])
  const began = Date.now()
  const followed = await followPersons(stage.following(database))
  expect(followed).toEqual({ outcome: 'up_to_date', events: 0, compared: false })
  const [{ at } = { at: new Date(0) }] = await fresh()
  expect(at.getTime()).toBeGreaterThanOrEqual(began - 1)
  expect(at.getTime()).toBeLessThanOrEqual(Date.now())
})

test('lines that tell of no one are counted, and the rest is taken in', async () => {
  const file = await stage.file()
  appendFileSync(file, '{"identifikasjonsnummer":\nnull\n[]\n{}\n')
  expect(await loadFile(database, { ...DOCUMENTS, file })).toMatchObject({
    factsRecorded: READABLE,
    refused: { malformed: 1 },
    unreadable: { not_json: 1, malformed: 3 },
  })
})

test('of one person who stands there twice the later document counts; two who share a number are both refused', async () => {
  const file = await stage.file()
  const [one, two] = [stage.people.documentAt(40), stage.people.documentAt(41)]
  const renamed = { ...one, navn: [{ erGjeldende: true, fornavn: 'Nytt', etternavn: 'Navn' }] }
  appendFileSync(file, `${JSON.stringify(renamed)}\n`)
  expect(await loadFile(database, { ...DOCUMENTS, file })).toMatchObject({ factsRecorded: READABLE })
  const named = await sql(
    database.database,
    `select name from party_fact where family_name = 'Navn' and name like 'Nytt%'`,
  )
  expect(named).toEqual([{ name: 'Nytt Navn' }])

  const former = { ...one.identifikasjonsnummer[0], erGjeldende: false, status: 'opphoert' }
  const thief = { ...two, identifikasjonsnummer: [former, ...two.identifikasjonsnummer] }
  writeFileSync(file, [one, thief].map((document) => `${JSON.stringify(document)}\n`).join(''))
  expect(await loadFile(database, { ...DOCUMENTS, file })).toMatchObject({ refused: { number_of_two_documents: 2 } })
  expect(await sql(database.database, `select code from register_refusal order by code`)).toEqual([
    { code: 'malformed' },
    { code: 'number_of_two_documents' },
    { code: 'number_of_two_documents' },
  ])
  const left = await sql(database.database, `select count(*)::int as n from party_fact where upper_inf(recorded)`)
  expect(left).toEqual([{ n: READABLE - 2 }])
})

test('what is open begins after what was closed, and is one row: the database sees to it', async () => {
  await stage.load(database)
  const insert = (from: string): Promise<unknown> =>
    sql(
      database.database,
      `with one as (select * from party_fact where upper_inf(recorded) limit 1), closed as (
         update party_fact f set recorded = tstzrange(lower(f.recorded), lower(f.recorded) + interval '1 hour')
           from one where f.party_id = one.party_id and upper_inf(f.recorded) returning f.*
       )
       insert into party_fact (party_id, source, name, protected_address, recorded)
       select party_id, source, name, protected_address, tstzrange(${from}, null) from closed`,
    )
  await expect(insert(`upper(recorded) - interval '1 second'`)).rejects.toMatchObject({ code: '23P01' })
  await insert('upper(recorded)')
  const twice = `insert into party_fact (party_id, source, name, protected_address, recorded)
    select party_id, source, name, protected_address, tstzrange(now() + interval '1 day', null) from party_fact limit 1`
  await expect(sql(database.database, twice)).rejects.toMatchObject({ code: '23505' })
})
