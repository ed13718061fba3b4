import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { country } from '../../standins/country.js'
import { firstOrganisation, type OrganisationCase } from '../../standins/country-organisations.js'
import { organisationNumber } from '../../standins/country-organisation-numbers.js'
import type { Rollegruppe } from '../../standins/country-roles.js'
import {
  ENHETSREGISTERET_SCOPE,
  startEnhetsregisteret,
  type RunningEnhetsregisteret,
} from '../../standins/enhetsregisteret.js'
import { startRegisterStage, type RegisterStage } from './register-stage.js'

const land = country({ seed: 8, persons: 1_000 })
let stage: RegisterStage
let register: RunningEnhetsregisteret
beforeAll(async () => {
  stage = await startRegisterStage([ENHETSREGISTERET_SCOPE, 'other:scope'])
  register = await startEnhetsregisteret({ port: 0, country: land, maskinporten: stage.maskinporten })
})
afterAll(() => Promise.all([register.stop(), stage.maskinporten.stop()]))

const numberOf = (what: OrganisationCase) => organisationNumber(firstOrganisation(what))

async function roles(what: OrganisationCase): Promise<readonly Rollegruppe[]> {
  const answer = await stage.ask(
    `${register.url}autorisert-api/enheter/${numberOf(what)}/roller`,
    ENHETSREGISTERET_SCOPE,
  )
  return ((await answer.json()) as { rollegrupper: readonly Rollegruppe[] }).rollegrupper
}

const codes = (groups: readonly Rollegruppe[]) => groups.flatMap(({ roller }) => roller.map(({ type }) => type.kode))

describe('roles', () => {
  test('come with national numbers for whoever may have them', async () => {
    const holders = (await roles('company')).flatMap(({ roller }) => roller).filter(({ person }) => person)
    expect(holders.map(({ person }) => typeof land.indexOf(person?.fodselsnummer ?? ''))).toEqual(
      holders.map(() => 'number'),
    )
  })

  test('come without them for anyone', async () => {
    const answer = await fetch(`${register.url}api/enheter/${numberOf('company')}/roller`)
    const text = await answer.text()
    expect(text).toContain('"DAGL"')
    expect(text).not.toMatch(/fodselsnummer|\d{11}/)
  })

  test('need a token with the scope', async () => {
    const url = `${register.url}autorisert-api/enheter/${numberOf('company')}/roller`
    expect((await fetch(url)).status).toBe(401)
    expect((await stage.ask(url, 'other:scope')).status).toBe(403)
  })

  test.each<[OrganisationCase, readonly string[]]>([
    ['sole', ['INNH']],
    ['partnership', ['DTSO', 'DTPR']],
    ['bankrupt', ['BOBE', 'KDEB']],
    ['unknown_role', ['DAGL', 'KOMI']],
    ['no_roles', []],
  ])('of %s are %j', async (what, expected) => expect(codes(await roles(what))).toEqual(expected))

  test('have their traps: joint signature, resigned, dead, unidentified', async () => {
    expect(codes(await roles('joint_signature'))).toEqual(expect.arrayContaining(['SIFE', 'POFE']))
    expect((await roles('resigned_manager'))[0]?.roller.map(({ fratraadt }) => fratraadt)).toEqual([true, false])
    expect((await roles('dead_chair'))[1]?.roller[0]?.person?.erDoed).toBe(true)
    expect((await roles('unidentified_person'))[0]?.roller[0]?.person).not.toHaveProperty('fodselsnummer')
  })

  test('exist for units of the register only', async () => {
    expect((await fetch(`${register.url}api/enheter/${numberOf('deregistered')}/roller`)).status).toBe(410)
    expect((await fetch(`${register.url}api/enheter/${organisationNumber(999)}/roller`)).status).toBe(404)
    expect((await fetch(`${register.url}api/elsewhere`)).status).toBe(404)
  })
})

test('a unit shows its name, and the day it was taken out', async () => {
  const unit = async (what: OrganisationCase) => (await fetch(`${register.url}api/enheter/${numberOf(what)}`)).json()
  expect(await unit('company')).toEqual({
    organisasjonsnummer: numberOf('company'),
    navn: expect.any(String),
    organisasjonsform: { kode: 'AS' },
    konkurs: false,
  })
  expect(await unit('deregistered')).toMatchObject({ slettedato: '2026-07-24' })
})

test('changes are told of in order, from an id or a time on', async () => {
  const updates = async (query: string) => {
    const answer = await fetch(`${register.url}api/oppdateringer/roller${query}`)
    const events = (await answer.json()) as { id: string; data: { organisasjonsnummer: string } }[]
    return events.map(({ id, data }) => [id, data.organisasjonsnummer])
  }
  expect(await updates('?afterId=0')).toEqual([])
  const start = new Date(Date.now() - 1).toISOString()
  register.setRoles(60, [])
  register.deregister(61)
  const both = [
    ['1', organisationNumber(60)],
    ['2', organisationNumber(61)],
  ]
  expect(await updates('')).toEqual(both)
  expect(await updates(`?afterTime=${start}`)).toEqual(both)
  expect(await updates('?afterId=1')).toEqual(both.slice(1))
  expect(await updates('?id=2')).toEqual(both.slice(1))
  expect(await updates('?size=1')).toEqual(both.slice(0, 1))
  expect((await fetch(`${register.url}api/oppdateringer/roller?afterId=x`)).status).toBe(400)
  expect((await fetch(`${register.url}api/enheter/${organisationNumber(61)}/roller`)).status).toBe(410)
})
