import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Identifier } from '../../src/domain/identifier.js'
import type { PartyId } from '../../src/domain/party.js'
import { readFacts } from '../../src/store/facts-store.js'
import { ensureHandles } from '../../src/store/handle-store.js'
import { type Search, gatherFound } from '../../src/store/search-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { DAY, SEE_PENSION, furnish, give, newPerson, sql, turn } from './given.js'

let stage: TestDatabase
let owner: PartyId
let login: Identifier

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  owner = await newPerson(stage.database, 'Ola')
  const [row] = await sql<Identifier>(
    stage.database,
    'select scheme, value from party_identifier where party_id = $1',
    [owner],
  )
  if (row === undefined) throw new Error('he has no identifier')
  login = row
})
afterAll(() => stage.drop())

function search(more: Partial<Search> = {}): Search {
  const about = { owner: login, handle: null, worksFor: null, clientId: 'nobody', kind: 'person', after: null } as const
  return { sought: 'principals', power: SEE_PENSION, ...about, ...more }
}

async function found(more: Partial<Search> = {}, limit = 100): Promise<PartyId[]> {
  return (await gatherFound(stage.database, search(more), limit)).found.map(({ partyId }) => partyId)
}

test('gathers those between whom and him the power may be had, with the facts that a question about them reads', async () => {
  const principal = await newPerson(stage.database)
  await give(stage.database, { principal, representative: owner })
  const { found: all } = await gatherFound(stage.database, search(), 100)
  expect(all.map(({ partyId }) => partyId)).toEqual([owner, principal].sort())
  for (const { partyId, facts } of all) {
    const actor = { by: 'party', partyId: owner } as const
    const alone = await readFacts(stage.database, actor, { by: 'party', partyId }, null)
    expect(facts.facts).toEqual(alone.facts)
    expect(facts.catalogueVersion).toBe(alone.catalogueVersion)
  }
  expect(await found({ sought: 'representatives' })).toEqual([owner])
})

test('leaves out what could not be a yes: another power, provider or object, what is over, frozen or to come', async () => {
  const before = await found()
  const of = async (wish: Partial<Parameters<typeof give>[1]>): Promise<string> => {
    const principal = await newPerson(stage.database)
    return (await give(stage.database, { principal, representative: owner, ...wish })).mandateId
  }
  await of({ powers: [{ action: 'write' }] })
  await of({ powers: [{ service: 'muni.school' }] })
  await of({ powers: [{ provider: '889640782' }] })
  await of({ powers: [{ object: 'sak 1' }] })
  await of({ state: 'offered', answerBy: new Date(Date.now() + DAY) })
  await of({ validFrom: new Date(Date.now() - 2 * DAY), validUntil: new Date(Date.now() - DAY) })
  await of({ validFrom: new Date(Date.now() + DAY) })
  const frozen = await of({})
  await stage.database.transaction((tx) => turn(tx, frozen, 'frozen'))
  expect(await found()).toEqual(before)
  const limited = { ...SEE_PENSION, provider: '889640782', object: 'sak 1' }
  expect((await found({ power: limited })).length).toBe(before.length + 2)
})

test('goes on after a key, tells whether there are more, and finds organisations only when asked for them', async () => {
  for (let i = 0; i < 5; i++)
    await give(stage.database, { principal: await newPerson(stage.database), representative: owner })
  const all = await found()
  const first = await gatherFound(stage.database, search(), 3)
  const rest = await gatherFound(stage.database, search({ after: all[2] ?? null }), 100)
  expect([first.complete, rest.complete]).toEqual([false, true])
  expect([...first.found, ...rest.found].map(({ partyId }) => partyId)).toEqual(all)
  expect(await found({ kind: 'organisation' })).toEqual([])
})

test('tells what the client calls them, whom a handle of its stands for, and nothing of another’s', async () => {
  await sql(
    stage.database,
    `insert into client (client_id, name, organisation, jwks, services, may_use_numbers)
     select name, name, '889640782', '{"keys":[]}', '{}', true from unnest(array['one', 'another']) as name`,
  )
  const handle = (await ensureHandles(stage.database, 'one', [owner], [])).ofParty(owner)
  const by = async (clientId: string): Promise<unknown> => {
    const { named, found: all } = await gatherFound(stage.database, search({ clientId, handle }), 100)
    return [named, all.find(({ partyId }) => partyId === owner)?.handle]
  }
  expect(await by('one')).toEqual([owner, handle])
  expect(await by('another')).toEqual([null, null])
})

test('of someone unknown it gathers nothing, by the same statement', async () => {
  stage.statements.splice(0)
  const unknown = { scheme: 'eidas', value: 'NO/NO/unknown' } as const
  const { owner: nobody, found: none, complete } = await gatherFound(stage.database, search({ owner: unknown }), 100)
  expect([nobody, none, complete]).toEqual([null, [], true])
  expect(stage.statements).toEqual(['search_principals'])
})
