import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Identifier } from '../../src/domain/identifier.js'
import type { RepresentationId } from '../../src/domain/mandate.js'
import type { PartyId } from '../../src/domain/party.js'
import { publishCatalogue } from '../../src/store/catalogue-store.js'
import { putClient } from '../../src/store/client-store.js'
import { type FactsAt, type Named, readFacts, readFactsOfPairs } from '../../src/store/facts-store.js'
import { gatherCandidates } from '../../src/store/grounds-store.js'
import { ensureHandles } from '../../src/store/handle-store.js'
import { ensureParty, recordPartyFacts, replaceIdentifier } from '../../src/store/party-store.js'
import { NAV, OSLO, versionWith } from '../support/catalogue.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type Given, HOUR, REGISTER, furnish, give, newPerson, sql, turn } from './given.js'

let stage: TestDatabase
let kari: PartyId
let ola: PartyId
let given: Given

const KARIS_NUMBER: Identifier = { scheme: 'fnr', value: '28816196088' }
const OLAS_NUMBER: Identifier = { scheme: 'dnr', value: '47906701517' }
const VALID_FROM = new Date('2026-01-01T00:00:00.123Z')
const VALID_UNTIL = new Date('2099-01-01T00:00:00.456Z')
const ANSWER_BY = new Date('2098-01-01T00:00:00.789Z')

const byNumber = (identifier: Identifier): Named => ({ by: 'identifier', identifier })
const byHandle = (handle: string): Named => ({ by: 'handle', handle })
const byParty = (partyId: PartyId): Named => ({ by: 'party', partyId })
const unknown = byNumber({ scheme: 'fnr', value: '07876296653' })

const read = (
  actor: Named,
  principal: Named,
  clientId: string | null = null,
  worksFor: Named | null = null,
): Promise<FactsAt> => readFacts(stage.database, actor, principal, clientId, worksFor)

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  kari = await ensureParty(stage.database, KARIS_NUMBER)
  ola = await ensureParty(stage.database, OLAS_NUMBER)
  const facts = {
    source: REGISTER,
    name: 'Kari',
    familyName: 'K',
    bornOn: '2008-02-29',
    diedOn: null,
    protectedAddress: false,
    ceased: false,
    capacityLost: [],
    residences: [],
  }
  await recordPartyFacts(stage.database, kari, {
    ...facts,
    diedOn: '2026-03-29',
    protectedAddress: true,
    ceased: false,
    capacityLost: [],
    residences: [],
  })
  await recordPartyFacts(stage.database, ola, facts)
  given = await give(stage.database, {
    ...{ principal: kari, representative: ola, state: 'offered', answerBy: ANSWER_BY },
    powers: [{ object: 'æ "1"' }, { service: 'muni.school', provider: OSLO, action: 'write' }],
    ...{ validFrom: VALID_FROM, validUntil: VALID_UNTIL },
  })
  const client = {
    name: 'A',
    organisation: NAV,
    jwks: { keys: [] },
    services: [],
    mayUseNumbers: true,
    mayRule: [],
    workLoginIssuer: null,
    workLoginClientId: null,
    mayTellEmployments: false,
  }
  for (const clientId of ['a', 'b']) {
    await putClient(stage.database, { ...client, clientId, loginIssuer: null, loginClientId: null })
  }
})
afterAll(() => stage.drop())

describe('the facts about a pair', () => {
  test('are both parties, what is between them, the clock and the catalogue version, in one statement', async () => {
    stage.statements.length = 0
    const before = Date.now()
    const { instant, facts, catalogueVersion } = await read(byNumber(OLAS_NUMBER), byNumber(KARIS_NUMBER))
    expect(stage.statements).toEqual(['read_facts'])
    expect(catalogueVersion).toBe(1)
    expect(Math.abs(instant.getTime() - before)).toBeLessThan(10_000)
    const freshAt = facts.actor?.factsFreshAt ?? null
    expect(before - (freshAt?.getTime() ?? 0)).toBeLessThan(60_000)
    const person = { kind: 'person', bornOn: '2008-02-29', factsFreshAt: freshAt }
    const times = {
      state: 'offered',
      catalogueVersion: 1,
      passingOn: false,
      validFrom: VALID_FROM,
      validUntil: VALID_UNTIL,
    }
    const [pension, school] = given.powerIds
    expect(facts).toEqual({
      actor: {
        ...person,
        partyId: ola,
        diedOn: null,
        protectedAddress: false,
        ceased: false,
        capacityLost: [],
        residences: [],
      },
      principal: {
        ...person,
        partyId: kari,
        diedOn: '2026-03-29',
        protectedAddress: true,
        ceased: false,
        capacityLost: [],
        residences: [],
      },
      grounds: [
        {
          ...{ basis: 'mandate', representationId: given.mandateId, principal: kari, representative: ola },
          answerBy: ANSWER_BY,
          parent: null,
          powers: expect.arrayContaining([
            { powerId: pension, service: 'nav.pension', action: 'read', provider: null, object: 'æ "1"', ...times },
            { powerId: school, service: 'muni.school', action: 'write', provider: OSLO, object: null, ...times },
          ]) as unknown,
        },
      ],
      holders: [],
      rulings: [],
      approvedBy: [],
    })
  })

  test('the other way around are about no ground', async () => {
    const { facts } = await read(byNumber(KARIS_NUMBER), byNumber(OLAS_NUMBER))
    expect(facts.grounds).toEqual([])
  })

  test('of one and the same are hers twice', async () => {
    const { facts } = await read(byParty(kari), byNumber(KARIS_NUMBER))
    expect(facts.actor).toEqual(facts.principal)
    expect(facts.grounds).toEqual([])
  })

  test('say nothing of whom no one knows, by the same statement', async () => {
    stage.statements.length = 0
    const answers = await Promise.all([
      read(byNumber(OLAS_NUMBER), unknown),
      read(unknown, byNumber(KARIS_NUMBER)),
      read(unknown, unknown),
      read(byHandle('p_0000000000000000000000'), byHandle('r_0000000000000000000000'), 'a'),
    ])
    expect(
      answers.map(({ facts }) => [facts.actor?.partyId ?? null, facts.principal?.partyId ?? null, facts.grounds]),
    ).toEqual([
      [ola, null, []],
      [null, kari, []],
      [null, null, []],
      [null, null, []],
    ])
    expect(stage.statements).toEqual(['read_facts', 'read_facts', 'read_facts', 'read_facts'])
  })

  test('are of the party, whichever of its numbers was asked with', async () => {
    const old: Identifier = { scheme: 'dnr', value: '41814061033' }
    const now: Identifier = { scheme: 'fnr', value: '05895894984' }
    const partyId = await ensureParty(stage.database, old)
    await replaceIdentifier(stage.database, old, now)
    const { facts } = await read(byNumber(old), byNumber(now))
    expect([facts.actor?.partyId, facts.principal?.partyId]).toEqual([partyId, partyId])
  })

  test('hold what is known now, not what was known before', async () => {
    const [principal, representative] = [await newPerson(stage.database), await newPerson(stage.database)]
    const { mandateId } = await give(stage.database, { principal, representative })
    await stage.database.transaction((tx) => turn(tx, mandateId, 'frozen'))
    const name = {
      source: REGISTER,
      name: 'New',
      familyName: 'Name',
      bornOn: null,
      diedOn: null,
      protectedAddress: false,
      ceased: false,
      capacityLost: [],
      residences: [],
    }
    await recordPartyFacts(stage.database, principal, name)
    const { facts } = await read(byParty(representative), byParty(principal))
    expect(facts.principal).toMatchObject({ bornOn: null })
    expect(facts.grounds).toMatchObject([{ representationId: mandateId, powers: [{ state: 'frozen' }] }])
    expect(facts.grounds).toHaveLength(1)
  })

  test('of a party that no register has told of are empty', async () => {
    const partyId = await ensureParty(stage.database, { scheme: 'orgnr', value: NAV })
    const { facts } = await read(byParty(ola), byParty(partyId))
    expect(facts.principal).toEqual({
      ...{
        partyId,
        kind: 'organisation',
        bornOn: null,
        diedOn: null,
        protectedAddress: false,
        ceased: false,
        capacityLost: [],
        residences: [],
        factsFreshAt: null,
      },
    })
  })
})

describe('the facts about many pairs, read together', () => {
  test('are those of each pair, in their order, though the same names stand in several', async () => {
    const representation = given.mandateId as RepresentationId
    const [ofA, ofB] = await Promise.all(
      ['a', 'b'].map((client) => ensureHandles(stage.database, client, [kari, ola], [representation])),
    )
    if (ofA === undefined || ofB === undefined) throw new Error('both clients have handles')
    const names: Named[] = [
      ...[byNumber(KARIS_NUMBER), byNumber(OLAS_NUMBER), byParty(kari), byParty(ola), unknown],
      ...[ofA, ofB].flatMap((handles) => [
        byHandle(handles.ofParty(kari)),
        byHandle(handles.ofParty(ola)),
        byHandle(handles.ofRepresentation(representation)),
      ]),
      // The same value as a number and as a handle, and a party’s own id in the place of either.
      ...[byHandle(KARIS_NUMBER.value), byHandle(kari), byNumber({ scheme: 'eidas', value: kari })],
      byNumber({ scheme: 'dnr', value: KARIS_NUMBER.value }),
    ]
    const name = fc.constantFrom(...names)
    const pair = fc.record({
      actor: name,
      principal: name,
      worksFor: fc.constantFrom(null, ...names),
      clientId: fc.constantFrom('a', 'b', null),
    })
    const without = ({ facts, catalogueVersion }: FactsAt): unknown => ({ facts, catalogueVersion })
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 40 }), async (pairs) => {
        stage.statements.length = 0
        const together = await readFactsOfPairs(stage.database, pairs)
        expect(stage.statements).toEqual(['read_facts'])
        const alone = await Promise.all(pairs.map((one) => read(one.actor, one.principal, one.clientId, one.worksFor)))
        expect(together.map(without)).toEqual(alone.map(without))
      }),
      { numRuns: 25 },
    )
  })

  test('are none where there are no pairs', async () => {
    expect(await readFactsOfPairs(stage.database, [])).toEqual([])
  })
})

describe('a handle', () => {
  test('stands for the party or the principal, with the client it was made for and no other', async () => {
    const representation = given.mandateId as RepresentationId
    const handles = await ensureHandles(stage.database, 'a', [kari, ola], [representation])
    const who = async (actor: Named, principal: Named, clientId: string | null): Promise<unknown[]> => {
      const { facts } = await read(actor, principal, clientId)
      return [facts.actor?.partyId ?? null, facts.principal?.partyId ?? null]
    }
    const olas = byHandle(handles.ofParty(ola))
    const karis = byHandle(handles.ofParty(kari))
    const ground = byHandle(handles.ofRepresentation(representation))
    expect(await who(olas, karis, 'a')).toEqual([ola, kari])
    expect(await who(olas, ground, 'a')).toEqual([ola, kari])
    expect(await who(olas, karis, 'b')).toEqual([null, null])
    expect(await who(olas, ground, 'b')).toEqual([null, null])
    expect(await who(olas, karis, null)).toEqual([null, null])
  })

  test('is made once for a client, and is another for another', async () => {
    const parties = [await newPerson(stage.database), await newPerson(stage.database)]
    const all = await Promise.all(Array.from({ length: 20 }, () => ensureHandles(stage.database, 'a', parties, [])))
    for (const party of parties) expect(new Set(all.map((handles) => handles.ofParty(party))).size).toBe(1)
    const others = await ensureHandles(stage.database, 'b', parties, [])
    for (const party of parties) expect(others.ofParty(party)).not.toBe(all[0]?.ofParty(party))
  })
})

describe('those for whom one may perhaps act', () => {
  test('are those who have given something in force in these services, with the same facts as one by one', async () => {
    const representative = await newPerson(stage.database)
    const inForce = [await newPerson(stage.database), await newPerson(stage.database)]
    const others = [await newPerson(stage.database), await newPerson(stage.database)]
    for (const principal of inForce) await give(stage.database, { principal, representative })
    const [elsewhere, later] = others
    if (elsewhere === undefined || later === undefined) throw new Error('there are two others')
    await give(stage.database, { principal: elsewhere, representative, powers: [{ service: 'muni.school' }] })
    const validFrom = new Date(Date.now() + HOUR)
    await give(stage.database, { principal: later, representative, validFrom })
    const { candidates, complete } = await gatherCandidates(stage.database, representative, ['nav.pension'], 10)
    expect(complete).toBe(true)
    expect(candidates.map(({ facts }) => facts.facts.principal?.partyId)).toEqual(inForce.toSorted())
    for (const { facts } of candidates) {
      const principal = facts.facts.principal?.partyId
      if (principal === undefined) throw new Error('a candidate is someone')
      expect((await read(byParty(representative), byParty(principal))).facts).toEqual(facts.facts)
    }
    const one = await gatherCandidates(stage.database, representative, ['nav.pension'], 1)
    expect([one.candidates.length, one.complete]).toEqual([1, false])
  })
})

test('the next question is answered by the version that has just been published', async () => {
  await publishCatalogue(stage.database, versionWith(2, 'nav.pension', null))
  expect((await read(byParty(ola), byParty(kari))).catalogueVersion).toBe(2)
  const rows = await sql<{ version: number }>(
    stage.database,
    'select catalogue_version as version from mandate_power limit 1',
  )
  expect(rows).toEqual([{ version: 1 }])
})
