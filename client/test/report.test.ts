import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type ReportedUse, type Reporter, reporter } from '../src/report.js'
import { type Came, type UsesServer, startUsesServer, takeAll } from './uses-server.js'

const TOKEN = {
  evaluationId: '01890000-0000-7000-8000-000000000000',
  power: { service: 'nav.pension', action: 'read', provider: null, object: null },
} as const

let server: UsesServer
let lost: { readonly use: ReportedUse; readonly why: string }[]
let reporters: Reporter[]

beforeEach(async () => {
  server = await startUsesServer()
  lost = []
  reporters = []
  // Pauses are as short as they get: half a second, one, two.
  jest.spyOn(Math, 'random').mockReturnValue(1)
})

afterEach(async () => {
  jest.restoreAllMocks()
  for (const one of reporters) await one.close(0)
  await server[Symbol.asyncDispose]()
})

function open(more: { left?: readonly ReportedUse[]; token?: () => Promise<string> } = {}): Reporter {
  const onLost = (use: ReportedUse, why: string): void => void lost.push({ use, why })
  const opened = reporter({ issuer: server.issuer, token: () => Promise.resolve('t'), onLost, ...more })
  reporters.push(opened)
  return opened
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const refer = (reference: string): { outcome: 'done'; reference: string } => ({ outcome: 'done', reference })
const references = (uses: readonly Pick<Came, 'reference'>[]): unknown[] => uses.map(({ reference }) => reference)

describe('a use', () => {
  test('is sent in one line, in the background, with the token for asking', async () => {
    const asked: (string | undefined)[] = []
    server.behave = (uses, request) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`)
      return takeAll(uses, request)
    }
    const uses = open({ token: () => Promise.resolve('secret') })
    uses.report(TOKEN, { outcome: 'done', reference: 'sak 17' })
    expect(server.requests).toEqual([])
    await until(() => uses.state().waiting === 0)
    expect(asked).toEqual(['POST /v1/uses Bearer secret'])
    expect(server.requests).toEqual([
      [
        {
          use_id: expect.stringMatching(/^[\da-f-]{36}$/),
          evaluation_id: TOKEN.evaluationId,
          service: 'nav.pension',
          action: 'read',
          outcome: 'done',
          reference: 'sak 17',
          happened_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        },
      ],
    ])
    expect(lost).toEqual([])
  })

  test('says where and to what, what else was done and when', async () => {
    const power = { service: 'muni.school', action: 'read', provider: '958935420', object: 'klasse-4b' } as const
    const at = new Date('2026-03-03T12:00:00Z')
    const uses = open()
    uses.report({ ...TOKEN, power }, { outcome: 'failed', action: 'write', at })
    await uses.close(5_000)
    expect(server.requests[0]?.[0]).toMatchObject({
      service: 'muni.school',
      action: 'write',
      provider: '958935420',
      object: 'klasse-4b',
      outcome: 'failed',
      happened_at: '2026-03-03T12:00:00.000Z',
    })
    expect(server.requests[0]?.[0]).not.toHaveProperty('reference')
  })

  test('is gathered with others, fifty to a request, in their order', async () => {
    const uses = open()
    for (let n = 0; n < 120; n++) uses.report(TOKEN, refer(`${n}`))
    expect(await uses.close(5_000)).toEqual([])
    expect(server.requests.map(({ length }) => length)).toEqual([50, 50, 20])
    expect(references(server.requests.flat())).toEqual(Array.from({ length: 120 }, (_, n) => `${n}`))
    expect(new Set(server.requests.flat().map(({ use_id }) => use_id)).size).toBe(120)
  })

  const wrong: readonly (readonly [string, unknown, unknown])[] = [
    ['no outcome', TOKEN, {}],
    ['an unknown outcome', TOKEN, { outcome: 'perhaps' }],
    ['an unknown action', TOKEN, { outcome: 'done', action: 'manage' }],
    ['a reference that is no text', TOKEN, { outcome: 'done', reference: 17 }],
    ['an empty reference', TOKEN, { outcome: 'done', reference: '' }],
    ['a time that is none', TOKEN, { outcome: 'done', at: new Date(Number.NaN) }],
    ['no evaluation', { power: TOKEN.power }, { outcome: 'done' }],
  ]
  test.each(wrong)('with %s is a mistake of the caller', (_name, token, use) => {
    const uses = open() as unknown as { report(token: unknown, use: unknown): void; state(): { waiting: number } }
    expect(() => uses.report(token, use)).toThrow(TypeError)
    expect(uses.state().waiting).toBe(0)
  })
})

describe('an outage', () => {
  test.each([503, 401, 302])('answered with %d: the same uses come again', async (status) => {
    server.behave = () => status
    const uses = open()
    uses.report(TOKEN, refer('a'))
    await until(() => uses.state().failures === 1)
    expect(String(uses.state().lastError)).toMatch(status === 302 ? /fetch failed/ : `${status}`)
    server.behave = takeAll
    uses.report(TOKEN, refer('b'))
    await until(() => uses.state().waiting === 0)
    expect(references(server.requests.at(-1) ?? [])).toEqual(['a', 'b'])
    expect(server.requests.at(-1)?.[0]?.use_id).toBe(server.requests[0]?.[0]?.use_id)
    expect(uses.state()).toEqual({ waiting: 0, failures: 0, lastError: undefined })
    expect(lost).toEqual([])
  })

  test('pauses longer each time', async () => {
    server.behave = () => 503
    const uses = open()
    const begun = performance.now()
    uses.report(TOKEN, refer('a'))
    await until(() => server.requests.length === 3)
    // A gathering, half a second, one second.
    expect(performance.now() - begun).toBeGreaterThan(1_550)
    for (let n = 0; n < 100; n++) uses.report(TOKEN, refer('b'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(server.requests).toHaveLength(3)
  })

  const strange: readonly (readonly [string, (ids: readonly string[]) => readonly unknown[]])[] = [
    ['for none of them', () => []],
    ['for one of them', ([first]) => [{ use_id: first, taken: true, refused: null }]],
    ['for others', (ids) => ids.map((id) => ({ use_id: id.replace(/^./, 'x'), taken: true, refused: null }))],
    ['that says neither', (ids) => ids.map((use_id) => ({ use_id, taken: 'yes', refused: null }))],
  ]
  test.each(strange)('is an answer, too, %s', async (_name, answer) => {
    server.behave = (uses) => answer(uses.map(({ use_id }) => use_id))
    const uses = open()
    uses.report(TOKEN, refer('a'))
    uses.report(TOKEN, refer('b'))
    await until(() => uses.state().failures === 1)
    expect(uses.state().waiting).toBe(2)
    expect(lost).toEqual([])
  })

  test('of what gives the token for asking', async () => {
    let fails = true
    const uses = open({ token: () => (fails ? Promise.reject(new Error('no token')) : Promise.resolve('t')) })
    uses.report(TOKEN, refer('a'))
    await until(() => uses.state().failures === 1)
    expect(uses.state().lastError).toEqual(new Error('no token'))
    fails = false
    await until(() => uses.state().waiting === 0)
  })

  test('leaves ten thousand in memory: the oldest go, and the caller is told of each', async () => {
    server.behave = () => 503
    const uses = open()
    for (let n = 0; n < 10_003; n++) uses.report(TOKEN, refer(`${n}`))
    expect(uses.state().waiting).toBe(10_000)
    await until(() => lost.length > 0)
    expect(lost.map(({ use, why }) => [use.reference, why])).toEqual([
      ['0', 'buffer_full'],
      ['1', 'buffer_full'],
      ['2', 'buffer_full'],
    ])
    await until(() => uses.state().failures === 1)
    expect(uses.state().waiting).toBe(10_000)
    server.behave = takeAll
    expect(await uses.close(10_000)).toEqual([])
    const came = references(server.requests.slice(1).flat())
    expect(came).toEqual(Array.from({ length: 10_000 }, (_, n) => `${n + 3}`))
  })
})

describe('what the issuer refuses', () => {
  test('is told to the caller by its code and not sent again, and the others are taken', async () => {
    server.behave = (uses) =>
      uses.map(({ use_id, reference }) =>
        reference === 'bad'
          ? { use_id, taken: false, refused: 'no_such_token' }
          : { use_id, taken: true, refused: null },
      )
    const uses = open()
    for (const reference of ['a', 'bad', 'b']) uses.report(TOKEN, refer(reference))
    expect(await uses.close(5_000)).toEqual([])
    expect(lost.map(({ use, why }) => [use.reference, why])).toEqual([['bad', 'no_such_token']])
    expect(server.requests).toHaveLength(1)
  })

  test.each([400, 413, 422])('as a whole (%d): the one that cannot be read holds up no other', async (status) => {
    const came: unknown[] = []
    server.behave = (uses, request) => {
      if (uses.some(({ reference }) => reference === 'bad')) return status
      came.push(...references(uses))
      return takeAll(uses, request)
    }
    const uses = open()
    for (const reference of ['a', 'b', 'bad', 'c', 'd', 'e']) uses.report(TOKEN, refer(reference))
    expect(await uses.close(5_000)).toEqual([])
    expect(came).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(lost.map(({ use, why }) => [use.reference, why])).toEqual([['bad', 'invalid_request']])
    expect(server.requests.length).toBeLessThan(10)
  })

  test('by its length is not sent at all', async () => {
    const uses = open()
    uses.report(TOKEN, refer('x'.repeat(101)))
    uses.report(TOKEN, refer('x'.repeat(100)))
    expect(await uses.close(5_000)).toEqual([])
    expect(lost.map(({ why }) => why)).toEqual(['reference_not_allowed'])
    expect(server.requests.flat()).toHaveLength(1)
  })
})

describe('closing', () => {
  test('sends what waits, without the pause that was on', async () => {
    server.behave = () => 503
    const uses = open()
    uses.report(TOKEN, refer('a'))
    await until(() => server.requests.length === 2 && uses.state().failures === 2)
    server.behave = takeAll
    const begun = performance.now()
    expect(await uses.close(5_000)).toEqual([])
    expect(performance.now() - begun).toBeLessThan(500)
  })

  test('gives back what could not be delivered in time, and that can be handed to the next one', async () => {
    server.behave = () => 'silence'
    const uses = open()
    for (let n = 0; n < 70; n++) uses.report(TOKEN, refer(`${n}`))
    const begun = performance.now()
    const left = await uses.close(300)
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(references(left)).toEqual(Array.from({ length: 70 }, (_, n) => `${n}`))
    expect(uses.state().waiting).toBe(0)
    server.behave = takeAll
    const next = open({ left: JSON.parse(JSON.stringify(left)) as ReportedUse[] })
    expect(await next.close(5_000)).toEqual([])
    expect(server.requests.slice(1).flat()).toEqual(left)
  })

  test('tries again as long as there is time', async () => {
    server.behave = () => (server.requests.length < 2 ? 503 : takeAll(server.requests.at(-1) ?? [], undefined as never))
    const uses = open()
    uses.report(TOKEN, refer('a'))
    expect(await uses.close(5_000)).toEqual([])
    expect(server.requests).toHaveLength(2)
  })

  test('ends in time when the token for asking never comes', async () => {
    const uses = open({ token: () => new Promise(() => undefined) })
    uses.report(TOKEN, refer('a'))
    expect(references(await uses.close(100))).toEqual(['a'])
  })

  test('takes no more: the caller is told of what comes after', async () => {
    const uses = open()
    await uses.close(100)
    uses.report(TOKEN, refer('late'))
    await until(() => lost.length === 1)
    expect(lost[0]?.why).toBe('closed')
    expect(server.requests).toEqual([])
  })

  test('twice is once', async () => {
    const uses = open()
    uses.report(TOKEN, refer('a'))
    expect(await Promise.all([uses.close(5_000), uses.close(5_000)])).toEqual([[], []])
    expect(server.requests).toHaveLength(1)
  })
})

test.each(['http://fullmakt.example.no', 'file:///fullmakt', 'https://user:word@fullmakt.example.no'])(
  'reports nothing to %s',
  (issuer) => {
    const settings = { issuer, token: () => Promise.resolve('t'), onLost: () => undefined }
    expect(() => reporter(settings)).toThrow(TypeError)
  },
)
