import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { fixedKeys } from '../../dev/fixed-keys.js'
import type { PartyId } from '../../src/domain/party.js'
import type { RepresentationId } from '../../src/domain/mandate.js'
import { Clients } from '../../src/login/clients.js'
import { Catalogues } from '../../src/store/catalogue-store.js'
import { putClient } from '../../src/store/client-store.js'
import { readFacts } from '../../src/store/facts-store.js'
import { gatherCandidates } from '../../src/store/grounds-store.js'
import { ensureHandles, findRepresented } from '../../src/store/handle-store.js'
import { TokenExchange } from '../../src/tokens/exchange.js'
import { readTokenForm } from '../../src/tokens/token-form.js'
import {
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  startProofStage,
} from './proof-stage.js'
import { newKey } from './spellings.js'

let stage: ProofStage
let nav: PlayedService
let other: PlayedService
let kari: Person
let mandates: string[]
let principals: Person[]

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension', 'nav.family'])
  other = await stage.client('other-web', ['nav.pension'])
  kari = await stage.person('kari-nordby')
  principals = []
  mandates = []
  for (const id of ['ola-nordby', 'anne-dahl', 'hedda-lind', 'olav-tveit']) {
    const principal = await stage.person(id)
    principals.push(principal)
    mandates.push(
      await stage.give(principal, kari, [
        { service: 'nav.pension', action: 'read' },
        { service: 'tax.return', action: 'read' },
      ]),
    )
  }
})
afterAll(() => stage.stop())

describe('an exchange', () => {
  /** The statements that this exchange sends, and what comes of it. */
  async function statementsOf(changes: Readonly<Record<string, string>>): Promise<{ sent: string[]; outcome: string }> {
    const keys = await fixedKeys(await newKey('k'))
    const db = stage.test.database
    const catalogues = new Catalogues()
    await catalogues.latest(db)
    const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, kari)
    const form = await exchangeForm(stage, nav, { actorGrant, handle: representations[0]?.handle ?? '' }, changes)
    const body = new URLSearchParams(form as Record<string, string>)
    const from = stage.test.statements.length
    const exchanged = new TokenExchange(db, catalogues, keys, stage.url).exchange(nav.client, readTokenForm(body), null)
    const outcome = await exchanged.then(
      () => 'issued',
      (error: unknown) => String(error),
    )
    return { sent: stage.test.statements.slice(from), outcome }
  }

  const READ = ['find_audience', 'use_actor_grant', 'find_represented', 'hold_ground', 'read_facts']

  test('is one transaction of seven statements after the audience', async () => {
    const { sent, outcome } = await statementsOf({})
    expect(outcome).toBe('issued')
    expect(sent).toEqual([...READ, 'allot_status_entry', 'record_token', 'append_audit_entries'])
  })

  test.each([
    ['a handle that no one has', { subject_token: `r_${'x'.repeat(22)}` }],
    ['a grant that no one has', { actor_token: 'x'.repeat(43) }],
    ['neither', { subject_token: `r_${'x'.repeat(22)}`, actor_token: 'x'.repeat(43) }],
  ])('that is refused for %s sends the same statements as any other', async (_, changes) => {
    const { sent, outcome } = await statementsOf(changes)
    expect(outcome).toContain('no representation that can be used now')
    expect(sent).toEqual([...READ, 'append_audit_entries'])
  })
})

describe('candidates', () => {
  test('come in one statement, with the facts that a question about the pair would read', async () => {
    const db = stage.test.database
    const from = stage.test.statements.length
    const found = await gatherCandidates(db, kari.partyId, ['nav.pension'], 200)
    expect(stage.test.statements.slice(from)).toEqual(['gather_candidates'])
    expect(found.candidates.map(({ name }) => name).sort()).toEqual([
      'Anne Dahl',
      'Hedda Lind',
      'Ola Nordby',
      'Olav Tveit',
    ])
    for (const { facts } of found.candidates) {
      const { facts: asked } = await readFacts(db, named(kari.partyId), named(facts.facts.principal?.partyId), null)
      expect(facts.facts).toEqual(asked)
    }
  })

  test('are no more than asked for, and it is said when there are more', async () => {
    const gather = (limit: number) => gatherCandidates(stage.test.database, kari.partyId, ['nav.pension'], limit)
    expect(await gather(4)).toMatchObject({ complete: true, candidates: { length: 4 } })
    expect(await gather(3)).toMatchObject({ complete: false, candidates: { length: 3 } })
  })

  test('are none in services in which nothing was given', async () => {
    const found = await gatherCandidates(stage.test.database, kari.partyId, ['nav.family'], 200)
    expect(found).toMatchObject({ complete: true, candidates: [], catalogueVersion: 3 })
  })

  function named(partyId: PartyId | undefined) {
    return { by: 'party', partyId: partyId ?? ('' as PartyId) } as const
  }
})

describe('handles', () => {
  const parties = () => principals.map(({ partyId }) => partyId)
  const representations = () => mandates as RepresentationId[]

  test('that many make at once are the same for all, and other ones for another client', async () => {
    const db = stage.test.database
    const made = await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const order = index % 2 === 0 ? parties() : parties().reverse()
        return ensureHandles(db, index < 12 ? 'nav-web' : 'other-web', order, representations())
      }),
    )
    const all = made.map((handles) => [
      ...parties().map((party) => handles.ofParty(party)),
      ...representations().map((one) => handles.ofRepresentation(one)),
    ])
    const [ours, theirs] = [all.slice(0, 12), all.slice(12)]
    expect(new Set(ours.map(String)).size).toBe(1)
    expect(new Set(theirs.map(String)).size).toBe(1)
    expect(new Set([...(ours[0] ?? []), ...(theirs[0] ?? [])]).size).toBe(16)
  })

  test('are found by the client that they were made for, and by no other', async () => {
    const db = stage.test.database
    const [first] = representations()
    if (first === undefined) throw new Error('no mandate')
    const handle = (await ensureHandles(db, 'nav-web', [], [first])).ofRepresentation(first)
    const [principal] = parties() as [PartyId]
    const principalHandle = (await ensureHandles(db, 'nav-web', [principal], [])).ofParty(principal)
    expect(await findRepresented(db, 'nav-web', handle)).toEqual({
      representationId: first,
      principal,
      principalHandle,
      representative: kari.partyId,
      principalIdentifier: principals[0]?.number,
    })
    expect(await findRepresented(db, 'other-web', handle)).toBeNull()
    expect(await findRepresented(db, 'nav-web', handle.toLowerCase().replace('r_', 'R_'))).toBeNull()
  })

  test('of none are none, and cost nothing', async () => {
    const from = stage.test.statements.length
    const handles = await ensureHandles(stage.test.database, 'nav-web', [], [])
    expect(stage.test.statements).toHaveLength(from)
    expect(() => handles.ofParty(kari.partyId)).toThrow('no handle')
  })
})

describe('a registration', () => {
  test('is read once in five seconds, whoever asks, and a change is seen after that', async () => {
    const clients = new Clients(stage.test.database)
    const now = jest.spyOn(performance, 'now')
    const from = stage.test.statements.length
    now.mockReturnValue(1_000_000)
    await Promise.all(Array.from({ length: 50 }, () => clients.find('other-web')))
    await putClient(stage.test.database, { ...other.client, services: ['tax.return'] })
    now.mockReturnValue(1_004_999)
    expect((await clients.find('other-web'))?.services).toEqual(['nav.pension'])
    expect(stage.test.statements.slice(from)).toEqual(['find_client', 'put_client'])
    now.mockReturnValue(1_005_000)
    expect((await clients.find('other-web'))?.services).toEqual(['tax.return'])
    now.mockRestore()
  })

  test('that there is none of is not known either', async () => {
    expect(await new Clients(stage.test.database).find('nobody')).toBeNull()
  })

  test('that could not be read is read again', async () => {
    let isDown = true
    const clients = new Clients({
      query: (statement, values) =>
        isDown ? Promise.reject(new Error('down')) : stage.test.database.query(statement, values),
    })
    await expect(clients.find('nav-web')).rejects.toThrow('down')
    isDown = false
    expect(await clients.find('nav-web')).toMatchObject({ clientId: 'nav-web' })
  })
})
