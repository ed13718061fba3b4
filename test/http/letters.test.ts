import { readFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { extractText, getDocumentProxy } from 'unpdf'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { readTextFiles } from '../../src/registers/text-files.js'
import { sendLetters } from '../../src/requests/send-letters.js'
import { Catalogues } from '../../src/store/catalogue-store.js'
import { asOwner, newcomer } from '../support/newcomers.js'
import { type TestService, testService } from '../support/service.js'
import type { Answer, Visitor } from '../support/visitors.js'

let parts: TestService
const POWER = { service: 'nav.pension', action: 'read' }
const UNTIL = addDays(osloDay(new Date()), 100)

beforeAll(async () => {
  parts = await testService()
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

async function ask(helper: Visitor, asked: { number: string; familyName: string }): Promise<string> {
  const principal = { identifier: asked.number, family_name: asked.familyName }
  const message = 'Da slipper du å gå på NAV.'
  const body = { principal, powers: [POWER], until: UNTIL, message }
  return (await helper.post('/v1/me/requests', body)).body.request_id
}

const order = (helper: Visitor, requestId: string): Promise<Answer> =>
  helper.post(`/v1/me/requests/${requestId}/letter`, {})

async function pair(): Promise<{ helper: Visitor; asked: Visitor; requestId: string }> {
  const [helper, asked] = [await newcomer(parts, 'Hjelper'), await newcomer(parts, 'Čeŋŋet', 90)]
  return { helper, asked, requestId: await ask(helper, asked) }
}

interface Letter {
  readonly file: string
  readonly text: string
  readonly pages: number
  readonly code: string
}

const letterId = async (requestId: string): Promise<string> =>
  (await asOwner<{ id: string }>(parts, 'select letter_id as id from letter where request_id = $1', [requestId]))[0]
    ?.id ?? ''

/** The letter of this request, as soon as it lies in the folder. */
async function letterOf(requestId: string): Promise<Letter> {
  const file = path.join(parts.config.letters?.folder ?? '', `${await letterId(requestId)}.pdf`)
  for (let left = 100; left > 0; left--) {
    const bytes = await readFile(file).catch(() => null)
    if (bytes !== null) {
      const { totalPages, text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), {
        mergePages: true,
      })
      return { file, text, pages: totalPages, code: /[3-9A-Y]{5}(?:-[3-9A-Y]{5}){2}/.exec(text)?.[0] ?? '' }
    }
    await setTimeout(100)
  }
  throw new Error('no letter came')
}

describe('a letter', () => {
  test('one page in plain words: who asks for what, the code, where and whom to call, and no number', async () => {
    const { helper, asked, requestId } = await pair()
    const ordered = await order(helper, requestId)
    expect(ordered).toMatchObject({ status: 201, body: { letter_ordered_at: expect.any(String) } })
    const { text, pages, code, file } = await letterOf(requestId)
    expect(pages).toBe(1)
    for (const part of [
      'Hjelper Prøvesen',
      'Čeŋŋet Prøvesen',
      'Da slipper du å gå på NAV.',
      parts.url,
      '00 00 00 00',
    ]) {
      expect(text).toContain(part)
    }
    for (const { number } of [helper, asked]) expect(text).not.toContain(number)
    expect((await stat(file)).mode & 0o077).toBe(0)
    const lists = [await helper.get('/v1/me/requests'), await asked.get('/v1/me/requests'), ordered]
    expect(JSON.stringify(lists.map(({ body }) => body))).not.toContain(code)

    expect(await helper.post('/v1/me/requests/code', { code })).toMatchObject({ body: { code: 'code_not_valid' } })
    const found = await asked.post('/v1/me/requests/code', { code: code.toLowerCase() })
    expect(found).toMatchObject({ status: 200, body: { request_id: requestId, your_role: 'asked', state: 'open' } })
    const draft = await asked.post('/v1/me/mandates/drafts', { request: requestId, powers: [POWER] })
    expect((await asked.confirm(draft.body)).status).toBe(201)
    expect(await asked.post('/v1/me/requests/code', { code })).toMatchObject({ body: { code: 'code_not_valid' } })
  })

  test('is recorded when it is ordered and when it is sent, and its code is in no table', async () => {
    const { helper, requestId } = await pair()
    await order(helper, requestId)
    const { code } = await letterOf(requestId)
    const text = `select kind, entry from audit_entry where kind like 'letter_%' and entry like '%' || $1 || '%'`
    let entries: readonly { kind: string; entry: string }[] = []
    for (let left = 50; left > 0 && entries.length < 2; left--) {
      entries = await asOwner(parts, text, [requestId])
      await setTimeout(50)
    }
    expect(entries.map(({ kind }) => kind).sort()).toEqual(['letter_ordered', 'letter_sent'])
    const [all] = await asOwner<{ all: string }>(
      parts,
      `select (select json_agg(l) from letter l)::text || (select json_agg(a) from audit_entry a)::text as all`,
    )
    expect(all?.all).not.toContain(code)
  })

  test('at most one for a request, three a year', async () => {
    const { helper, requestId } = await pair()
    const answers = await Promise.all(Array.from({ length: 4 }, () => order(helper, requestId)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    for (let letter = 2; letter <= 3; letter++) {
      expect((await order(helper, await ask(helper, await newcomer(parts, 'Spurt')))).status).toBe(201)
    }
    const fourth = await order(helper, await ask(helper, await newcomer(parts, 'Spurt')))
    expect(fourth).toMatchObject({ status: 429, body: { code: 'asked_too_often' } })
  })

  test('the helper’s alone to order, and only while the request waits', async () => {
    const { helper, asked, requestId } = await pair()
    expect(await order(asked, requestId)).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    const stranger = await newcomer(parts, 'Fremmed')
    expect(await order(stranger, requestId)).toMatchObject({ status: 404, body: { code: 'no_such_request' } })
    await helper.post(`/v1/me/requests/${requestId}/withdrawal`, {})
    expect(await order(helper, requestId)).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
  })

  test('to no one, to someone protected and to one who blocked: the same answer, and no letter', async () => {
    const { helper, asked, requestId } = await pair()
    await asked.post(`/v1/me/requests/${requestId}/refusal`, { block: true })
    const hidden = parts.people.find('hedda-lind')
    const requests = [
      requestId,
      await ask(helper, { number: '07876296653', familyName: 'Tveit' }),
      await ask(helper, { number: hidden?.identityNumber ?? '', familyName: 'Lind' }),
    ]
    const other = await pair()
    const seen: unknown[] = []
    for (const [visitor, id] of [
      ...requests.map((one) => [helper, one] as const),
      [other.helper, other.requestId] as const,
    ]) {
      const from = parts.statements.length
      const { status, body } = await order(visitor, id)
      seen.push([status, Object.keys(body), body.state, typeof body.letter_ordered_at, parts.statements.slice(from)])
    }
    for (const one of seen) expect(one).toEqual(seen[3])
    await letterOf(other.requestId)
    const files = await readdir(parts.config.letters?.folder ?? '')
    for (const id of requests) expect(files).not.toContain(`${await letterId(id)}.pdf`)
  })

  test('written again after a fault it is the same letter, and two that write at once write it once', async () => {
    const { helper, requestId } = await pair()
    await order(helper, requestId)
    const { file, code } = await letterOf(requestId)
    const before = await stat(file)
    await asOwner(parts, 'update letter set sent_at = null where request_id = $1', [requestId])
    const { letter: sentences } = await readTextFiles('texts')
    const letters = parts.config.letters ?? { folder: '', phone: '' }
    const post = { ...letters, address: parts.url, sentences, secret: parts.config.unknownNumberKey }
    await Promise.all([1, 2].map(() => sendLetters(parts.database, new Catalogues(), post)))
    const after = await stat(file)
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs])
    expect((await letterOf(requestId)).code).toBe(code)
    const text = `select count(*)::int as count from audit_entry where kind = 'letter_sent' and entry like '%' || $1 || '%'`
    expect(await asOwner(parts, text, [requestId])).toEqual([{ count: 2 }])
  })
})

describe('in the language of the one who gets it', () => {
  test.each(['nb', 'nn', 'en', 'se'])('%s', async (language) => {
    const { helper, requestId } = await pair()
    await asOwner(
      parts,
      `update session set language = $2 where party_id = (select principal from mandate_request where request_id = $1)`,
      [requestId, language],
    )
    await order(helper, requestId)
    const { text, pages } = await letterOf(requestId)
    const said = { nb: 'Du bestemmer selv', nn: 'Du avgjer sjølv', en: 'You decide', se: 'Don mearridat ieš' }
    expect(text).toContain(said[language as keyof typeof said])
    expect(pages).toBe(1)
  })
})
