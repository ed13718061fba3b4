import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { CatalogueVersion } from '../../src/domain/catalogue.js'
import { type Decision, type Facts, type Question, decide } from '../../src/domain/decide.js'
import type { Ground, Holder, Ruling } from '../../src/domain/ground.js'
import type { GrantedPower, ParentMandate } from '../../src/domain/mandate.js'
import type { Party, PartyId } from '../../src/domain/party.js'
import { REASONS } from '../../src/domain/reasons.js'
import { lawCatalogue, readPlainCatalogue } from './law-catalogue.js'

const FOLDER = 'conformance'
const FRESH_AT = '2026-03-02T10:00:00.000Z'
const NEW_YEAR = '2025-12-31T23:00:00.000Z'

type Plain = Readonly<Record<string, unknown>>
interface PlainSituation {
  readonly id: string
  readonly catalogue: string
  readonly earlierCatalogues?: readonly string[]
  readonly title: string
  readonly question: Plain & { readonly at: string; readonly self?: boolean }
  readonly facts: {
    readonly actor: Plain | null
    readonly principal: Plain | null
    readonly grounds?: readonly Plain[]
    readonly holders?: readonly Plain[]
    readonly rulings?: readonly Plain[]
    readonly approvedBy?: readonly string[]
  }
  readonly answer: Plain & { readonly reason?: string }
}

const files = readdirSync(FOLDER).filter(
  (name) => name.endsWith('.json') && !/^(catalogue|situation\.schema)/.test(name),
)
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'))
const situations = files.flatMap((name) => read(name) as PlainSituation[])

const TIMES = ['validFrom', 'validUntil', 'factsFreshAt', 'answerBy', 'freshAt']

const readCatalogue = (name: string): CatalogueVersion => readPlainCatalogue(path.join(FOLDER, name))

/** The same with times as dates, whatever else it holds. */
function withTimes(plain: Plain): Plain {
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [
      name,
      TIMES.includes(name) && typeof value === 'string' ? new Date(value) : value,
    ]),
  )
}

/** With what a file leaves out, as `conformance/README.md` says. */
function partyOf(plain: Plain | null, partyId: string): Party | null {
  if (plain === null) return null
  const nothing = {
    bornOn: null,
    diedOn: null,
    ceased: false,
    protectedAddress: false,
    capacityLost: [],
    residences: [],
  }
  const left = { partyId, kind: 'person', ...nothing, factsFreshAt: FRESH_AT }
  return withTimes({ ...left, ...plain }) as unknown as Party
}

const period = { validFrom: null, validUntil: null }

function groundOf({ id, powers, ...plain }: Plain): Ground {
  const pair = { representationId: id, principal: 'principal', representative: 'actor' }
  if (plain.basis !== 'mandate') {
    return withTimes({ ...pair, ...period, factsFreshAt: FRESH_AT, ...plain }) as unknown as Ground
  }
  const { parent = null, ...mandate } = plain
  const above = parent === null ? null : parentOf(parent as Plain)
  return { ...withTimes({ ...pair, answerBy: null, ...mandate }), powers: powersOf(powers), parent: above } as Ground
}

function parentOf({ id, middle, powers, ...plain }: Plain): ParentMandate {
  const parent = { representationId: id, middle: partyOf(middle as Plain, 'middle'), answerBy: null, ...plain }
  return { ...withTimes(parent), powers: powersOf(powers) } as ParentMandate
}

function powersOf(powers: unknown): readonly GrantedPower[] {
  return (powers as Plain[]).map(
    (power, index) =>
      withTimes({
        ...{ powerId: String(index), provider: null, object: null, catalogueVersion: 1, passingOn: false },
        ...power,
      }) as unknown as GrantedPower,
  )
}

function holderOf({ id, ...plain }: Plain): Holder {
  return withTimes({ representationId: id, ...period, diedOn: null, residences: [], ...plain }) as unknown as Holder
}

function rulingOf(plain: Plain, index: number): Ruling {
  const left = {
    representative: null,
    service: null,
    action: null,
    object: null,
    validFrom: NEW_YEAR,
    validUntil: null,
  }
  return withTimes({ rulingId: String(index), principal: 'principal', ...left, ...plain }) as unknown as Ruling
}

function answer({ question, facts, ...situation }: PlainSituation): Decision {
  const { catalogue, earlierCatalogues = [] } = situation
  const [current, ...earlier] = [catalogue, ...earlierCatalogues].map(readCatalogue) as [CatalogueVersion]
  const { service, action, at, self, ...more } = question
  const principal = partyOf(facts.principal, 'principal')
  const actor = self === true ? principal : partyOf(facts.actor, 'actor')
  const { provider = null, object = null, ...rest } = more
  const asked = {
    ...{ actor: actor?.partyId ?? null, principal: principal?.partyId ?? null, principalNamedBy: 'number' },
    power: { service, action, provider, object },
    login: { authenticatedAt: null, ...((rest.login as Plain | undefined) ?? { level: 'high', proof: 'login_token' }) },
    instant: new Date(at),
    entitledTo: rest.entitledTo ?? current.services.map(({ id }) => id),
    ...(rest.principalNamedBy === undefined ? {} : { principalNamedBy: rest.principalNamedBy }),
  } as unknown as Question
  const known: Facts = {
    actor,
    principal,
    grounds: actor === null || principal === null ? [] : (facts.grounds ?? []).map(groundOf),
    holders: (facts.holders ?? []).map(holderOf),
    rulings: (facts.rulings ?? []).map(rulingOf),
    approvedBy: (facts.approvedBy ?? []) as readonly PartyId[],
  }
  return decide(asked, known, lawCatalogue(current, ...earlier))
}

/** What the files tell of an answer, as text. */
function told(decision: Decision): Plain {
  const { allowed, basis, obligations, validUntil } = decision
  const seen = { allowed, ...(decision.allowed ? {} : { reason: decision.reason }), basis, obligations, validUntil }
  return JSON.parse(JSON.stringify(seen)) as Plain
}

describe('the situations', () => {
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(read('situation.schema.json') as object)

  test.each(files)('%s is as the schema says', (name) => {
    validate(read(name))
    expect(validate.errors).toBeNull()
  })

  test('are many, each with a name and a sentence of its own', () => {
    expect(situations.length).toBeGreaterThanOrEqual(400)
    expect(new Set(situations.map(({ id }) => id)).size).toBe(situations.length)
    const titles = situations.map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })

  test('have every reason among their answers', () => {
    const given = situations.flatMap(({ answer: { reason } }) => (reason === undefined ? [] : [reason]))
    expect([...new Set(given)].sort()).toEqual([...REASONS].sort())
  })

  test('are those of the tables', async () => {
    const built = (await import(path.resolve(FOLDER, 'build.mjs'))) as { situationFiles: () => Record<string, string> }
    const tables = Object.entries(built.situationFiles()).map(([name, text]) => [name, JSON.parse(text) as unknown])
    expect(Object.fromEntries(files.map((name) => [name, read(name)]))).toEqual(Object.fromEntries(tables))
  })
})

describe.each(files)('%s', (name) => {
  test.each((read(name) as PlainSituation[]).map((one) => [one.id, one.title, one] as const))(
    '%s: %s',
    (_id, _title, one) => {
      expect(told(answer(one))).toEqual(one.answer)
    },
  )
})
