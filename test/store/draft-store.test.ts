import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { v7 as timeOrderedId } from 'uuid'
import type { PartyId } from '../../src/domain/party.js'
import { type Draft, confirmDraft, forgetDrafts, insertDraft, takeDraft } from '../../src/store/draft-store.js'
import type { Transaction } from '../../src/store/database.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { furnish, give, newPerson, overtaken, sql } from './given.js'

interface Content {
  readonly kind: string
  readonly powers: readonly { readonly service: string; readonly object: string | null }[]
}

let stage: TestDatabase
let kari: PartyId
let ola: PartyId

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  kari = await newPerson(stage.database, 'Kari')
  ola = await newPerson(stage.database, 'Ola')
})
afterAll(() => stage.drop())

function draftBy(giver: PartyId): Omit<Draft<Content>, 'expiresAt'> {
  const draftId = timeOrderedId()
  const text = `Kari gir Ola fullmakt.\nOla kan se pensjonen.\n${draftId}`
  return {
    draftId,
    owner: giver,
    content: { kind: 'give', powers: [{ service: 'nav.pension', object: 'Sak «1» \\ "' }] },
    language: 'nn',
    text,
    textHash: createHash('sha256').update(text).digest(),
    catalogueVersion: 1,
    login: { level: 'high', isNew: true },
  }
}

async function kept(giver = kari): Promise<Omit<Draft<Content>, 'expiresAt'>> {
  const draft = draftBy(giver)
  expect(await insertDraft(stage.database, draft, 30, 1000)).not.toBeNull()
  return draft
}

const take = (draftId: string, giver = kari): Promise<Draft<Content> | null> =>
  stage.database.transaction((tx) => takeDraft<Content>(tx, draftId, giver))

describe('a draft', () => {
  test('reads back as it was kept, with its end', async () => {
    const draft = draftBy(kari)
    const expiresAt = await insertDraft(stage.database, draft, 30, 1000)
    expect(await take(draft.draftId)).toEqual({ ...draft, expiresAt, answer: null, isExpired: false, confirmedAs: null })
    expect(((expiresAt?.getTime() ?? 0) - Date.now()) / 60_000).toBeCloseTo(30, 0)
  })

  test('is its giver’s alone', async () => {
    const { draftId } = await kept()
    expect(await take(draftId, ola)).toBeNull()
    expect(await take(timeOrderedId())).toBeNull()
    expect(await take(draftId)).not.toBeNull()
  })

  test('is confirmed once, however many try at once', async () => {
    const { draftId } = await kept()
    const { mandateId } = await give(stage.database, {
      principal: await newPerson(stage.database),
      representative: ola,
    })
    const confirmed = await Promise.all(
      Array.from({ length: 10 }, () =>
        stage.database.transaction(async (tx) => {
          const draft = await takeDraft<Content>(tx, draftId, kari)
          if (draft !== null) await confirmDraft(tx, draftId, mandateId)
          return draft !== null
        }),
      ),
    )
    expect(confirmed.filter(Boolean)).toHaveLength(1)
    expect(await take(draftId)).toBeNull()
  })

  test('is waited for by one who comes while it is being confirmed', async () => {
    const { draftId } = await kept()
    const { mandateId } = await give(stage.database, {
      principal: await newPerson(stage.database),
      representative: ola,
    })
    const confirming = async (tx: Transaction): Promise<void> => {
      await takeDraft(tx, draftId, kari)
      await confirmDraft(tx, draftId, mandateId)
    }
    expect(await overtaken(stage.database, confirming, () => take(draftId))).toBeNull()
  })

  test('can be taken again when the confirmation fails', async () => {
    const { draftId } = await kept()
    const failing = stage.database.transaction(async (tx) => {
      await takeDraft(tx, draftId, kari)
      throw new Error('not now')
    })
    await expect(failing).rejects.toThrow('not now')
    expect(await take(draftId)).not.toBeNull()
  })

  test('lives so many minutes', async () => {
    const { draftId } = await kept()
    const ends = (when: string): Promise<unknown> =>
      sql(
        stage.database,
        `update mandate_draft set expires_at = clock_timestamp() + $2::interval where draft_id = $1`,
        [draftId, when],
      )
    await ends('1 minute')
    expect(await take(draftId)).not.toBeNull()
    await ends('-1 microsecond')
    expect(await take(draftId)).toBeNull()
  })

  test('is one of so many within the hour', async () => {
    const per = await newPerson(stage.database, 'Per')
    const keep = (): Promise<Date | null> => insertDraft(stage.database, draftBy(per), 30, 3)
    for (let number = 0; number < 3; number++) expect(await keep()).not.toBeNull()
    expect(await keep()).toBeNull()
    expect(await insertDraft(stage.database, draftBy(kari), 30, 1000)).not.toBeNull()
    await sql(stage.database, `update mandate_draft set created_at = created_at - interval '1 hour' where giver = $1`, [
      per,
    ])
    expect(await keep()).not.toBeNull()
  })

  test('is forgotten a day after its end, unless it was confirmed', async () => {
    const [old, recent, used] = [await kept(), await kept(), await kept()]
    const { mandateId } = await give(stage.database, {
      principal: await newPerson(stage.database),
      representative: ola,
    })
    await stage.database.transaction((tx) => confirmDraft(tx, used.draftId, mandateId))
    const ids = [old, recent, used].map(({ draftId }) => draftId)
    await sql(
      stage.database,
      `update mandate_draft set expires_at = clock_timestamp() - interval '25 hours' where draft_id = any($1::uuid[])`,
      [[old.draftId, used.draftId]],
    )
    await forgetDrafts(stage.database)
    const left = await sql<{ id: string }>(
      stage.database,
      'select draft_id as id from mandate_draft where draft_id = any($1::uuid[])',
      [ids],
    )
    expect(left.map(({ id }) => id).toSorted()).toEqual([recent.draftId, used.draftId].toSorted())
  })
})
