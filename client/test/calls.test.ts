import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CallFailed, type CallFailure, connectFullmakt, type Fullmakt, newVerifier } from '../src/client.js'
import { type FakeIssuer, startFakeIssuer } from '../src/testing.js'
import { json, type KeyServer, startKeyServer } from './key-server.js'

const AUDIENCE = 'https://api.nav.example/pensjon'
const READ = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
const USER = { issuer: 'https://idporten.no', subject: 'kari' }
const QUESTION = {
  representative: 'p_a',
  principal: { type: 'person', id: 'p_b' },
  power: READ,
  login: null,
  via: null,
} as const

async function codeOf(call: Promise<unknown>): Promise<string> {
  const outcome: unknown = await call.catch((error: unknown) => error)
  if (outcome instanceof CallFailed) return outcome.code
  throw new Error('did not fail', { cause: outcome })
}

describe('with a fake issuer', () => {
  let issuer: FakeIssuer
  let fullmakt: Fullmakt
  beforeAll(async () => {
    issuer = await startFakeIssuer()
    fullmakt = connectFullmakt({ events: null, issuer: issuer.issuer, audience: AUDIENCE, client: issuer.client })
  })
  afterAll(() => issuer.stop())

  test('a hundred questions at once get one access token and read the metadata once', async () => {
    issuer.answer(({ power }) => (power.action === 'read' ? { allowed: true } : { allowed: false, reason: 'ended' }))
    const decisions = await Promise.all(Array.from({ length: 100 }, () => fullmakt.ask(QUESTION)))
    expect(decisions.every(({ allowed }) => allowed)).toBe(true)
    for (const once of ['/oauth/token', '/.well-known/oauth-authorization-server'])
      expect(issuer.asked.filter((path) => path === once)).toHaveLength(1)
    expect(await fullmakt.ask({ ...QUESTION, power: { ...READ, action: 'sign' } })).toMatchObject({ reason: 'ended' })
  })

  test('a yes with an obligation that is not known is no yes, a no with a new reason is a no', async () => {
    issuer.answer(() => ({ allowed: true, obligations: [{ type: 'dance' }] }))
    expect(await codeOf(fullmakt.ask(QUESTION))).toBe('unexpected_answer')
    issuer.answer(() => ({ allowed: false, reason: 'new_one' }))
    expect(await fullmakt.ask(QUESTION)).toMatchObject({ allowed: false, reason: 'unlisted' })
  })

  test('a session, a token and its introspection where the token demands it', async () => {
    const token = { audience: AUDIENCE, user: USER, powers: [READ], obligations: ['introspect'] } as const
    issuer.represent([{ handle: 'r_1', name: 'Ola', token }])
    const { actorGrant, representations } = await fullmakt.representations('any')
    expect(representations).toMatchObject([{ handle: 'r_1', principal: { name: 'Ola' }, powers: [READ] }])
    const given = await fullmakt.exchange({ handle: 'r_1', actorGrant, powers: null, proofKey: null, act: null })
    const wanted = { power: READ, user: USER, proof: null, minimumAssurance: 'high' } as const
    expect((await fullmakt.verify(given.token, wanted)).obligations).toEqual(['introspect'])
    // The list that was fetched still calls it valid.
    issuer.setStatus(given.token, 'ended')
    await expect(fullmakt.verify(given.token, wanted)).rejects.toMatchObject({ code: 'status_ended' })
    const bare = newVerifier({ issuer: issuer.issuer, audience: AUDIENCE })
    issuer.setStatus(given.token, 'valid')
    await expect(bare.verify(given.token, wanted)).rejects.toMatchObject({ code: 'introspection_required' })
    issuer.setDown(true)
    await expect(fullmakt.verify(given.token, wanted)).rejects.toMatchObject({ code: 'status_unavailable' })
    expect(
      await codeOf(fullmakt.exchange({ handle: 'r_1', actorGrant, powers: null, proofKey: null, act: null })),
    ).toBe('unavailable')
    issuer.setDown(false)
  })

  test('a key that is withdrawn serves no token that was seen', async () => {
    const own = await startFakeIssuer()
    const verifier = newVerifier({ issuer: own.issuer, audience: AUDIENCE })
    const token = await own.token({ audience: AUDIENCE, user: USER, powers: [READ] })
    await own.rotateKey()
    await expect(
      verifier.verify(token, { power: READ, user: USER, proof: null, minimumAssurance: 'high' }),
    ).rejects.toMatchObject({ code: 'key' })
    await own.stop()
  })
})

describe('an issuer that is not what it says', () => {
  let server: KeyServer
  let issuer: string
  let answers: Record<string, unknown>
  beforeAll(async () => {
    server = await startKeyServer((response, request) => {
      const answer = answers[request.url ?? '']
      if (answer === undefined) response.writeHead(404).end('{}')
      else if (typeof answer === 'function') (answer as KeyServer['answer'])(response, request)
      else json(answer)(response, request)
    })
    issuer = server.url.origin
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  const oauth = (): Record<string, unknown> => ({
    issuer,
    jwks_uri: `${issuer}/jwks`,
    token_endpoint: `${issuer}/oauth/token`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
  })
  const authzen = (): Record<string, unknown> => ({
    policy_decision_point: issuer,
    access_evaluation_endpoint: `${issuer}/evaluation`,
  })
  const token = { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 300 }
  const raw = (answer: KeyServer['answer']): KeyServer['answer'] => answer
  const decided = (answer: unknown) => (): Record<string, unknown> => ({ '/evaluation': answer })

  // prettier-ignore
  const rows: readonly (readonly [string, () => Record<string, unknown>, CallFailure])[] = [
    ['names another issuer', () => ({ '/.well-known/oauth-authorization-server': { ...oauth(), issuer: 'https://other.example' } }), 'unexpected_answer'],
    ['names itself with a slash more', () => ({ '/.well-known/oauth-authorization-server': { ...oauth(), issuer: `${issuer}/` } }), 'unexpected_answer'],
    ['sends proofs elsewhere', () => ({ '/.well-known/oauth-authorization-server': { ...oauth(), token_endpoint: 'https://other.example/token' } }), 'unexpected_answer'],
    ['has its doors at a like-named host', () => ({ '/.well-known/authzen-configuration': { ...authzen(), access_evaluation_endpoint: `${issuer}.example/evaluation` } }), 'unexpected_answer'],
    ['has no metadata', () => ({ '/.well-known/authzen-configuration': undefined }), 'unavailable'],
    ['has metadata with a member twice', () => ({ '/.well-known/authzen-configuration': raw((response) => response.end('{"a":1,"a":2}')) }), 'unexpected_answer'],
    ['sends us on', () => ({ '/evaluation': raw((response) => response.writeHead(307, { location: 'https://other.example' }).end()) }), 'unavailable'],
    ['gives no access token', () => ({ '/oauth/token': { token_type: 'Bearer' } }), 'unexpected_answer'],
    ['answers with a page', () => ({ '/evaluation': raw((response) => response.end('<html>')) }), 'unexpected_answer'],
    ['answers without end', () => ({ '/evaluation': raw((response) => response.end('x'.repeat(5_000_000))) }), 'unavailable'],
    ['has a fault', () => ({ '/evaluation': raw((response) => response.writeHead(500).end('oops')) }), 'unavailable'],
    ['is busy', () => ({ '/evaluation': raw((response) => response.writeHead(429).end('{}')) }), 'unavailable'],
    ['lets nobody in', () => ({ '/evaluation': raw((response) => response.writeHead(401).end('{}')) }), 'invalid_client_token'],
    ['says neither yes nor no', decided({}), 'unexpected_answer'],
    ['says "true"', decided({ decision: 'true' }), 'unexpected_answer'],
    ['says 1', decided({ decision: 1 }), 'unexpected_answer'],
    ['says yes on a ground of its own', decided({ decision: true, context: { basis: 'friendship' } }), 'unexpected_answer'],
    ['says yes and asks for something without saying what', decided({ decision: true, context: { obligations: [{}] } }), 'unexpected_answer'],
  ]
  test.each(rows)('%s: %#', async (_, changes, code) => {
    answers = {
      '/.well-known/oauth-authorization-server': oauth(),
      '/.well-known/authzen-configuration': authzen(),
      '/oauth/token': token,
      '/evaluation': { decision: true },
    }
    const client = { clientId: 'x', key: await startedKey() }
    expect(await connectFullmakt({ events: null, issuer, audience: AUDIENCE, client }).ask(QUESTION)).toMatchObject({
      allowed: true,
    })
    answers = { ...answers, ...changes() }
    expect(await codeOf(connectFullmakt({ events: null, issuer, audience: AUDIENCE, client }).ask(QUESTION))).toBe(code)
  })

  test.each([
    'http://fullmakt.example.no',
    'https://user@fullmakt.example.no',
    'https://fullmakt.example.no/',
    'https://fullmakt.example.no?x',
    'nowhere',
  ])('is not even asked as %s', async (address) => {
    const client = { clientId: 'x', key: await startedKey() }
    expect(() => connectFullmakt({ events: null, issuer: address, audience: AUDIENCE, client })).toThrow(
      /^(issuer: |Invalid URL)/,
    )
  })
})

async function startedKey() {
  const issuer = await startFakeIssuer()
  await issuer.stop()
  return issuer.client.key
}

test('events are followed with a new access token each time: one that was withdrawn is not shown again', async () => {
  await using issuer = await startFakeIssuer()
  const faults: unknown[] = []
  const events = { onEvent: () => undefined, onFault: (error: unknown) => faults.push(error) }
  const fullmakt = connectFullmakt({ issuer: issuer.issuer, audience: AUDIENCE, client: issuer.client, events })
  const streams = () => issuer.asked.filter((path) => path === '/v1/events').length
  const power = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
  const user = { issuer: 'https://idporten.no', subject: 'kari' }
  const token = await issuer.token({ audience: AUDIENCE, user, powers: [power] })
  await fullmakt.verify(token, { power, user, proof: null, minimumAssurance: 'substantial' })
  while (streams() < 1) await new Promise((resolve) => setTimeout(resolve, 10))
  await issuer.rotateKey()
  while (streams() < 2) await new Promise((resolve) => setTimeout(resolve, 10))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(faults).toEqual([])
  await fullmakt.close(1_000)
})
