import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { firstOrganisation } from '../../standins/country-organisations.js'
import { followRoles } from '../../src/registers/follow-roles.js'
import { ensureParty } from '../../src/store/party-store.js'
import { registerDigest } from '../../src/store/register-digest.js'
import { sql } from '../store/given.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type RegisterStage, startRegisters } from './register-stage.js'

const KNOWN = 20
const JOINT = firstOrganisation('joint_signature')
const COMPANY = firstOrganisation('company')

let stage: RegisterStage
let database: TestDatabase

const orgnr = (place: number): string => stage.country.organisationAt(place).organisasjonsnummer

beforeEach(async () => {
  stage = await startRegisters(1000)
  database = await testDatabase(4)
  for (let place = 0; place < KNOWN; place += 1)
    await ensureParty(database.database, { scheme: 'orgnr', value: orgnr(place) })
})
afterEach(async () => {
  await database.drop()
  await stage.stop()
})

const rolesIn = (place: number) =>
  sql<{ says: string }>(
    database.database,
    `select v.says from relation_version v join representation n using (representation_id)
      join party_identifier i on i.party_id = n.principal where i.value = $1 and upper_inf(v.recorded) order by 1`,
    [orgnr(place)],
  )
const digest = () => registerDigest(database.database, 'ereg')

test('the organisations that we know are read, and those that hold a role in them', async () => {
  const options = stage.followingRoles(database)
  expect(await followRoles(options)).toEqual({ outcome: 'up_to_date', events: 0, compared: true })
  expect(options.refused).toEqual({})
  expect((await rolesIn(JOINT)).map(({ says }) => says)).toEqual(
    expect.arrayContaining(['SIFE', 'SIFE', 'POFE', 'DAGL']),
  )
  const before = await digest()
  expect(await followRoles(options)).toEqual({ outcome: 'up_to_date', events: 0, compared: false })
  expect(await digest()).toEqual(before)
  const [fresh] = await sql<{ ok: boolean }>(
    database.database,
    `select fresh_at > clock_timestamp() - interval '1 minute' as ok from register_freshness where source = 'ereg'`,
  )
  expect(fresh).toEqual({ ok: true })
})

test('a role that is gone is closed, an organisation that was struck off has none', async () => {
  const options = stage.followingRoles(database)
  await followRoles(options)
  const groups = stage.country.organisationAt(COMPANY).rollegrupper.filter(({ type }) => type.kode !== 'DAGL')
  stage.organisations.setRoles(COMPANY, groups)
  stage.organisations.deregister(JOINT)
  expect(await followRoles(options)).toMatchObject({ events: 2 })
  expect((await rolesIn(COMPANY)).map(({ says }) => says)).not.toContain('DAGL')
  expect(await rolesIn(JOINT)).toEqual([])
  const [joint] = await sql(
    database.database,
    `select f.ceased from party_fact f join party_identifier i using (party_id) where i.value = $1 and upper_inf(recorded)`,
    [orgnr(JOINT)],
  )
  expect(joint).toEqual({ ceased: true })
})

test('an empty list where the last known change should stand is not believed', async () => {
  const options = stage.followingRoles(database)
  await followRoles(options)
  stage.organisations.deregister(COMPANY)
  await followRoles(options)
  const before = await digest()
  stage.organisations.deregister(JOINT)
  stage.organisations.faults.next({ kind: 'empty_list' }, 1, /oppdateringer/)
  await expect(followRoles(options)).rejects.toMatchObject({ code: 'incomplete' })
  expect(await digest()).toEqual(before)
  expect(await followRoles(options)).toMatchObject({ events: 1 })
  expect(await rolesIn(JOINT)).toEqual([])
})

test('one answer that makes no sense stops nobody else: that organisation is known for nothing until it does', async () => {
  const options = stage.followingRoles(database)
  await followRoles(options)
  const before = await digest()
  stage.organisations.setRoles(COMPANY, stage.country.organisationAt(COMPANY).rollegrupper)
  stage.organisations.faults.next({ kind: 'half_page' }, 1, new RegExp(`autorisert-api/enheter/${orgnr(COMPANY)}`))
  await followRoles(options)
  expect(options.refused).toEqual({ malformed: 1 })
  expect(await rolesIn(COMPANY)).toEqual([])
  await followRoles(options)
  expect(await digest()).toEqual(before)
})
