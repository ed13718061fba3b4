import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { yearsAgo } from '../support/people.js'
import { newcomer } from '../support/newcomers.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, Visitor } from '../support/visitors.js'

let parts: TestService
beforeAll(async () => {
  parts = await testService()
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** No one has it. */
const UNUSED = '07876296653'
const NO_ONE = { trusted_contact: null, contact_for: [] }

type Named = Pick<Visitor, 'number' | 'familyName'>

const name = (person: Visitor, { number, familyName }: Named, headers = {}): Promise<Answer> =>
  person.post('/v1/me/trusted-contact', { identifier: number, family_name: familyName }, headers)
const seen = async (visitor: Visitor): Promise<unknown> => (await visitor.get('/v1/me/trusted-contact')).body
const layDown = (contact: Visitor, contactId: string): Promise<Answer> =>
  contact.delete(`/v1/me/contact-for/${contactId}`)

/** What someone has been told, first to last, once there are so many. */
async function told(visitor: Visitor, count: number): Promise<{ kind: string; text: string }[]> {
  for (let tries = 0; ; tries++) {
    const { notices } = (await visitor.get('/v1/me/notices?language=nb')).body as {
      notices: { kind: string; text: string }[]
    }
    if (notices.length >= count || tries === 100) return notices.reverse()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function logged(kind: string, actor: string): Promise<number> {
  const rows = await parts.database.query<{ entry: string }>(
    { name: '', text: 'select entry from audit_entry where kind = $1' },
    [kind],
  )
  return rows.filter(({ entry }) => JSON.stringify(JSON.parse(entry)).includes(actor)).length
}

describe('whom one trusts', () => {
  test('is named, changed, taken back; each of the two sees the other by name and year, and no more', async () => {
    const person = await newcomer(parts, 'Olga', 80)
    const [first, second] = [await newcomer(parts, 'Første'), await newcomer(parts, 'Andre')]
    expect(await seen(person)).toEqual(NO_ONE)
    const named = await name(person, first)
    const view = { contact_id: expect.any(String), born_year: expect.any(Number), named_at: expect.any(String) }
    expect(named).toMatchObject({ status: 201 })
    expect(named.body).toEqual({ trusted_contact: { ...view, name: 'Første Prøvesen' }, contact_for: [] })
    const { contact_id: id } = named.body.trusted_contact
    expect(await seen(first)).toEqual({
      trusted_contact: null,
      contact_for: [{ ...view, contact_id: id, name: 'Olga Prøvesen' }],
    })
    expect((await name(person, first)).body.trusted_contact.contact_id).toBe(id)
    expect((await name(person, second)).body.trusted_contact.name).toBe('Andre Prøvesen')
    expect(await seen(first)).toEqual(NO_ONE)
    for (let times = 0; times < 2; times++) {
      expect(await person.delete('/v1/me/trusted-contact')).toMatchObject({ status: 200, body: NO_ONE })
    }
    expect(await seen(second)).toEqual(NO_ONE)
    // Who was replaced and who was taken back are both told: it may not have been done freely.
    for (const one of [first, second]) {
      const notices = await told(one, 2)
      expect(notices.map(({ kind }) => kind).sort()).toEqual(['contact_named', 'contact_no_longer'])
      const begun = notices.find(({ kind }) => kind === 'contact_named')
      expect(begun?.text).toMatch(/^Olga Prøvesen stoler på deg/)
    }
    expect([await logged('trusted_contact_named', id), await logged('trusted_contact_ended', id)]).toEqual([1, 1])
  })

  test('is named once by one key, and by many at once', async () => {
    const [person, contact] = [await newcomer(parts, 'Olga', 80), await newcomer(parts, 'Kari')]
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all([name(person, contact, key), name(person, contact), name(person, contact)])
    answers.push(await name(person, contact, key))
    expect(new Set(answers.map(({ body }) => body.trusted_contact.contact_id)).size).toBe(1)
    expect((await name(person, person, key)).body.code).toBe('idempotency_key_reused')
    const id = String(answers[0]?.body.trusted_contact.contact_id)
    expect(await logged('trusted_contact_named', id)).toBe(1)
  })

  const known = (id: string): Named => {
    const { identityNumber, familyName } = parts.people.find(id) ?? { identityNumber: null, familyName: '' }
    return { number: identityNumber ?? '', familyName }
  }
  async function child(): Promise<Named> {
    const added = await parts.people.add({ givenName: 'Ung', familyName: 'Prøvesen', bornOn: yearsAgo(16) })
    return { number: added.identityNumber ?? '', familyName: 'Prøvesen' }
  }
  const refused: [name: string, who: (person: Visitor) => Named | Promise<Named>][] = [
    ['oneself', (person) => person],
    ['a child', child],
    ['the dead', () => known('olav-tveit')],
    ['under another name', () => ({ ...known('bjarne-aas'), familyName: 'Berg' })],
    ['no one we know', () => ({ number: UNUSED, familyName: 'Aas' })],
  ]
  test.each(refused)('cannot be %s, and it is answered alike', async (_name, who) => {
    const person = await newcomer(parts, 'Olga', 80)
    const { number, familyName } = await who(person)
    const answer = await name(person, { number, familyName })
    expect(answer).toMatchObject({ status: 422, body: { code: 'contact_not_available' } })
    expect(JSON.stringify(answer.body)).not.toContain(number)
    expect(await seen(person)).toEqual(NO_ONE)
  })

  test('is not found by going through the register, and no one sends many messages', async () => {
    const person = await newcomer(parts, 'Olga', 80)
    for (let misses = 0; misses < 20; misses++) await name(person, { ...known('bjarne-aas'), familyName: 'Berg' })
    const stopped = { status: 429, body: { code: 'too_many_requests' } }
    expect(await name(person, known('bjarne-aas'))).toMatchObject(stopped)
    const busy = await newcomer(parts, 'Olav', 80)
    const two = [known('bjarne-aas'), known('turid-tveit')]
    for (let times = 0; times < 5; times++) {
      expect((await name(busy, two[times % 2] ?? known(''))).status).toBe(201)
    }
    expect(await name(busy, known('turid-tveit'))).toMatchObject(stopped)
  })

  test.each([
    ['no name', { identifier: UNUSED }, {}, 400],
    ['no number', { identifier: '123', family_name: 'Aas' }, {}, 422],
    ['an organisation', { identifier: '974760673', family_name: 'Aas' }, {}, 422],
    ['no key', { identifier: UNUSED, family_name: 'Aas' }, { 'idempotency-key': '' }, 400],
    ['another origin', { identifier: UNUSED, family_name: 'Aas' }, { origin: 'https://a.example.no' }, 403],
  ])('is refused with %s', async (_name, body, headers, status) => {
    const person = await Visitor.logIn(parts, 'sunniva-moe')
    expect((await person.post('/v1/me/trusted-contact', body, headers)).status).toBe(status)
    const foreign = await person.delete('/v1/me/trusted-contact', { origin: 'https://a.example.no' })
    expect(foreign).toMatchObject({ status: 403, body: { code: 'foreign_origin' } })
  })
})

describe('the one who is trusted', () => {
  test('lays it down: whoever named him is told, once, and cannot name him again', async () => {
    const [person, contact] = [await newcomer(parts, 'Olga', 80), await newcomer(parts, 'Kari')]
    const stranger = await newcomer(parts, 'Fremmed')
    const id = String((await name(person, contact)).body.trusted_contact.contact_id)
    const none = { status: 404, body: { code: 'no_such_contact' } }
    expect(await layDown(stranger, id)).toMatchObject(none)
    expect(await layDown(person, id)).toMatchObject(none)
    expect(await layDown(contact, randomUUID())).toMatchObject(none)
    const both = await Promise.all([layDown(contact, id), layDown(contact, id)])
    for (const answer of both) expect(answer).toMatchObject({ status: 200, body: NO_ONE })
    expect(await seen(person)).toEqual(NO_ONE)
    const [notice, ...more] = await told(person, 1)
    expect([notice?.kind, more]).toEqual(['contact_laid_down', []])
    expect(notice?.text).toMatch(/^Kari Prøvesen får ikke lenger beskjed/)
    expect(await name(person, contact)).toMatchObject({ status: 422, body: { code: 'contact_not_available' } })
    expect(await logged('trusted_contact_ended', id)).toBe(1)
  })

  test('is told of a mandate that is given, without what it is', async () => {
    const [person, contact] = [await newcomer(parts, 'Olga', 80), await newcomer(parts, 'Kari')]
    const helper = await newcomer(parts, 'Hjelper')
    await name(person, contact)
    const given = await person.give(helper, [{ service: 'nav.pension', action: 'read' }])
    expect(given.status).toBe(201)
    const { body } = await (async () => {
      await told(contact, 2)
      return contact.get('/v1/me/notices?language=nb')
    })()
    expect(body.notices[0]).toMatchObject({
      kind: 'contact_told',
      text: 'Noe er endret i fullmaktene til Olga Prøvesen. Spør gjerne om alt er som det skal.',
      mandate_id: null,
      giver: null,
      representative: null,
      service_name: null,
    })
    expect(JSON.stringify(body)).not.toContain(given.body.mandate_id)
    expect(JSON.stringify(body)).not.toContain('Hjelper')
    expect((await contact.get(`/v1/me/mandates/${String(given.body.mandate_id)}`)).status).toBe(404)
  })
})
