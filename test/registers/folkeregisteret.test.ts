import { afterEach, describe, expect, test } from '@jest/globals'
import { Folkeregisteret } from '../../src/registers/folkeregisteret.js'
import {
  IMPATIENT,
  NUMBERS,
  type RegisterServer,
  type Reply,
  TOKENS,
  faultOf,
  json,
  startRegister,
  status,
} from './register-server.js'

let server: RegisterServer
afterEach(() => server.stop())

async function folkeregisteret(...replies: Reply[]): Promise<Folkeregisteret> {
  server = await startRegister(...replies)
  return new Folkeregisteret({ address: `${server.address}api/v1/`, tokens: TOKENS, patience: IMPATIENT, batch: 2 })
}

const documentOf = (...numbers: string[]): unknown => ({
  identifikasjonsnummer: numbers.map((number, index) => ({
    erGjeldende: index === 0,
    status: index === 0 ? 'iBruk' : 'opphoert',
    foedselsEllerDNummer: number,
    identifikatortype: 'foedselsnummer',
  })),
})

const entry = (number: string, document: unknown = documentOf(number)): unknown => ({
  foedselsEllerDNummer: number,
  folkeregisterperson: document,
})

const oppslag = (...entries: unknown[]): Reply => json({ oppslag: entries })

const { child, mother, other } = NUMBERS

describe('persons', () => {
  test('are asked for by POST, so many at a time, each once, with the parts that we need', async () => {
    const register = await folkeregisteret(oppslag(entry(mother), entry(child)), oppslag(entry(other)))
    const found = await register.persons([child, mother, child, other])
    expect([...found.keys()].sort()).toEqual([child, mother, other].sort())
    expect(found.get(child)).toEqual(documentOf(child))
    expect(server.asked.map(({ method, body }) => [method, JSON.parse(body) as unknown])).toEqual([
      ['POST', { foedselsEllerDNummer: [child, mother] }],
      ['POST', { foedselsEllerDNummer: [other] }],
    ])
    const url = new URL(server.asked[0]?.url ?? '', 'http://x')
    expect(url.pathname).toBe('/api/v1/personer/bulkoppslag')
    expect(url.searchParams.getAll('part')).toContain('RettsligHandleevne')
    expect(url.searchParams.getAll('part')).not.toContain('historikk')
  })

  test('none are asked for without a question', async () => {
    const register = await folkeregisteret()
    await expect(register.persons([])).resolves.toEqual(new Map())
    expect(server.asked).toEqual([])
  })

  test('whom the register says that it does not know stands as null', async () => {
    const register = await folkeregisteret(oppslag({ foedselsEllerDNummer: child }))
    await expect(register.persons([child])).resolves.toEqual(new Map([[child, null]]))
  })

  test('one who has changed number is found by the old one, once the history proves it', async () => {
    const register = await folkeregisteret(
      oppslag(entry(child), entry(mother, documentOf(other))),
      oppslag(entry(mother, documentOf(other, mother))),
    )
    const found = await register.persons([child, mother])
    expect(found.get(mother)).toEqual(documentOf(other, mother))
    expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual({ foedselsEllerDNummer: [mother] })
    expect(server.asked[1]?.url).toContain('part=historikk')
  })

  test('so is one whose rows have an earlier number', async () => {
    const foreldreansvar = [{ erGjeldende: true, ansvar: 'mor', ansvarssubjekt: other, ansvarlig: mother }]
    const withRows = (...numbers: string[]): unknown => ({ ...(documentOf(...numbers) as object), foreldreansvar })
    const register = await folkeregisteret(
      oppslag(entry(child, withRows(child))),
      oppslag(entry(child, withRows(child, other))),
    )
    await expect(register.persons([child])).resolves.toEqual(new Map([[child, withRows(child, other)]]))
    expect(server.asked).toHaveLength(2)
  })

  test('a row that names nobody asks for no history', async () => {
    const register = await folkeregisteret(
      oppslag(
        entry(child, { ...(documentOf(child) as object), foreldreansvar: [{ erGjeldende: true, ansvar: 'ukjent' }] }),
      ),
    )
    await register.persons([child])
    expect(server.asked).toHaveLength(1)
  })

  test('rows about others that no history explains are left to the reader', async () => {
    const foreldreansvar = [{ erGjeldende: true, ansvar: 'mor', ansvarssubjekt: other, ansvarlig: mother }]
    const stranger = { ...(documentOf(child) as object), foreldreansvar }
    const register = await folkeregisteret(oppslag(entry(child, stranger)))
    await expect(register.persons([child])).resolves.toEqual(new Map([[child, stranger]]))
    expect(server.asked).toHaveLength(2)
  })

  test.each<[string, Reply, string]>([
    ['someone is left out', oppslag(entry(child)), 'incomplete (1 of 2 left out)'],
    ['everyone is left out', oppslag(), 'incomplete (2 of 2 left out)'],
    ['the list itself is missing', json({}), 'incomplete (2 of 2 left out)'],
    ['someone nobody asked for', oppslag(entry(child), entry(mother), entry(other)), 'unasked'],
    [
      'documents changed about',
      oppslag(entry(child, documentOf(mother)), entry(mother, documentOf(child))),
      'unasked (a document of another)',
    ],
    ['a document of a third person', oppslag(entry(child), entry(mother, documentOf(other))), 'unasked'],
    [
      'someone twice',
      oppslag(entry(child), entry(child), entry(mother)),
      'malformed (oppslag[1].foedselsEllerDNummer)',
    ],
    ['an entry without a number', oppslag(entry(child), {}), 'malformed (oppslag[1].foedselsEllerDNummer)'],
    [
      'a document without a number',
      oppslag(entry(child), entry(mother, { identifikasjonsnummer: [{}] })),
      'malformed (person.identifikasjonsnummer[0].foedselsEllerDNummer)',
    ],
    ['a list instead of an object', json([]), 'malformed'],
    [
      'half a text',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"oppslag":['),
      'malformed (not whole JSON)',
    ],
  ])('a lie is named: %s', async (_, reply, message) => {
    const register = await folkeregisteret(reply)
    const fault = await faultOf(register.persons([child, mother]))
    expect(fault.message).toContain(`folkeregisteret: ${message}`)
    expect(fault.message).not.toMatch(/\d{11}/)
  })

  test('no number ever stands in an address', async () => {
    const register = await folkeregisteret(oppslag(entry(child)))
    await register.persons([child])
    expect(server.asked.map(({ url }) => url).join()).not.toMatch(/\d{11}/)
  })
})

const event = (sekvensnummer: unknown, kind: object = { hendelsetype: 'endringIVergemaal' }): unknown => ({
  sekvensnummer,
  hendelse: { folkeregisteridentifikator: child, ajourholdstidspunkt: '2026-06-20T09:26:03.689+02:00', ...kind },
})

describe('the feed', () => {
  test('gives the events from a number on, gaps and both spellings of the kind', async () => {
    const register = await folkeregisteret(json([event(7), event(12, { hendelsestype: 'noeNytt' })], { etag: '"e"' }))
    await expect(register.feed(5)).resolves.toEqual({
      events: [
        { sequence: 7, number: child, kind: 'endringIVergemaal', updatedAt: new Date('2026-06-20T07:26:03.689Z') },
        { sequence: 12, number: child, kind: 'noeNytt', updatedAt: new Date('2026-06-20T07:26:03.689Z') },
      ],
      next: 13,
      etag: '"e"',
    })
    expect(server.asked[0]?.url).toBe('/api/v1/hendelser/feed?seq=5')
  })

  test('an empty page stays where it is; 304 is unchanged', async () => {
    const register = await folkeregisteret(json([], { etag: '"e"' }), status(304))
    await expect(register.feed(5)).resolves.toEqual({ events: [], next: 5, etag: '"e"' })
    await expect(register.feed(5, '"e"')).resolves.toBe('unchanged')
  })

  test.each<[string, Reply, string]>([
    ['older than the register keeps', status(406), 'outside_window'],
    ['the same number twice', json([event(7), event(7)]), 'out_of_order'],
    ['numbers that decrease', json([event(8), event(7)]), 'out_of_order'],
    ['a page that begins before what was asked', json([event(4), event(7)]), 'out_of_order'],
    ['no number', json([event(null)]), 'malformed (feed[0].sekvensnummer)'],
    ['a number that is none', json([event('7b')]), 'malformed (feed[0].sekvensnummer)'],
    [
      'nobody',
      json([{ sekvensnummer: 7, hendelse: { hendelsetype: 'x' } }]),
      'malformed (feed[0].hendelse.folkeregisteridentifikator)',
    ],
    ['no kind', json([event(7, {})]), 'malformed (feed[0].hendelse.hendelsetype)'],
    ['an object', json({}), 'malformed (feed)'],
    [
      'half a page',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[{"sekvensnummer": 7'),
      'malformed (not whole JSON)',
    ],
  ])('%s', async (_, reply, message) => {
    const register = await folkeregisteret(reply)
    expect((await faultOf(register.feed(5))).message).toBe(`folkeregisteret: ${message}`)
  })
})

describe('the latest sequence number', () => {
  test.each([[json({ sekvensnummer: 40241 })], [json(40241)]])('is read in both its forms', async (reply) => {
    const register = await folkeregisteret(reply)
    await expect(register.latestSequence()).resolves.toBe(40241)
    expect(server.asked[0]?.url).toBe('/api/v1/hendelser/siste/sekvensnummer')
  })

  test.each([[json({})], [json({ sekvensnummer: -1 })], [json('x')], [json(null)]])(
    'or named as malformed',
    async (reply) => {
      const register = await folkeregisteret(reply)
      expect((await faultOf(register.latestSequence())).code).toBe('malformed')
    },
  )
})
