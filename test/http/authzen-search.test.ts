import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PartyId } from '../../src/domain/party.js'
import { ensureHandles } from '../../src/store/handle-store.js'
import { sql } from '../store/given.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'
import { Questions, expectNoNumberNorId, idsIn } from './authzen-questions.js'
import { SERVICES, type World, startWorld } from './authzen-world.js'

let world: World
let questions: Questions
/** Everything that a search has answered in this file. */
const answers: unknown[] = []

beforeAll(async () => {
  world = await startWorld()
  questions = await Questions.about(world)
}, 60_000)
afterAll(async () => {
  await world.stop()
  expect(world.parts.faults).toEqual([])
})

type Members = Readonly<Record<string, unknown>>

async function search(what: string, body: Members, by = world.nav): Promise<Answer> {
  const answer = await by.post(`/access/v1/search/${what}`, body)
  answers.push(answer.body)
  return answer
}

test('what the others must approve is a no and not in the list, and evaluation says so', async () => {
  const token = await world.nav.idTokenOf('silje-berge')
  const asked = { properties: {}, context: { login_token: token } }
  const answer = await world.nav.evaluate(
    world.numberOf('silje-berge'),
    world.numberOf('emma-berge'),
    'tax.return',
    'sign',
    asked,
  )
  expect(answer.body.context.reason).toBe('others_must_approve')
  const found = await search('resource', questions.principals('silje-berge', token, 'tax.return', 'sign'))
  expect(idsIn(found)).not.toContain(`person ${questions.handleOf('emma-berge')}`)
})

describe('a search takes', () => {
  test('one statement for its candidates and one for its entry', async () => {
    const token = await world.nav.idTokenOf('bjarne-aas')
    const bodies: [string, Members][] = [
      ['resource', questions.principals('bjarne-aas', token, 'nav.pension', 'read')],
      ['subject', questions.representatives('bjarne-aas', token, 'nav.pension', 'read')],
      ['action', questions.actions('bjarne-aas', 'turid-tveit', token, 'nav.pension')],
    ]
    for (const [what, body] of bodies) {
      await search(what, body)
      const from = world.parts.statements.length
      await search(what, body)
      const gather = { resource: 'search_principals', subject: 'search_representatives' }[what] ?? 'read_facts'
      expect(world.parts.statements.slice(from)).toEqual([gather, 'append_audit_entries'])
    }
  })

  test('one entry, which holds it and its result', async () => {
    const token = await world.nav.idTokenOf('berit-haugen')
    const { body } = await search('resource', questions.principals('berit-haugen', token, 'nav.pension', 'read'))
    const [row] = await sql<{ kind: string; actor: PartyId; entry: string }>(
      world.admin,
      'select kind, actor, entry from audit_entry where entry_id = $1',
      [body.context.search_id],
    )
    expect([row?.kind, row?.actor]).toEqual(['search', world.partyOf('berit-haugen')])
    const { content } = JSON.parse(row?.entry ?? '{}') as {
      content: { searched: string; answers: { party: string; allowed: boolean; basis: string }[] }
    }
    const allowed = content.answers.filter((one) => one.allowed)
    expect(content.searched).toBe('resource')
    expect(allowed.map(({ party, basis }) => [party, basis]).sort()).toEqual(
      [
        [world.partyOf('astrid-haugen'), 'mandate'],
        [world.partyOf('berit-haugen'), 'self'],
      ].sort(),
    )
    expect(row?.entry).not.toContain(world.numberOf('berit-haugen'))
  })
})

describe('paging', () => {
  const HELPED = 23
  const LIMIT = 5
  let expected: string[]

  beforeAll(async () => {
    const guardian = world.partyOf('randi-moe')
    const helped: PartyId[] = []
    for (let i = 0; i < HELPED; i++) {
      const party = await world.newParty(`Prøve ${i}`)
      helped.push(party)
      // Every third one's guardian has no say in pensions: a no among the candidates.
      await world.tell(party, guardian, 'guardian', 'voksen', [i % 3 === 0 ? 'skatteetaten/skatt' : 'nav/pensjon'])
    }
    const asWanted = helped.filter((_, i) => i % 3 !== 0)
    const made = await ensureHandles(world.admin, 'nav-web', [...asWanted, guardian], [])
    expected = [...asWanted, guardian].map((party) => `person ${made.ofParty(party)}`).sort()
  })

  async function pagesOf(first: Members): Promise<{ ids: string[][]; tokens: string[] }> {
    const ids: string[][] = []
    const tokens: string[] = []
    let page: Members = { limit: LIMIT }
    do {
      const answer = await search('resource', { ...first, page })
      ids.push(idsIn(answer))
      const { next_token, count } = answer.body.page
      expect(count).toBe(answer.body.results.length)
      tokens.push(next_token)
      // The limit may be left out or stay as it was.
      page = tokens.length % 2 === 0 ? { token: next_token } : { token: next_token, limit: LIMIT }
    } while (tokens.at(-1) !== '' && tokens.length < 20)
    return { ids, tokens }
  }

  test('finds each once, in full pages', async () => {
    const token = await world.nav.idTokenOf('randi-moe')
    const { ids, tokens } = await pagesOf(questions.principals('randi-moe', token, 'nav.pension', 'read'))
    expect(ids.flat().sort()).toEqual(expected)
    expect(ids.map((page) => page.length)).toEqual([5, 5, 5, 1])
    const whole = await search('resource', questions.principals('randi-moe', token, 'nav.pension', 'read'))
    expect([idsIn(whole), whole.body.page]).toEqual([expected, { next_token: '', count: expected.length }])
    const held = tokens.map((one) => Buffer.from(one, 'base64url').toString('latin1')).join()
    expect(held).not.toMatch(/\d{9}|[\da-f]{8}-/)
  })

  test('finds who is new since the page before', async () => {
    const first = questions.principals('randi-moe', await world.nav.idTokenOf('randi-moe'), 'nav.pension', 'read')
    const page = await search('resource', { ...first, page: { limit: LIMIT } })
    const party = await world.newParty('Prøve sist')
    await world.tell(party, world.partyOf('randi-moe'), 'guardian', 'voksen', ['nav/pensjon'])
    const rest = await search('resource', { ...first, page: { token: page.body.page.next_token } })
    expect(rest.status).toBe(200)
    const made = await ensureHandles(world.admin, 'nav-web', [party], [])
    const again = await search('resource', questions.principals('randi-moe', tokenIn(first), 'nav.pension', 'read'))
    expect(idsIn(again)).toContain(`person ${made.ofParty(party)}`)
    expect(idsIn(again).length).toBe(expected.length + 1)
  })

  test('refuses the page token of another search, login or client, and one that was changed', async () => {
    const token = await world.nav.idTokenOf('randi-moe')
    const first = questions.principals('randi-moe', token, 'nav.pension', 'read')
    const { body } = await search('resource', { ...first, page: { limit: LIMIT } })
    const page = { token: body.page.next_token as string }
    const other = await world.nav.idTokenOf('bjarne-aas')
    const skatt = await RelyingService.open(world.parts, 'skatt-web')
    await sql(world.admin, `update client set services = $1 where client_id = 'skatt-web'`, [SERVICES])
    const theirs = await skatt.idTokenOf('randi-moe')
    const flipped = page.token.slice(0, 20) + (page.token[20] === 'A' ? 'B' : 'A') + page.token.slice(21)
    const tried = [
      await search('resource', { ...questions.principals('randi-moe', token, 'nav.pension', 'write'), page }),
      await search('resource', { ...questions.principals('randi-moe', token, 'tax.return', 'read'), page }),
      await search('resource', { ...questions.principals('bjarne-aas', other, 'nav.pension', 'read'), page }),
      await search('subject', { ...questions.representatives('randi-moe', token, 'nav.pension', 'read'), page }),
      await search('resource', { ...questions.principals('randi-moe', theirs, 'nav.pension', 'read'), page }, skatt),
      await search('resource', { ...first, page: { ...page, limit: LIMIT + 1 } }),
      await search('resource', { ...first, page: { token: flipped } }),
      await search('resource', { ...first, page: { token: page.token.slice(0, 8) } }),
      await search('resource', { ...first, page: { token: 'nonsense!' } }),
    ]
    expect(tried.map(({ status }) => status)).toEqual(tried.map(() => 400))
    expect((await search('resource', { ...first, page })).status).toBe(200)
  })

  test('goes over actions too', async () => {
    const token = await world.nav.idTokenOf('bjarne-aas')
    const body = questions.actions('bjarne-aas', 'turid-tveit', token, 'nav.pension')
    const first = await search('action', { ...body, page: { limit: 2 } })
    const second = await search('action', { ...body, page: { token: first.body.page.next_token } })
    const names = [...first.body.results, ...second.body.results].map(({ name }) => name as string)
    expect([names, second.body.page.next_token]).toEqual([['read', 'communicate', 'write'], ''])
  })

  function tokenIn(body: Members): string {
    return (body['context'] as { login_token: string }).login_token
  }
})

describe('a search is refused', () => {
  test.each(['resource', 'subject'])('over %ss without the login token of the one whose it is', async (what) => {
    const token = await world.nav.idTokenOf('bjarne-aas')
    const body =
      what === 'resource'
        ? questions.principals('berit-haugen', token, 'nav.pension', 'read')
        : questions.representatives('berit-haugen', token, 'nav.pension', 'read')
    const statuses = await Promise.all(
      [{ login_token: token }, { login_token: 'x.y.z' }, {}, { acr: 'idporten-loa-high' }].map(
        async (context) => (await search(what, { ...body, context })).status,
      ),
    )
    expect(statuses).toEqual([400, 400, 400, 400])
  })

  test('for a client that may not use numbers, by number; by handle it is answered', async () => {
    const school = await RelyingService.open(world.parts, 'school-app')
    const token = await school.idTokenOf('silje-berge')
    const body = questions.principals('silje-berge', token, 'muni.school', 'read')
    expect((await search('resource', body, school)).status).toBe(403)
    const made = await ensureHandles(world.admin, 'school-app', [world.partyOf('silje-berge')], [])
    const subject = { type: 'person', id: made.ofParty(world.partyOf('silje-berge')) }
    const answer = await search('resource', { ...body, subject }, school)
    expect(idsIn(answer).length).toBe(2)
    // Another client's handle of the same person is none here.
    const foreign = { type: 'person', id: questions.handleOf('silje-berge') }
    expect((await search('resource', { ...body, subject: foreign }, school)).status).toBe(400)
  })
})

describe('an empty list says why, when it is the question', () => {
  test.each([
    ['an unknown service', 'nav.lottery', 'read', 'unknown_power'],
    ['an unknown action', 'nav.pension', 'fly', 'unknown_power'],
    ['a service of others', 'freg.move', 'write', 'not_entitled'],
  ])('%s', async (_name, service, action, reason) => {
    const token = await world.nav.idTokenOf('bjarne-aas')
    const bodies = [
      search('resource', questions.principals('bjarne-aas', token, service, action)),
      search('subject', questions.representatives('bjarne-aas', token, service, action)),
      ...(action === 'fly' ? [] : [search('action', questions.actions('bjarne-aas', 'turid-tveit', token, service))]),
    ]
    for (const { status, body } of await Promise.all(bodies)) {
      expect(status).toBe(200)
      expect(body).toMatchObject({ page: { next_token: '', count: 0 }, results: [], context: { reason } })
    }
  })

  test('too weak a login', async () => {
    const body = {
      ...questions.actions('bjarne-aas', 'turid-tveit', '', 'nav.pension'),
      context: { acr: 'idporten-loa-low' },
    }
    expect((await search('action', body)).body).toMatchObject({ results: [], context: { reason: 'step_up_required' } })
  })

  test('facts too old: the list is not whole, and says so', async () => {
    await sql(world.admin, `update register_freshness set fresh_at = fresh_at - interval '10 days'`)
    try {
      const token = await world.nav.idTokenOf('bjarne-aas')
      const { body } = await search('resource', questions.principals('bjarne-aas', token, 'nav.pension', 'write'))
      expect(body.context.unanswered).toEqual(['facts_too_old'])
      expect(body.results).toEqual([{ type: 'person', id: questions.handleOf('bjarne-aas') }])
    } finally {
      await sql(world.admin, 'update register_freshness set fresh_at = clock_timestamp()')
    }
  })

  test('a type of which no one is known is an empty list', async () => {
    const token = await world.nav.idTokenOf('bjarne-aas')
    const body = {
      ...questions.principals('bjarne-aas', token, 'nav.pension', 'read'),
      resource: { type: 'spaceship' },
    }
    expect((await search('resource', body)).body).toEqual({ page: { next_token: '', count: 0 }, results: [] })
  })
})

test('an action search tells nothing of who is there: a stranger, someone unknown and someone dead are alike', async () => {
  const ids = ['randi-moe', 'olav-tveit', 'hedda-lind'].map(world.numberOf)
  const alike = await Promise.all(
    [...ids, '07876296653'].map(async (id) => {
      const resource = { type: 'person', id, properties: { service: 'nav.pension' } }
      const context = { acr: 'idporten-loa-high' }
      const subject = { type: 'person', id: world.numberOf('turid-tveit') }
      const { status, body } = await search('action', { subject, resource, context })
      const { search_id, searched_at, ...rest } = body.context as Members
      expect([typeof search_id, typeof searched_at]).toEqual(['string', 'string'])
      return { status, page: body.page as Members, results: body.results as unknown[], rest }
    }),
  )
  for (const one of alike) expect(one).toEqual(alike[0])
  expect(alike[0]?.results).toEqual([])
})

test('a principal sees the search of a stranger without his name', async () => {
  const entries = await sql<{ entry: string }>(
    world.admin,
    `select entry from audit_entry where kind = 'search' and principal = $1 and actor = $2 order by occurred_at desc limit 1`,
    [world.partyOf('randi-moe'), world.partyOf('turid-tveit')],
  )
  expect(entries.length).toBe(1)
  const principal = await Visitor.logIn(world.parts, 'randi-moe')
  const { body } = await principal.get('/v1/me/activity')
  const lines = (body.activity as { kind: string; by_you: boolean; by: string | null; powers: unknown[] }[]).filter(
    ({ kind, by_you }) => kind === 'search' && !by_you,
  )
  expect(lines.length).toBeGreaterThan(0)
  for (const { by, powers } of lines) expect([by, powers]).toEqual([null, []])
})

test('no answer holds a number, nor an id of ours but that of the entry', () => {
  expect(answers.length).toBeGreaterThan(50)
  expectNoNumberNorId(answers)
})
