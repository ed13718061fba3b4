import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RepresentationId } from '../../src/domain/mandate.js'
import { type Actor, type PartyId, forOneself } from '../../src/domain/party.js'
import { changeMandate } from '../../src/mandates/change.js'
import { endMandatesOfTheDead } from '../../src/mandates/end-for-death.js'
import type { Identifier } from '../../src/domain/identifier.js'
import { readFacts } from '../../src/store/facts-store.js'
import { holdGround } from '../../src/store/hold-ground.js'
import { gatherCandidates } from '../../src/store/grounds-store.js'
import { insertMandate, lapsedOffers, lockMandate, overlappingMandates } from '../../src/store/mandate-store.js'
import { seeMandate, seeMandates, seeVersions } from '../../src/store/mandate-view-store.js'
import { gatherFound } from '../../src/store/search-store.js'
import { CATALOGUE } from '../support/catalogue.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import {
  DAY,
  type Given,
  HOUR,
  REGISTER,
  SEE_PENSION,
  type Wish,
  furnish,
  give,
  newMandate,
  newPerson,
  overtaken,
  sql,
  turn,
} from './given.js'

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
})
afterAll(() => stage.drop())

interface Chain {
  readonly kari: PartyId
  readonly mari: PartyId
  readonly ola: PartyId
  readonly parent: Given
  readonly passed: Given
}

/** Kari lets Mari see her pension, and Mari passes it on to Ola. */
async function chain(wish: Partial<Wish> = {}): Promise<Chain> {
  const [kari, mari, ola] = [
    await newPerson(stage.database, 'Kari'),
    await newPerson(stage.database, 'Mari'),
    await newPerson(stage.database, 'Ola'),
  ]
  const powers = [{ passingOn: true }]
  const parent = await give(stage.database, { principal: kari, representative: mari, powers })
  const passed = await passOn(parent, kari, mari, ola, wish)
  return { kari, mari, ola, parent, passed }
}

function passOn(
  parent: Given,
  principal: PartyId,
  middle: PartyId,
  representative: PartyId,
  wish: Partial<Wish> = {},
): Promise<Given> {
  const through = { parent: parent.mandateId, middle }
  return give(stage.database, { principal, representative, through, ...wish })
}

const actor = (partyId: PartyId): Actor => ({
  partyId,
  login: { level: 'high', authenticatedAt: null, proof: 'login_token' },
})

const end = (by: PartyId, mandateId: string): Promise<number> =>
  stage.database.transaction((tx) =>
    changeMandate(tx, forOneself(actor(by)), mandateId, 1, { kind: 'end' }, null, CATALOGUE),
  )

const statesOf = async (mandateId: string, party: PartyId): Promise<string[]> =>
  ((await seeMandate(stage.database, mandateId, party))?.powers ?? []).map(({ state }) => state)

describe('the database refuses', () => {
  test('what was passed on to be passed on again', async () => {
    const { kari, ola, passed } = await chain()
    const per = await newPerson(stage.database, 'Per')
    await expect(passOn(passed, kari, ola, per)).rejects.toMatchObject({ code: '23514' })
  })

  test('to pass on to the principal, to oneself, or of another principal', async () => {
    const { kari, mari, ola, parent } = await chain()
    const per = await newPerson(stage.database, 'Per')
    for (const [principal, representative] of [
      [kari, kari],
      [kari, mari],
      [per, ola],
    ] as const) {
      await expect(passOn(parent, principal, mari, representative)).rejects.toMatchObject({ code: '23514' })
    }
  })

  test('that a power which was passed on may be passed on', async () => {
    await expect(chain({ powers: [{ passingOn: true }] })).rejects.toMatchObject({ code: '23514' })
  })

  test('twins of one giver, and lets another giver give the same', async () => {
    const { kari, mari, ola, parent } = await chain()
    await expect(passOn(parent, kari, mari, ola)).rejects.toMatchObject({ code: 'overlapping_mandate' })
    await give(stage.database, { principal: kari, representative: ola })
    await expect(give(stage.database, { principal: kari, representative: ola })).rejects.toMatchObject({
      code: 'overlapping_mandate',
    })
  })
})

describe('a mandate that was passed on', () => {
  test('is seen by the three, and listed for them; its parent not by the third', async () => {
    const { kari, mari, ola, parent, passed } = await chain()
    for (const party of [kari, mari, ola]) {
      expect(await seeMandate(stage.database, passed.mandateId, party)).toMatchObject({
        principal: { partyId: kari },
        representative: { partyId: ola },
        through: { parent: parent.mandateId, middle: { partyId: mari } },
      })
      const listed = (await seeMandates(stage.database, party, null, 10)).map(({ mandateId }) => mandateId)
      expect(listed).toEqual(party === ola ? [passed.mandateId] : [passed.mandateId, parent.mandateId])
    }
    expect(await seeMandate(stage.database, parent.mandateId, ola)).toBeNull()
    expect(await seeMandate(stage.database, passed.mandateId, await newPerson(stage.database))).toBeNull()
    const [given] = await seeVersions(stage.database, passed.mandateId)
    expect(given).toMatchObject({ change: 'given', madeBy: mari })
  })

  test('is read with its parent and the one in the middle, by a question, a list and a search alike', async () => {
    const { kari, mari, ola, parent, passed } = await chain()
    await sql(stage.database, `update register_freshness set fresh_at = clock_timestamp()`)
    stage.statements.length = 0
    const named = (partyId: PartyId) => ({ by: 'party', partyId }) as const
    const { facts } = await readFacts(stage.database, named(ola), named(kari), null)
    expect(stage.statements).toEqual(['read_facts'])
    expect(facts.grounds).toMatchObject([
      {
        representationId: passed.mandateId,
        powers: [{ powerId: passed.powerIds[0], passingOn: false }],
        parent: {
          representationId: parent.mandateId,
          middle: { partyId: mari, kind: 'person', bornOn: '1950-05-17', diedOn: null },
          answerBy: null,
          powers: [{ powerId: parent.powerIds[0], state: 'active', passingOn: true }],
        },
      },
    ])
    const above = facts.grounds[0]?.basis === 'mandate' ? facts.grounds[0].parent : null
    expect(above?.middle.factsFreshAt).toEqual(facts.actor?.factsFreshAt)
    const listed = await gatherCandidates(stage.database, ola, ['nav.pension'], 10)
    expect(listed.candidates.map((one) => one.facts.facts)).toEqual([facts])
    const [login] = await sql<Identifier>(
      stage.database,
      'select scheme, value from party_identifier where party_id = $1',
      [ola],
    )
    if (login === undefined) throw new Error('he has an identifier')
    const about = {
      sought: 'principals',
      owner: login,
      handle: null,
      worksFor: null,
      clientId: 'nobody',
      kind: 'person',
    } as const
    const { found } = await gatherFound(stage.database, { ...about, power: SEE_PENSION, after: null }, 10)
    expect(found.find(({ partyId }) => partyId === kari)?.facts.facts).toEqual(facts)
  })

  test('overlaps and lapses for its own giver only', async () => {
    const past = new Date(Date.now() - HOUR)
    const { kari, mari, ola, passed } = await chain({ state: 'offered', answerBy: past })
    const pair = { principal: kari, representative: ola }
    expect(await lapsedOffers(stage.database, { ...pair, giver: mari })).toEqual([passed.mandateId])
    expect(await lapsedOffers(stage.database, { ...pair, giver: kari })).toEqual([])
    const direct = await give(stage.database, pair)
    const power = { ...SEE_PENSION, validFrom: new Date(), validUntil: new Date(Date.now() + DAY) }
    expect(await overlappingMandates(stage.database, { ...pair, giver: kari }, [power])).toEqual([direct.mandateId])
    expect(await overlappingMandates(stage.database, { ...pair, giver: mari }, [power])).toEqual([])
  })

  test('is ended by each of the three', async () => {
    for (const who of ['kari', 'mari', 'ola'] as const) {
      const one = await chain()
      await end(one[who], one.passed.mandateId)
      expect(await statesOf(one.passed.mandateId, one.kari)).toEqual(['ended'])
      expect(await statesOf(one.parent.mandateId, one.kari)).toEqual(['active'])
    }
  })

  test('is frozen and narrowed by the one in the middle, not by the other two', async () => {
    const one = await chain()
    const freeze = (by: PartyId): Promise<number> =>
      stage.database.transaction((tx) =>
        changeMandate(tx, forOneself(actor(by)), one.passed.mandateId, 1, { kind: 'freeze' }, null, CATALOGUE),
      )
    for (const by of [one.kari, one.ola]) await expect(freeze(by)).rejects.toMatchObject({ code: 'not_yours_to_do' })
    await freeze(one.mari)
    expect(await statesOf(one.passed.mandateId, one.kari)).toEqual(['frozen'])
  })
})

describe('with the parent', () => {
  test.each(['kari', 'mari'] as const)('ended by %s, it ends in the same transaction, recorded', async (who) => {
    const one = await chain()
    const per = await newPerson(stage.database, 'Per')
    const second = await passOn(one.parent, one.kari, one.mari, per)
    await end(one[who], one.parent.mandateId)
    for (const { mandateId } of [one.passed, second]) {
      expect(await statesOf(mandateId, one.kari)).toEqual(['ended'])
      const versions = await seeVersions(stage.database, mandateId)
      expect(versions.at(-1)).toMatchObject({ change: 'ended', madeBy: one[who], reason: 'parent_ended' })
      const entries = await sql<{ content: Record<string, unknown> }>(
        stage.database,
        `select entry::jsonb -> 'content' as content from audit_entry
          where kind = 'mandate_ended' and entry::jsonb #>> '{content,mandate}' = $1`,
        [mandateId],
      )
      expect(entries).toMatchObject([{ content: { parent: one.parent.mandateId, middle: one.mari } }])
    }
  })

  test('narrowed to nothing, it ends; narrowed to something, it is left', async () => {
    const [kari, mari, ola] = [
      await newPerson(stage.database),
      await newPerson(stage.database),
      await newPerson(stage.database),
    ]
    const powers = [{ passingOn: true }, { action: 'write' as const }]
    const parent = await give(stage.database, { principal: kari, representative: mari, powers })
    const passed = await passOn(parent, kari, mari, ola)
    const takeAway = (powerId: string | undefined, version: number): Promise<number> =>
      stage.database.transaction((tx) => {
        const wanted = { kind: 'narrow', powers: [{ powerId: powerId ?? '', until: null }] } as const
        return changeMandate(tx, forOneself(actor(kari)), parent.mandateId, version, wanted, null, CATALOGUE)
      })
    await takeAway(parent.powerIds[1], 1)
    expect(await statesOf(passed.mandateId, kari)).toEqual(['active'])
    await takeAway(parent.powerIds[0], 2)
    expect(await statesOf(passed.mandateId, kari)).toEqual(['ended'])
  })

  test('an end that fails leaves both as they were', async () => {
    const one = await chain()
    const failing = stage.database.transaction(async (tx) => {
      await changeMandate(tx, forOneself(actor(one.kari)), one.parent.mandateId, 1, { kind: 'end' }, null, CATALOGUE)
      throw new Error('on second thoughts')
    })
    await expect(failing).rejects.toThrow('on second thoughts')
    expect(await statesOf(one.passed.mandateId, one.kari)).toEqual(['active'])
    expect(await statesOf(one.parent.mandateId, one.kari)).toEqual(['active'])
  })

  test('the death of the one in the middle ends both', async () => {
    const one = await chain()
    expect(await stage.database.transaction((tx) => endMandatesOfTheDead(tx, REGISTER, [one.mari]))).toBe(2)
    expect(await statesOf(one.passed.mandateId, one.kari)).toEqual(['ended'])
  })

  test('the death of the third ends only what was passed on to him', async () => {
    const one = await chain()
    expect(await stage.database.transaction((tx) => endMandatesOfTheDead(tx, REGISTER, [one.ola]))).toBe(1)
    expect(await statesOf(one.parent.mandateId, one.kari)).toEqual(['active'])
  })

  test('whoever issues a token from it and whoever ends the parent wait for each other', async () => {
    const one = await chain()
    const held = await overtaken(
      stage.database,
      (tx) => turn(tx, one.parent.mandateId, 'ended'),
      () =>
        stage.database.transaction(async (tx) => {
          await holdGround(tx, one.passed.mandateId as RepresentationId)
          const parent = await seeMandate(tx, one.parent.mandateId, one.kari)
          return parent?.powers.map(({ state }) => state)
        }),
    )
    expect(held).toEqual(['ended'])
    const other = await chain()
    const ended = await overtaken(
      stage.database,
      (tx) => holdGround(tx, other.passed.mandateId as RepresentationId),
      () => stage.database.transaction((tx) => lockMandate(tx, other.parent.mandateId)),
    )
    expect(ended?.below).toEqual([other.passed.mandateId])
  })

  test('whoever ends it finds what was passed on while he waited', async () => {
    const one = await chain()
    const per = await newPerson(stage.database, 'Per')
    const through = { parent: one.parent.mandateId, middle: one.mari }
    const wish = await newMandate(stage.database, { principal: one.kari, representative: per, through })
    await overtaken(
      stage.database,
      async (tx) => {
        await lockMandate(tx, one.parent.mandateId)
        await insertMandate(tx, wish)
      },
      () => end(one.kari, one.parent.mandateId),
    )
    expect(await statesOf(wish.mandateId, one.kari)).toEqual(['ended'])
  })
})
