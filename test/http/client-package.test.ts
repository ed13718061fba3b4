import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  CallFailed,
  type Fullmakt,
  type GroundEvent,
  type Question,
  type User,
  connectFullmakt,
  newProofKey,
  rememberProofs,
} from '../../client/src/client.js'
import { OBLIGATIONS } from '../../client/src/ground.js'
import { REASONS, REMEDIES } from '../../client/src/reasons.js'
import { REASONS as KNOWN_REASONS, REMEDIES as KNOWN_REMEDIES } from '../../src/domain/reasons.js'
import { putAudience } from '../../src/store/client-store.js'
import { statement } from '../../src/store/database.js'
import { type Person, type PlayedService, type ProofStage, startProofStage, subjectOf } from '../tokens/proof-stage.js'
import { newKey } from '../tokens/spellings.js'

/** The client package against the service itself. */

const API = 'https://api.nav.example'
const READ = { service: 'nav.pension', action: 'read', provider: null, object: null } as const

let stage: ProofStage
let nav: PlayedService
let kari: Person
let ola: Person
let fullmakt: Fullmakt
let user: User

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension'], { mayUseNumbers: true })
  ;[kari, ola] = [await stage.person('kari-nordby'), await stage.person('ola-nordby')]
  await stage.give(ola, kari, [{ service: 'nav.pension', action: 'read' }])
  await putAudience(stage.test.database, {
    clientId: 'nav-web',
    services: ['nav.pension'],
    details: 'own',
    audience: API,
    kind: 'api',
  })
  const client = { clientId: 'nav-web', key: nav.privateKey }
  fullmakt = connectFullmakt({ events: null, issuer: stage.url, audience: nav.audience, client })
  user = { issuer: stage.provider.issuer, subject: subjectOf('nav-web', kari) }
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

function question(changes: Partial<Question> = {}): Question {
  const login = { acr: 'idporten-loa-high', authenticatedAt: new Date(Date.now() - 20_000) }
  const principal = { type: 'person', id: ola.number } as const
  return { representative: kari.number, principal, power: READ, login, via: null, ...changes }
}

async function failure(call: Promise<unknown>): Promise<string> {
  const outcome: unknown = await call.catch((error: unknown) => error)
  if (outcome instanceof CallFailed) return outcome.code
  throw new Error('did not fail', { cause: outcome })
}

async function hold(): Promise<{ handle: string; actorGrant: string }> {
  const { actorGrant, representations } = await fullmakt.representations(await stage.idToken(nav, kari))
  return { actorGrant, handle: representations[0]?.handle ?? '' }
}

const whole = { powers: [READ], proofKey: null, act: null }
const wanted = { power: READ, proof: null, minimumAssurance: 'high' } as const

describe('asking', () => {
  test('gives a yes with its ground', async () => {
    const decision = await fullmakt.ask(question())
    expect(decision).toMatchObject({ allowed: true, basis: 'mandate', via: null })
    expect(decision.evaluationId).toMatch(/^[\da-f-]{36}$/)
  })

  test('gives a no as a value, with reason, remedy and words', async () => {
    const decision = await fullmakt.ask(question({ power: { ...READ, action: 'write' } }))
    expect(decision).toMatchObject({ allowed: false, reason: 'power_not_covered', remedy: 'ask_for_wider_mandate' })
    if (decision.allowed) throw new Error('allowed')
    expect(Object.keys(decision.reasonText ?? {})).toEqual(['nb', 'nn', 'en', 'se'])
    const stranger = await fullmakt.ask(
      question({ principal: { type: 'person', id: kari.number }, representative: ola.number }),
    )
    expect(stranger).toMatchObject({ allowed: false, reason: 'no_registered_ground' })
  })

  test('fails for what is no question', async () => {
    expect(await failure(fullmakt.ask(question({ representative: '' })))).toBe('invalid_request')
  })

  test('has a word for every reason and remedy of the issuer, and for no other', () => {
    expect(REASONS).toEqual(KNOWN_REASONS)
    expect(REMEDIES).toEqual(KNOWN_REMEDIES)
    expect(OBLIGATIONS).toContain('introspect')
  })
})

describe('in a service that follows events', () => {
  test('an end refuses the token within the second, and what was done before is told to the principal', async () => {
    const events: GroundEvent[] = []
    const onEvent = (event: GroundEvent) => events.push(event)
    const onFault = (error: unknown) => stage.faults.push(error)
    const client = { clientId: 'nav-web', key: nav.privateKey }
    const listening = { issuer: stage.url, audience: nav.audience, client, events: { onEvent, onFault } }
    const service = connectFullmakt(listening)
    const [anne, per] = [await stage.person('anne-dahl'), ola]
    const mandateId = await stage.give(per, anne, [{ service: 'nav.pension', action: 'read' }])
    const { actorGrant, representations } = await service.representations(await stage.idToken(nav, anne))
    const handle = representations[0]?.handle ?? ''
    const { token } = await service.exchange({ ...whole, handle, actorGrant })
    const by = { ...user, subject: subjectOf('nav-web', anne) }
    const verified = await service.verify(token, { ...wanted, user: by })
    service.report(verified, { outcome: 'done', reference: 'case-7' })
    await stage.change(mandateId, per, 1, { kind: 'end' })
    for (const from = Date.now(); events.length === 0 && Date.now() - from < 5_000;) await pause(20)
    expect(events).toMatchObject([{ type: 'delegation-revoked', handle }])
    await expect(service.verify(token, { ...wanted, user: by })).rejects.toMatchObject({ code: 'status_ended' })
    expect(await service.close(5_000)).toEqual([])
    const uses = statement('test_uses', 'select outcome, reference from reported_use')
    expect(await stage.test.database.query(uses, [])).toEqual([{ outcome: 'done', reference: 'case-7' }])
  })
})

describe('from login to a verified token', () => {
  test('in the user’s own session', async () => {
    const opened = await fullmakt.representations(await stage.idToken(nav, kari))
    expect(opened).toMatchObject({
      complete: true,
      idleSeconds: 1_800,
      representations: [{ basis: 'mandate', powers: [READ] }],
    })
    const { handle = '', principal } = opened.representations[0] ?? {}
    const given = await fullmakt.exchange({ ...whole, handle, actorGrant: opened.actorGrant })
    expect(given).toMatchObject({ type: 'Bearer', scope: ['nav.pension.read'], principalNumber: ola.number })
    const again = [given.token, given.token].map((token) => fullmakt.verify(token, { ...wanted, user }))
    const verified = { principal: principal?.handle, actor: user, handle, basis: 'mandate' }
    expect(await Promise.all(again)).toMatchObject([verified, verified])
    const told = await fullmakt.introspect(given.token)
    expect(told).toMatchObject({ active: true, principalNumber: ola.number })
    const another = { ...user, subject: 'another' }
    await expect(fullmakt.verify(given.token, { ...wanted, user: another })).rejects.toMatchObject({
      code: 'actor_mismatch',
    })
  })

  test('for an API, bound to a key', async () => {
    const proofKey = await newProofKey()
    const given = await fullmakt.exchange({ ...(await hold()), powers: null, proofKey, act: null, audience: API })
    expect(given.type).toBe('DPoP')
    const api = connectFullmakt({
      events: null,
      issuer: stage.url,
      audience: API,
      client: { clientId: 'nav-web', key: nav.privateKey },
    })
    const url = new URL('https://api.nav.example/pension')
    const header = await proofKey.prove('GET', url, given.token)
    const proof = { header, method: 'GET', url, isFirst: rememberProofs() }
    const verified = await api.verify(given.token, { ...wanted, user: null, proof })
    expect(verified.isBound).toBe(true)
    await expect(api.verify(given.token, { ...wanted, user: null, proof })).rejects.toMatchObject({ code: 'proof' })
  })

  test('ends with the session', async () => {
    const held = await hold()
    await fullmakt.endSession(held.actorGrant)
    expect(await failure(fullmakt.exchange({ ...held, ...whole }))).toBe('invalid_request')
    await fullmakt.endSession(held.actorGrant)
  })

  const failures: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    [
      'for a power that was not given',
      async () => fullmakt.exchange({ ...(await hold()), ...whole, powers: [{ ...READ, action: 'write' }] }),
      'invalid_scope',
    ],
    [
      'for an audience of somebody else',
      async () => fullmakt.exchange({ ...(await hold()), ...whole, audience: 'https://other.example' }),
      'invalid_target',
    ],
    [
      'for an API without a key',
      async () => fullmakt.exchange({ ...(await hold()), ...whole, audience: API }),
      'invalid_dpop_proof',
    ],
    [
      'for a handle of nobody',
      async () => fullmakt.exchange({ ...(await hold()), ...whole, handle: 'r_nobody' }),
      'invalid_request',
    ],
    [
      'at a provider that is no number',
      async () => fullmakt.exchange({ ...(await hold()), ...whole, powers: [{ ...READ, provider: 'x' }] }),
      'invalid_authorization_details',
    ],
    [
      'for a login that is too old',
      async () => fullmakt.representations(await stage.idToken(nav, kari, { iat: 1, exp: 2 })),
      'invalid_login_token',
    ],
    [
      'for a key that is not registered',
      async () => {
        const key = { ...(await newKey(nav.privateKey.kid ?? '')) }
        return connectFullmakt({
          events: null,
          issuer: stage.url,
          audience: nav.audience,
          client: { clientId: 'nav-web', key },
        }).ask(question())
      },
      'invalid_client',
    ],
  ]
  test.each(failures)('gives nothing %s', async (_, call, code) => {
    expect(await failure(call())).toBe(code)
  })
})
