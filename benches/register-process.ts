import { exportJWK, generateKeyPair } from 'jose'
import { CountryChanges } from '../standins/country-changes.js'
import { country } from '../standins/country.js'
import { FOLKEREGISTERET_SCOPE, dump, startFolkeregisteret } from '../standins/folkeregisteret.js'
import { startMaskinporten } from '../standins/maskinporten.js'
import { given, ready } from './forked.js'

/** What this process is asked to be: a population register with so many people, in which so much has happened. */
export interface RegisterToBe {
  readonly persons: number
  readonly touched: number
  readonly changed: number
  /** Where everyone's document is written before anything happens. */
  readonly file: string
}

export interface RegisterThatIs {
  readonly url: string
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly clientKey: Readonly<Record<string, unknown>>
  /** The newest event when the file was written. */
  readonly sequence: number
}

const CLIENT = 'bench'

const HOUSEHOLD = 10
const TASKS = [{ vergeTjenestevirksomhet: 'nav', vergeTjenesteoppgave: 'pensjon' }]

const { persons, touched, changed, file } = given() as RegisterToBe
const keys = await generateKeyPair('RS256', { extractable: true })
const publicKey = { ...(await exportJWK(keys.publicKey)), kid: CLIENT }
const client = { client_id: CLIENT, jwks: { keys: [publicKey] }, scopes: [FOLKEREGISTERET_SCOPE], orgnr: '889640782' }
const maskinporten = await startMaskinporten({ port: 0, clients: [client] })
const people = new CountryChanges(country({ seed: 1, persons }), { firstSequence: 1 })
await dump(people, file)
const sequence = people.events.latest()
change()
people.touch(0, touched)
const register = await startFolkeregisteret({ port: 0, people, maskinporten })
const told: RegisterThatIs = {
  url: register.url,
  issuer: maskinporten.issuer,
  tokenEndpoint: maskinporten.tokenEndpoint,
  clientKey: { ...(await exportJWK(keys.privateKey)), kid: CLIENT },
  sequence,
}
ready(told, async () => {
  await register.stop()
  await maskinporten.stop()
})

/** Deaths, new numbers, guardians, responsibilities and protected addresses, in equal parts, in households without traps. */
function change(): void {
  const calm = Math.floor(persons / HOUSEHOLD / 2)
  for (let turn = 0; turn < changed; turn += 1) {
    const first = (calm + (turn % calm)) * HOUSEHOLD
    if (turn % 5 === 0) people.die(first + 9, '2026-11-02')
    if (turn % 5 === 1) people.changeNumber(first + 4)
    if (turn % 5 === 2) people.setGuardian(first + 4, { guardian: first + 7, tasks: TASKS })
    if (turn % 5 === 3) people.setResponsibility(first, [{ kind: 'mor', holder: first + 2 }])
    if (turn % 5 === 4) people.protect(first + 8, 'fortrolig')
  }
}
