import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { country } from '../../standins/country.js'
import { CountryChanges } from '../../standins/country-changes.js'
import { trapNamed } from '../../standins/country-traps.js'
import {
  dump,
  FOLKEREGISTERET_SCOPE,
  startFolkeregisteret,
  type RunningFolkeregisteret,
} from '../../standins/folkeregisteret.js'
import { allNumbers, type PersonDocument } from '../../standins/person-documents.js'
import { startRegisterStage, type RegisterStage } from './register-stage.js'

const land = country({ seed: 8, persons: 1_000 })
let stage: RegisterStage
let register: RunningFolkeregisteret
let token: string
beforeAll(async () => {
  stage = await startRegisterStage([FOLKEREGISTERET_SCOPE, 'other:scope'])
  token = await stage.token(FOLKEREGISTERET_SCOPE)
})
afterAll(() => stage.maskinporten.stop())
beforeEach(async () => {
  const people = new CountryChanges(land, { firstSequence: 500 })
  register = await startFolkeregisteret({ port: 0, people, maskinporten: stage.maskinporten })
})
afterEach(() => register.stop())

function get(below: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(register.url + below, { headers: { authorization: `Bearer ${token}`, ...headers } })
}

function post(numbers: unknown, query = ''): Promise<Response> {
  const body = JSON.stringify({ foedselsEllerDNummer: numbers })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(`${register.url}personer/bulkoppslag${query}`, { method: 'POST', headers, body })
}

interface LookUp {
  readonly oppslag: readonly { readonly foedselsEllerDNummer: string; readonly folkeregisterperson?: PersonDocument }[]
}

async function lookUp(numbers: readonly string[], query = ''): Promise<LookUp['oppslag']> {
  return ((await (await post(numbers, query)).json()) as LookUp).oppslag
}

type Page = readonly { readonly sekvensnummer: number; readonly hendelse: Readonly<Record<string, string>> }[]

async function page(from: number): Promise<Page> {
  return (await (await get(`hendelser/feed?seq=${from}`)).json()) as Page
}

describe('without a good token there is no answer:', () => {
  test.each<[string, number, () => Promise<string>]>([
    ['none', 401, () => Promise.resolve('')],
    ['nonsense', 401, () => Promise.resolve('Bearer nonsense')],
    ['another scope', 403, async () => `Bearer ${await stage.token('other:scope')}`],
    [
      'for a resource',
      401,
      async () => `Bearer ${await stage.token(FOLKEREGISTERET_SCOPE, { resource: 'https://x.example' })}`,
    ],
  ])('%s', async (_, status, authorization) => {
    const answer = await get('hendelser/feed?seq=500', { authorization: await authorization() })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ kode: expect.any(String) })
  })
})

describe('people', () => {
  const number = numberAt(604)

  test('are looked up together, those that nobody is among them', async () => {
    const found = await lookUp([number, '00000000000', numberAt(2)], '?part=relasjon-utvidet&part=person-basis')
    expect(found.map(({ foedselsEllerDNummer }) => foedselsEllerDNummer)).toEqual([number, '00000000000', numberAt(2)])
    expect(found[1]).toEqual({ foedselsEllerDNummer: '00000000000' })
    expect(found[0]?.folkeregisterperson?.navn).toEqual(land.personAt(604).navn)
    expect(found[2]?.folkeregisterperson?.foreldreansvar).toEqual(land.personAt(2).foreldreansvar)
  })

  test('are told of in the parts that were asked for', async () => {
    const members = async (query: string) =>
      Object.keys((await lookUp([numberAt(2)], query))[0]?.folkeregisterperson ?? {})
    expect(await members('')).not.toContain('foreldreansvar')
    expect(await members('?part=foreldreansvar')).toEqual(['identifikasjonsnummer', 'foreldreansvar'])
    expect((await post([number], '?part=alt')).status).toBe(400)
  })

  test('are found by a number that they had, which shows only with history', async () => {
    const { index } = trapNamed(land, 'changed_number')
    const [former = '', current = ''] = allNumbers(land.personAt(index))
    const numbersOf = async (query: string) =>
      allNumbers((await lookUp([former], query))[0]?.folkeregisterperson ?? { identifikasjonsnummer: [] })
    expect(await numbersOf('')).toEqual([current])
    expect(await numbersOf('?part=historikk&part=person-basis')).toEqual([former, current])
  })

  test('are looked up one by one too', async () => {
    const answer = await get(`personer/${number}?part=navn`)
    expect(await answer.json()).toMatchObject({ navn: land.personAt(604).navn })
    expect((await get('personer/00000000000')).status).toBe(404)
  })

  test.each([[[]], ['text'], [Array.from({ length: 1_001 }, () => '0')], [[1]]])(
    'are not looked up by %#',
    async (numbers) => {
      expect((await post(numbers)).status).toBe(400)
    },
  )
})

function numberAt(index: number): string {
  return allNumbers(land.personAt(index)).at(-1) ?? ''
}

describe('the feed', () => {
  test('tells of a death, with the document of the event', async () => {
    register.people.die(604, '2026-11-04')
    const found = await page(500)
    expect(found).toMatchObject([
      {
        sekvensnummer: 500,
        hendelse: { hendelsetype: 'endringIDoedsfall', folkeregisteridentifikator: numberAt(604) },
      },
      { sekvensnummer: 501, hendelse: { hendelsetype: 'endringIStatus' } },
    ])
    const document = await get(`hendelser/${found[0]?.hendelse['hendelsesdokument'] ?? ''}`)
    expect(await document.json()).toMatchObject({
      hendelse: { hendelsestype: 'endringIDoedsfall', egenskapshendelse: [{ entitet: 'doedsfall' }] },
    })
    expect((await lookUp([numberAt(604)]))[0]?.folkeregisterperson?.doedsfall).toHaveLength(1)
  })

  test('gives a thousand at most, and the newest number', async () => {
    register.people.touch(0, 1_000)
    register.people.touch(0, 5)
    expect(await page(500)).toHaveLength(1_000)
    expect((await page(1_500)).map(({ sekvensnummer }) => sekvensnummer)).toEqual([1_500, 1_501, 1_502, 1_503, 1_504])
    expect(await (await get('hendelser/siste/sekvensnummer')).json()).toEqual({ sekvensnummer: 1_504 })
  })

  test('says 304 until something happens', async () => {
    register.people.touch(0, 3)
    const etag = (await get('hendelser/feed?seq=500')).headers.get('etag') ?? ''
    expect((await get('hendelser/feed?seq=500', { 'if-none-match': etag })).status).toBe(304)
    register.people.touch(3, 4)
    expect((await get('hendelser/feed?seq=500', { 'if-none-match': etag })).status).toBe(200)
  })

  test('refuses what it no longer keeps, and what is no number', async () => {
    expect((await get('hendelser/feed?seq=499')).status).toBe(406)
    expect((await get('hendelser/feed?seq=-1')).status).toBe(400)
    expect((await get('hendelser/unknown')).status).toBe(400)
    expect((await get('elsewhere')).status).toBe(404)
  })
})

describe('told to, it', () => {
  const sequences = (found: Page) => found.map(({ sekvensnummer }) => sekvensnummer)
  beforeEach(() => register.people.touch(0, 4))

  test('is down, once', async () => {
    register.faults.next({ kind: 'down' })
    await expect(page(500)).rejects.toThrow('fetch failed')
    expect(await page(500)).toHaveLength(4)
  })

  test('is slow', async () => {
    register.faults.next({ kind: 'slow', milliseconds: 120 })
    const start = performance.now()
    expect(await page(500)).toHaveLength(4)
    expect(performance.now() - start).toBeGreaterThan(100)
  })

  test('asks for patience, twice', async () => {
    register.faults.next({ kind: 'status', status: 429, retryAfter: 250 }, 2)
    const answers = [
      await get('hendelser/feed?seq=500'),
      await get('hendelser/feed?seq=500'),
      await get('hendelser/feed?seq=500'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200])
    expect(answers[0]?.headers.get('retry-after')).toBe('250')
  })

  test('sends a page of the web instead of JSON', async () => {
    register.faults.next({ kind: 'wrong_content_type' })
    expect((await get('hendelser/feed?seq=500')).headers.get('content-type')).toContain('text/html')
  })

  test('sends half a page', async () => {
    register.faults.next({ kind: 'half_page' })
    const text = await (await get('hendelser/feed?seq=500')).text()
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
    expect(text.startsWith('[{"sekvensnummer":500')).toBe(true)
  })

  test('sends the page before again', async () => {
    await page(500)
    register.faults.next({ kind: 'repeated_page' })
    expect(sequences(await page(502))).toEqual([500, 501, 502, 503])
  })

  test('sends events out of order, or none', async () => {
    register.faults.next({ kind: 'out_of_order' })
    register.faults.next({ kind: 'empty_list' })
    expect(sequences(await page(500))).toEqual([503, 502, 501, 500])
    expect(await page(500)).toEqual([])
  })

  test('leaves people out, and puts in one whom nobody asked for', async () => {
    const numbers = [numberAt(10), numberAt(11)]
    register.faults.next({ kind: 'left_out' }, 1, /bulkoppslag/)
    expect(await page(500)).toHaveLength(4)
    expect((await lookUp(numbers)).map(({ foedselsEllerDNummer }) => foedselsEllerDNummer)).toEqual([numbers[1]])
    register.faults.next({ kind: 'stranger' })
    expect(await lookUp([numberAt(12)])).toHaveLength(2)
  })

  test('forgets what it was told', async () => {
    register.faults.next({ kind: 'down' }, 100)
    register.faults.clear()
    expect(await page(500)).toHaveLength(4)
  })
})

test('a dump has everyone as they are now, one a line', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fullmakt-dump-'))
  try {
    register.people.die(604, '2026-11-04')
    await dump(register.people, path.join(folder, 'people.jsonl'))
    const lines = (await readFile(path.join(folder, 'people.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(1_000)
    expect(JSON.parse(lines[17] ?? '')).toEqual(land.personAt(17))
    expect((JSON.parse(lines[604] ?? '') as PersonDocument).doedsfall).toHaveLength(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})
