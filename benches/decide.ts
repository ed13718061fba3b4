import { createMongoAbility } from '@casl/ability'
import { type Catalogue, type CatalogueVersion } from '../src/domain/catalogue.js'
import { type Decision, type Facts, type Question, decide } from '../src/domain/decide.js'
import type { GrantedPower, MandateGround, Power, RepresentationId } from '../src/domain/mandate.js'
import { PRIVATE, type Party, type PartyId } from '../src/domain/party.js'
import { readCatalogueFiles } from '../src/registers/catalogue-files.js'
import { alternate, callsPerSecond, median, medianRatio } from './sampling.js'
import { type Bench, ratio, whole } from './section.js'

const ROUNDS = 5
const SECONDS = 0.4

const NOW = new Date('2026-03-02T11:00:00Z')
const PRINCIPAL = 'principal' as PartyId
const ACTOR = 'actor' as PartyId

interface Case {
  readonly what: string
  readonly powers: number
  readonly expected: string
  readonly question: Question
  readonly facts: Facts
}

/** `decide()` by itself, beside CASL when it builds the same rules and is asked once. */
export const decideBench: Bench = {
  name: 'decide',
  title: '`decide()` alone',
  async run() {
    const version = await readCatalogueFiles('catalogue')
    const catalogue: Catalogue = { current: version, version: () => version }
    const rows: string[][] = []
    for (const one of [1, 10, 150].flatMap((powers) => casesOf(version, powers))) {
      const told = toldOf(decide(one.question, one.facts, catalogue))
      if (told !== one.expected) throw new Error(`${one.what}: expected ${one.expected}, got ${told}`)
      const figures = await alternate(ROUNDS, {
        decide: () => callsPerSecond(SECONDS, () => decide(one.question, one.facts, catalogue)),
        casl: () => callsPerSecond(SECONDS, () => bareCasl(one, version)),
      })
      const { decide: ours, casl } = figures
      rows.push([one.what, `${one.powers}`, whole(median(ours)), whole(median(casl)), ratio(medianRatio(ours, casl))])
    }
    return [
      `One thread, the published catalogue, medians of ${ROUNDS} runs of ${SECONDS} s, in turn. CASL builds one rule for ` +
        'each power and for each thing that the law keeps personal, and is asked once. `decide()` gives CASL only what fits ' +
        'the question, so a yes costs no more with many powers; a no looks at each of them, to tell when the first of them ' +
        'will change.',
      { columns: ['answer', 'powers', '`decide()`/s', 'bare CASL/s', 'ratio'], rows },
    ]
  },
}

function toldOf(decision: Decision): string {
  return decision.allowed ? 'allowed' : decision.reason
}

function casesOf(version: CatalogueVersion, count: number): Case[] {
  const powers = powersOf(version, count)
  const { service, action, provider, object } = powers.at(-1) ?? none()
  const power: Power = { service, action, provider, object }
  const ended = powers.map((one): GrantedPower => ({ ...one, state: 'ended' }))
  const asked = { powers: count, question: questionOf(power) }
  return [
    { ...asked, what: 'allowed', expected: 'allowed', facts: factsOf(powers) },
    {
      ...asked,
      what: 'refused, another object',
      expected: 'object_not_covered',
      question: questionOf({ ...power, object: 'another' }),
      facts: factsOf(powers),
    },
    { ...asked, what: 'refused, ended', expected: 'ended', facts: factsOf(ended) },
    {
      ...asked,
      what: 'refused, no ground',
      expected: 'no_registered_ground',
      facts: { ...factsOf(powers), grounds: [] },
    },
  ]
}

/** Every power that the asserted risk classes let be given, each for one object, then each for the next. */
function powersOf(version: CatalogueVersion, count: number): GrantedPower[] {
  const asserted = version.riskClasses.filter(({ proof }) => proof === 'asserted').map(({ id }) => id)
  const grantable = version.services
    .filter(({ riskClass }) => asserted.includes(riskClass))
    .flatMap(({ id, mandate }) => (mandate?.actions ?? []).map((action) => ({ service: id, action })))
  return Array.from({ length: count }, (_, i) => ({
    ...(grantable[i % grantable.length] ?? none()),
    powerId: `power-${i}`,
    provider: null,
    object: `object-${Math.floor(i / grantable.length)}`,
    catalogueVersion: version.version,
    state: 'active',
    passingOn: false,
    validFrom: new Date('2026-01-01T00:00:00Z'),
    validUntil: new Date('2026-07-01T00:00:00Z'),
  }))
}

function none(): never {
  throw new Error('no power can be given')
}

function questionOf(power: Power): Question {
  return {
    actor: ACTOR,
    principal: PRINCIPAL,
    principalNamedBy: 'number',
    context: PRIVATE,
    power,
    login: { level: 'high', authenticatedAt: NOW, proof: 'asserted' },
    instant: NOW,
    entitledTo: [power.service],
  }
}

function factsOf(powers: readonly GrantedPower[]): Facts {
  const principal: Party = {
    partyId: PRINCIPAL,
    kind: 'person',
    bornOn: '1950-05-17',
    diedOn: null,
    ceased: false,
    protectedAddress: false,
    capacityLost: [],
    residences: [],
    factsFreshAt: NOW,
  }
  const ground: MandateGround = {
    basis: 'mandate',
    representationId: 'mandate' as RepresentationId,
    principal: PRINCIPAL,
    representative: ACTOR,
    answerBy: null,
    powers,
    parent: null,
  }
  const actor = { ...principal, partyId: ACTOR, bornOn: '1985-11-21' }
  return { actor, principal, grounds: [ground], holders: [], rulings: [], approvedBy: [] }
}

function bareCasl({ facts, question }: Case, version: CatalogueVersion): unknown {
  const given = facts.grounds.flatMap((ground) => {
    const powers = ground.basis === 'mandate' ? ground.powers : []
    return powers.map(({ action, service }) => ({ action, subject: service, reason: ground.representationId }))
  })
  const personal = version.personalByLaw
    .filter(({ bases }) => bases.includes('mandate'))
    .map(({ id, services, actions }) => ({ inverted: true, action: [...actions], subject: [...services], reason: id }))
  return createMongoAbility([...given, ...personal]).relevantRuleFor(question.power.action, question.power.service)
}
