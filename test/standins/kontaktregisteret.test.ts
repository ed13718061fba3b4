import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { country } from '../../standins/country.js'
import { CountryChanges } from '../../standins/country-changes.js'
import type { Contact } from '../../standins/country-contacts.js'
import {
  KONTAKTREGISTERET_SCOPE,
  startKontaktregisteret,
  type RunningKontaktregisteret,
} from '../../standins/kontaktregisteret.js'
import { startRegisterStage, type RegisterStage } from './register-stage.js'

const people = new CountryChanges(country({ seed: 8, persons: 5_000 }))
let stage: RegisterStage
let register: RunningKontaktregisteret
let token: string
beforeAll(async () => {
  stage = await startRegisterStage([KONTAKTREGISTERET_SCOPE])
  token = await stage.token(KONTAKTREGISTERET_SCOPE)
  register = await startKontaktregisteret({ port: 0, people, maskinporten: stage.maskinporten })
})
afterAll(() => Promise.all([register.stop(), stage.maskinporten.stop()]))

function ask(body: unknown, authorization = `Bearer ${token}`): Promise<Response> {
  const headers = { authorization, 'content-type': 'application/json' }
  return fetch(`${register.url}personer`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function contacts(personidentifikatorer: readonly string[]): Promise<readonly Contact[]> {
  return ((await (await ask({ personidentifikatorer })).json()) as { personer: readonly Contact[] }).personer
}

test('a thousand people are answered in the order they were asked for, in every state', async () => {
  const numbers = Array.from({ length: 1_000 }, (_, i) => people.numberOf(i * 5))
  const found = await contacts(numbers)
  expect(found.map(({ personidentifikator }) => personidentifikator)).toEqual(numbers)
  expect(new Set(found.map(({ status }) => status))).toEqual(new Set(['AKTIV', 'SLETTET', 'IKKE_REGISTRERT']))
  expect(new Set(found.map(({ reservasjon }) => reservasjon))).toEqual(new Set(['JA', 'NEI', undefined]))
  expect(new Set(found.map(({ spraak }) => spraak))).toEqual(new Set(['nb', 'nn', 'en', 'se', undefined]))
  const dates = found.flatMap(({ kontaktinformasjon }) => kontaktinformasjon?.epostadresse_sist_verifisert ?? [])
  expect(dates.filter((date) => date < '2025-05-01').length / dates.length).toBeCloseTo(0.13, 1)
  const differing = found.filter(
    ({ kontaktinformasjon: info }) => info?.epostadresse_oppdatert !== info?.mobiltelefonnummer_oppdatert,
  )
  expect(differing.length).toBeGreaterThan(50)
})

test('nobody is not registered, and a changed number leads to the same contact', async () => {
  const index =
    Array.from({ length: 100 }, (_, i) => i).find((i) => people.country.contactAt(i).status === 'AKTIV') ?? -1
  const [before] = await contacts([people.numberOf(index)])
  const number = people.changeNumber(index)
  expect(await contacts(['00000000000', number])).toEqual([
    { personidentifikator: '00000000000', status: 'IKKE_REGISTRERT' },
    { ...before, personidentifikator: number },
  ])
})

test('a test can say what the register knows', async () => {
  register.set(3, { status: 'AKTIV', reservasjon: 'JA', spraak: 'se' })
  const number = people.numberOf(3)
  expect(await contacts([number])).toEqual([
    { personidentifikator: number, status: 'AKTIV', reservasjon: 'JA', spraak: 'se' },
  ])
})

test('bad questions get no answer', async () => {
  expect((await ask({ personidentifikatorer: [] })).status).toBe(400)
  expect((await ask({ personidentifikatorer: Array.from({ length: 1_001 }, () => '1') })).status).toBe(400)
  expect((await ask({})).status).toBe(400)
  expect((await ask({ personidentifikatorer: ['1'] }, '')).status).toBe(401)
  expect((await fetch(`${register.url}elsewhere`)).status).toBe(404)
})
