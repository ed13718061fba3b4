import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { LANGUAGES } from '../../src/domain/catalogue.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let stranger: Visitor
const today = osloDay(new Date())

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  stranger = await Visitor.logIn(parts, 'sunniva-moe')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

async function give(object: string, language = 'nb'): Promise<string> {
  const powers = [{ service: 'nav.pension', action: 'read', object, until: addDays(today, 100) }]
  const given = await giver.give(helper, powers, language)
  expect(given.status).toBe(201)
  return String(given.body.mandate_id)
}

interface Seen {
  readonly notice_id: string
  readonly kind: string
  readonly text: string
  readonly mandate_id: string
  readonly read_at: string | null
}

/** What someone has been told of a mandate, once there are so many; the latest first. */
async function told(visitor: Visitor, mandateId: string, count: number, language = 'nb'): Promise<Seen[]> {
  for (let tries = 0; ; tries++) {
    const { body } = await visitor.get(`/v1/me/notices?language=${language}`)
    const found = (body.notices as Seen[]).filter(({ mandate_id }) => mandate_id === mandateId)
    if (found.length >= count || tries === 100) return found
    await pass(50)
  }
}

describe('the inbox', () => {
  test('tells both of what becomes of a mandate, each in his words and in every language', async () => {
    const mandateId = await give('in every language')
    await giver.change(mandateId, 'freeze')
    for (const language of LANGUAGES) {
      const [toGiver, toHelper] = [
        await told(giver, mandateId, 2, language),
        await told(helper, mandateId, 2, language),
      ]
      expect(toGiver.map(({ kind }) => kind)).toEqual(['frozen', 'given'])
      expect(toHelper.map(({ kind }) => kind)).toEqual(['frozen', 'given'])
      expect(toGiver[1]?.text).toMatch(/Bjarne Aas/)
      expect(toHelper[1]?.text).toMatch(/Turid Tveit/)
      expect(new Set([...toGiver, ...toHelper].map(({ text }) => text)).size).toBe(4)
      expect(JSON.stringify([toGiver, toHelper])).not.toMatch(/\b\d{11}\b|[{}]\w+\}/)
    }
    const [frozen] = await told(giver, mandateId, 2)
    expect(frozen?.text).toBe('Fullmakten til Bjarne Aas er stanset inntil videre.')
    expect(await told(stranger, mandateId, 0)).toEqual([])
  })

  test('marks one as read, then all; again changes nothing; others’ are none of ours', async () => {
    const mandateId = await give('read')
    const [notice] = await told(giver, mandateId, 1)
    const id = notice?.notice_id ?? ''
    const before = (await giver.get('/v1/me/notices')).body.unread as number
    const read = (visitor: Visitor): Promise<Answer> => visitor.post(`/v1/me/notices/${id}/read`, {})
    expect(await read(helper)).toMatchObject({ status: 404, body: { code: 'no_such_notice' } })
    expect(await read(giver)).toMatchObject({ status: 200, body: { unread: before - 1 } })
    const [seen] = await told(giver, mandateId, 1)
    expect(await read(giver)).toMatchObject({ status: 200, body: { unread: before - 1 } })
    expect((await told(giver, mandateId, 1))[0]?.read_at).toBe(seen?.read_at)
    expect(await giver.post('/v1/me/notices/read-all', {})).toMatchObject({ status: 200, body: { unread: 0 } })
    expect(await giver.post('/v1/me/notices/read-all', {})).toMatchObject({ status: 200, body: { unread: 0 } })
    expect((await helper.get('/v1/me/notices')).body.unread).toBeGreaterThan(0)
  })

  test('in pages by key: none twice, none left out, also while new ones come', async () => {
    const owned = await give('pages')
    for (let count = 0; count < 30; count++) {
      await giver.change(owned, 'freeze')
      await giver.change(owned, 'thaw')
    }
    await told(giver, owned, 50)
    const first = await giver.get('/v1/me/notices')
    expect(first.body.notices).toHaveLength(50)
    await giver.change(owned, 'freeze')
    const ids: string[] = (first.body.notices as Seen[]).map(({ notice_id }) => notice_id)
    let next = first.body.next as string | null
    while (next !== null) {
      const page = await giver.get(`/v1/me/notices?before=${next}`)
      ids.push(...(page.body.notices as Seen[]).map(({ notice_id }) => notice_id))
      next = page.body.next as string | null
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(60)
    const others = await helper.get(`/v1/me/notices?before=${ids[0] ?? ''}`)
    expect(others.body.notices).toEqual([])
  })
})

describe('ending quietly', () => {
  test('the helper has no notice, and sees it in the list all the same', async () => {
    const quiet = await give('ended unheard')
    const loud = await give('loud')
    expect(await giver.change(quiet, 'end', { quiet: true })).toMatchObject({ status: 200, body: { state: 'ended' } })
    await giver.change(loud, 'end')
    expect((await told(helper, loud, 2)).map(({ kind }) => kind)).toEqual(['ended', 'given'])
    expect((await told(helper, quiet, 1)).map(({ kind }) => kind)).toEqual(['given'])
    expect((await told(giver, quiet, 2)).map(({ kind }) => kind)).toEqual(['ended', 'given'])
    expect((await helper.get(`/v1/me/mandates/${quiet}`)).body.state).toBe('ended')
    const versions = await helper.get(`/v1/me/mandates/${quiet}/versions`)
    expect(JSON.stringify(versions.body)).not.toContain('quiet')
    expect(JSON.stringify((await helper.get('/v1/me/activity?as=actor')).body)).not.toContain('quiet')
  })

  test('is not for the helper, and not for anything but an end', async () => {
    const mandateId = await give('quiet by the helper')
    expect(await helper.change(mandateId, 'end', { quiet: true })).toMatchObject({
      status: 403,
      body: { code: 'not_yours_to_do' },
    })
    expect(await giver.change(mandateId, 'freeze', { quiet: true })).toMatchObject({ status: 400 })
    expect(await giver.change(mandateId, 'end', { quiet: 'yes' })).toMatchObject({ status: 400 })
  })
})

describe('contact', () => {
  const put = async (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    giver.cookies.fetch(new URL('/v1/me/notice-settings', parts.url), {
      method: 'PUT',
      headers: { 'content-type': 'application/json', origin: parts.url, 'idempotency-key': randomUUID(), ...headers },
      body: JSON.stringify(body),
    })

  test('says what the person has chosen, and that no register is asked where there is none', async () => {
    expect((await giver.get('/v1/me/contact')).body).toEqual({
      status: 'not_asked',
      reserved: null,
      language: null,
      email: null,
      mobile: null,
      settings: { first_use: 'each' },
    })
    const key = { 'idempotency-key': randomUUID() }
    for (const repeated of [key, key]) {
      const answer = await put({ first_use: 'weekly' }, repeated)
      expect([answer.status, await answer.json()]).toEqual([200, { first_use: 'weekly' }])
    }
    expect((await giver.get('/v1/me/contact')).body.settings).toEqual({ first_use: 'weekly' })
    expect((await helper.get('/v1/me/contact')).body.settings).toEqual({ first_use: 'each' })
    const entries = await parts.database.query<{ entry: string }>(
      { name: '', text: `select entry from audit_entry where kind = 'notice_settings_changed'` },
      [],
    )
    expect(entries.map(({ entry }) => (JSON.parse(entry) as { content: unknown }).content)).toEqual([
      { first_use: 'weekly' },
    ])
  })

  test.each([
    ['another word', { first_use: 'daily' }, {}, 400],
    ['a kind that leaves no choice', { first_use: 'each', given: 'never' }, {}, 400],
    ['no key', { first_use: 'each' }, { 'idempotency-key': '' }, 400],
    ['another origin', { first_use: 'each' }, { origin: 'https://elsewhere.example.no' }, 403],
  ])('refuses %s', async (_name, body, headers, status) => {
    expect((await put(body, headers)).status).toBe(status)
  })
})

describe('the receipt', () => {
  async function receipt(visitor: Visitor, mandateId: string, language = 'nb') {
    const path = `/v1/me/mandates/${mandateId}/receipt.pdf?language=${language}`
    const response = await visitor.cookies.fetch(new URL(path, parts.url))
    const bytes = Buffer.from(await response.arrayBuffer())
    return { status: response.status, headers: response.headers, bytes }
  }

  async function words(bytes: Buffer): Promise<string> {
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })
    return text.replaceAll(/\s+/g, ' ')
  }

  test.each(LANGUAGES)(
    'in %s holds the very text that was confirmed, its hash, who, and how to end it',
    async (language) => {
      const mandateId = await give(`receipt in ${language}`, language)
      const { body } = await giver.get(`/v1/me/mandates/${mandateId}/versions`)
      const [version] = body.versions as { text: string; text_hash: string }[]
      const { status, headers, bytes } = await receipt(giver, mandateId, language)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/pdf')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-disposition')).toBe('attachment; filename="fullmakt.pdf"')
      const text = await words(bytes)
      const confirmed = (version?.text ?? '').replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/\s+/g, ' ')
      expect(text).toContain(confirmed)
      expect(text).toContain(version?.text_hash ?? 'none')
      expect(
        createHash('sha256')
          .update(version?.text ?? '')
          .digest('base64url'),
      ).toBe(version?.text_hash)
      for (const word of [mandateId, 'Turid Tveit', 'Bjarne Aas']) expect(text).toContain(word)
      expect(text.replaceAll(' ', '')).toContain(parts.url)
      for (const number of [giver.number, helper.number]) expect(text).not.toContain(number)
      const { info } = await getMeta(await getDocumentProxy(new Uint8Array(bytes)))
      expect(info).toMatchObject({ Language: language })
    },
  )

  test('is the same to the byte while nothing changes, and tells of it when something has', async () => {
    const mandateId = await give('same bytes')
    const [first, second] = [await receipt(giver, mandateId), await receipt(giver, mandateId)]
    expect(first.bytes.equals(second.bytes)).toBe(true)
    expect((await receipt(helper, mandateId)).bytes.equals(first.bytes)).toBe(true)
    expect(await words(first.bytes)).toContain('Nå: Gjelder')
    await giver.change(mandateId, 'end')
    const ended = await receipt(helper, mandateId)
    expect(await words(ended.bytes)).toContain('Nå: Avsluttet')
  })

  test('of a long mandate takes several pages, each with its number', async () => {
    const powers = Array.from({ length: 40 }, (_, index) => ({
      service: 'nav.pension',
      action: 'read',
      object: `sak ${index} áčđŋšŧž`,
    }))
    const given = await giver.give(helper, powers, 'se')
    const { bytes } = await receipt(giver, String(given.body.mandate_id), 'se')
    const document = await getDocumentProxy(new Uint8Array(bytes))
    const { totalPages, text } = await extractText(document, { mergePages: false })
    expect(totalPages).toBeGreaterThan(2)
    text.forEach((page, index) => expect(page).toContain(`Siidu ${index + 1}/${totalPages}`))
    expect(text.join(' ')).toContain('sak 39 áčđŋšŧž')
  })

  test('is for its parties alone', async () => {
    const mandateId = await give('for its parties')
    const refused = await receipt(stranger, mandateId)
    const unknown = await receipt(stranger, randomUUID())
    expect([refused.status, unknown.status]).toEqual([404, 404])
    expect(refused.bytes.toString()).toBe(unknown.bytes.toString())
  })
})

const pass = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
