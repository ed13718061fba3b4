import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type CryptoKey, SignJWT, decodeJwt, importJWK } from 'jose'
import * as oidc from 'openid-client'
import { activityOf } from '../../src/audit/activity.js'
import { AuditLog } from '../../src/audit/audit-log.js'
import { Catalogues } from '../../src/store/catalogue-store.js'
import { putAudience, putClient } from '../../src/store/client-store.js'
import { forgetExpiredTokens } from '../../src/store/issued-token-store.js'
import { Introspection } from '../../src/tokens/introspection.js'
import { SigningKeys } from '../../src/tokens/signing-keys.js'
import {
  type Answer,
  type Form,
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postJson,
  postToken,
  proofOf,
  serviceToken,
  startProofStage,
} from '../tokens/proof-stage.js'
import { otherSignature } from '../tokens/spellings.js'

const INACTIVE = '{"active":false}'
const OSLO = '958935420'

let stage: ProofStage
let nav: PlayedService
let other: PlayedService
let kari: Person
let ola: Person

beforeAll(async () => {
  stage = await startProofStage()
  const services = ['nav.pension', 'nav.family', 'muni.school']
  nav = await stage.client('nav-web', services, { mayUseNumbers: true })
  other = await stage.client('other-web', services)
  ;[kari, ola] = [await stage.person('kari-nordby'), await stage.person('ola-nordby')]
  await stage.give(ola, kari, [
    { service: 'nav.pension', action: 'read' },
    { service: 'nav.pension', action: 'write' },
    { service: 'muni.school', action: 'read', provider: OSLO },
  ])
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

interface Held {
  readonly handle: string
  readonly actorGrant: string
}

async function hold(service: PlayedService, person: Person): Promise<Held> {
  const { actor_grant: actorGrant, representations } = await openGrant(stage, service, person)
  return { actorGrant, handle: representations[0]?.handle ?? '' }
}

async function tokenOf(held: Held, changes: Form = {}, service = nav): Promise<string> {
  const { body, text } = await postToken(stage.url, await exchangeForm(stage, service, held, changes))
  const { access_token: token } = body
  if (typeof token !== 'string') throw new Error(text)
  return token
}

async function ask(door: 'introspect' | 'revoke', token: string, service = nav, more: Form = {}): Promise<Answer> {
  return postToken(stage.url, { token, ...(await proofOf(stage, service)), ...more }, {}, door)
}

async function isActive(token: string, service = nav): Promise<boolean> {
  const { status, text, body } = await ask('introspect', token, service)
  expect(status).toBe(200)
  if (body['active'] !== true) expect(text).toBe(INACTIVE)
  return body['active'] === true
}

/** What the log tells of the last introspection. */
async function told(): Promise<unknown> {
  return (await stage.log('introspection')).at(-1)?.told
}

describe('a token that holds', () => {
  test('is told of claim by claim, with the number for a client with a legal basis', async () => {
    const token = await tokenOf(await hold(nav, kari))
    const { body, headers } = await ask('introspect', token)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      active: true,
      ...decodeJwt(token),
      token_type: 'Bearer',
      principal_identifier: ola.number,
    })
    const entry = (await stage.log('introspection')).at(-1)
    expect(entry).toMatchObject({ actor: kari.partyId, principal: ola.partyId, clientId: 'nav-web' })
    expect(entry?.told).toMatchObject({
      audience: nav.audience,
      token: decodeJwt(token).jti,
      active: true,
      refused: null,
      number_given: true,
      powers: [{ allowed: true }, { allowed: true }, { allowed: true }],
    })
    expect(entry?.entry).not.toContain(ola.number)
  })

  test('is told of without the number to a client without', async () => {
    const { body, text } = await ask('introspect', await tokenOf(await hold(other, kari), {}, other), other)
    expect(body['active']).toBe(true)
    expect(text).not.toContain(ola.number)
  })

  test('has two spellings of its signature, and both are it', async () => {
    const token = await tokenOf(await hold(nav, kari))
    expect(await isActive(otherSignature(token))).toBe(true)
    await ask('revoke', otherSignature(token))
    expect(await isActive(token)).toBe(false)
  })

  test('whatever hint comes with it, and as often as it is asked', async () => {
    const token = await tokenOf(await hold(nav, kari))
    for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense']) {
      expect((await ask('introspect', token, nav, { token_type_hint })).body['active']).toBe(true)
    }
  })

  test('costs two statements, and one for the log, as does one that is not for this client', async () => {
    const token = await tokenOf(await hold(nav, kari))
    const db = stage.test.database
    const key = stage.service.app.get(SigningKeys)
    const catalogues = new Catalogues()
    await catalogues.latest(db)
    const introspection = new Introspection(db, new AuditLog(db), catalogues, key, stage.url)
    for (const [{ client }, active] of [[nav, true] as const, [other, false] as const]) {
      const from = stage.test.statements.length
      expect(await introspection.introspect(client, token)).toMatchObject({ active })
      const sent = stage.test.statements.slice(from)
      expect(sent).toEqual(['find_issued_token', 'read_facts', 'append_audit_entries'])
    }
  })
})

describe('not active is a token', () => {
  const strange: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['that is none', () => 'x'],
    ['of an identity provider', () => stage.idToken(nav, kari)],
    ['for asking us', () => serviceToken(stage, nav)],
    ['that is an actor grant', async () => (await hold(nav, kari)).actorGrant],
    ['that is a handle', async () => (await hold(nav, kari)).handle],
    [
      'that we signed and did not record',
      async () => signed(await tokenOf(await hold(nav, kari)), { jti: randomUUID() }),
    ],
    ['whose jti is no name of ours', async () => signed(await tokenOf(await hold(nav, kari)), { jti: "x' or true" })],
    [
      'that has run out by its own word',
      async () => signed(await tokenOf(await hold(nav, kari)), { exp: 1_700_000_000 }),
    ],
    ['without act', async () => signed(await tokenOf(await hold(nav, kari)), { act: undefined })],
    [
      'for two audiences',
      async () => signed(await tokenOf(await hold(nav, kari)), { aud: [nav.audience, other.audience] }),
    ],
    ['of another issuer', async () => signed(await tokenOf(await hold(nav, kari)), { iss: 'https://other.example' })],
  ]

  /** A token in all but what is changed, signed with our own key. */
  async function signed(token: string, changes: Readonly<Record<string, unknown>>): Promise<string> {
    return stage.service.app.get(SigningKeys).sign('at+jwt', { ...decodeJwt(token), ...changes })
  }

  test.each(strange)('%s', async (_, make) => {
    expect(await isActive(await make())).toBe(false)
  })

  test('that another signed with our kid', async () => {
    const claims = decodeJwt(await tokenOf(await hold(nav, kari)))
    const key = await importJWK(other.privateKey, 'ES256')
    const header = { alg: 'ES256', typ: 'at+jwt', kid: 'signing-1' }
    expect(await isActive(await new SignJWT(claims).setProtectedHeader(header).sign(key))).toBe(false)
  })

  test('of another client’s audience, which the log tells of', async () => {
    const token = await tokenOf(await hold(nav, kari))
    expect(await isActive(token, other)).toBe(false)
    expect(await told()).toMatchObject({
      active: false,
      refused: 'not_for_this_client',
      representation: null,
      powers: [],
    })
    expect(await isActive(token)).toBe(true)
  })

  test('whose session was ended', async () => {
    const held = await hold(nav, kari)
    const token = await tokenOf(held)
    await postJson(`${stage.url}/v1/representations/end`, await serviceToken(stage, nav), {
      actor_grant: held.actorGrant,
    })
    expect(await isActive(token)).toBe(false)
    expect(await told()).toMatchObject({ refused: 'actor_grant' })
  })

  test('whose login is two hours ago by now', async () => {
    const held = await hold(nav, kari)
    const token = await tokenOf(held)
    const end = 'update actor_grant set ends_at = clock_timestamp() where grant_hash = sha256($1::bytea)'
    await stage.sql(end, [Buffer.from(held.actorGrant)])
    expect(await isActive(token)).toBe(false)
  })

  test('one of whose powers was taken away, while the others can be had anew', async () => {
    const [giver, helper] = [await stage.person('tor-bakken'), await stage.person('liv-bakken')]
    const id = await stage.give(giver, helper, [
      { service: 'nav.pension', action: 'read' },
      { service: 'nav.pension', action: 'write' },
    ])
    const held = await hold(nav, helper)
    const [both, one] = [await tokenOf(held), await tokenOf(held, { scope: 'nav.pension.read' })]
    const rows = await stage.sql<{ id: string }>(
      `select mandate_power_id as id from mandate_power where mandate_id = $1 and action = 'write'`,
      [id],
    )
    const taken = [{ powerId: rows[0]?.id ?? '', until: null }]
    await stage.change(id, giver, 1, { kind: 'narrow', powers: taken })
    expect([await isActive(both), await isActive(one)]).toEqual([false, true])
    expect(await isActive(await tokenOf(held))).toBe(true)
  })

  test.each(['end', 'freeze'] as const)('of a mandate after its %s, and from that very answer on', async (kind) => {
    const couple = kind === 'end' ? ['silje-berge', 'thomas-berge'] : ['camilla-lien', 'henrik-lien']
    const [giver, helper] = [await stage.person(couple[0] ?? ''), await stage.person(couple[1] ?? '')]
    const id = await stage.give(giver, helper, [{ service: 'nav.pension', action: 'read' }])
    const token = await tokenOf(await hold(nav, helper))
    expect(await isActive(token)).toBe(true)
    await stage.change(id, giver, 1, { kind })
    expect(await isActive(token)).toBe(false)
    expect(await told()).toMatchObject({ refused: 'powers', powers: [{ allowed: false, reason: expect.any(String) }] })
  })

  test('for a service that the client or the audience is no longer registered for', async () => {
    const token = await tokenOf(await hold(nav, kari), { scope: 'nav.pension.read' })
    await putClient(stage.test.database, { ...nav.client, services: ['nav.family'] })
    expect(await isActive(token)).toBe(false)
    await putClient(stage.test.database, nav.client)
    const audience = { audience: nav.audience, clientId: 'nav-web', kind: 'web', details: 'own' } as const
    await putAudience(stage.test.database, { ...audience, services: ['nav.family'] })
    expect(await isActive(token)).toBe(false)
    await putAudience(stage.test.database, { ...audience, services: nav.client.services })
    expect(await isActive(token)).toBe(true)
  })
})

describe('no answer at all gets', () => {
  test.each(['introspect', 'revoke'] as const)('at %s who is not proved, or asks about nothing', async (door) => {
    const token = await tokenOf(await hold(nav, kari))
    const bare = await postToken(stage.url, { token }, {}, door)
    expect([bare.status, bare.body['error']]).toEqual([401, 'invalid_client'])
    const nothing = await postToken(stage.url, await proofOf(stage, nav), {}, door)
    expect([nothing.status, nothing.body['error']]).toEqual([400, 'invalid_request'])
    const twice = await postToken(stage.url, { token: [token, token], ...(await proofOf(stage, nav)) }, {}, door)
    expect([twice.status, twice.body['error']]).toEqual([400, 'invalid_request'])
    const json = await fetch(`${stage.url}/oauth/${door}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    expect([json.status, await json.json()]).toMatchObject([400, { error: 'invalid_request' }])
    const used = await proofOf(stage, nav)
    expect((await postToken(stage.url, { token: 'x', ...used }, {}, door)).status).toBe(200)
    expect((await postToken(stage.url, { token: 'x', ...used }, {}, door)).body['error']).toBe('invalid_client')
  })

  test('an introspection that the log cannot hold', async () => {
    const token = await tokenOf(await hold(nav, kari))
    const owner = await stage.asOwner()
    await owner.query('alter table audit_entry add constraint no_more check (false) not valid')
    const { status, text } = await ask('introspect', token)
    await owner.query('alter table audit_entry drop constraint no_more')
    await owner.end()
    expect(status).toBe(500)
    expect(text).not.toContain('active')
    expect(stage.faults.splice(0)).toHaveLength(1)
  })
})

describe('a service takes back', () => {
  test('a token, once and for all, and no other one of the same session', async () => {
    const held = await hold(nav, kari)
    const [one, another] = [await tokenOf(held), await tokenOf(held)]
    const revoked = await ask('revoke', one)
    expect([revoked.status, revoked.text]).toEqual([200, ''])
    expect((await stage.log('token_revoked')).at(-1)?.told).toEqual({ token: decodeJwt(one).jti, revoked: true })
    expect([await isActive(one), await isActive(another)]).toEqual([false, true])
    expect(await told()).toMatchObject({ active: true })
    expect((await ask('revoke', one)).status).toBe(200)
    expect((await stage.log('token_revoked')).at(-1)?.told).toMatchObject({ revoked: false })
  })

  test('an actor grant: no exchange takes it any more, and what came of it is not active', async () => {
    const held = await hold(nav, kari)
    const token = await tokenOf(held)
    expect((await ask('revoke', held.actorGrant)).status).toBe(200)
    expect((await postToken(stage.url, await exchangeForm(stage, nav, held))).status).toBe(400)
    expect(await isActive(token)).toBe(false)
    expect((await stage.log('actor_grant_ended')).at(-1)).toMatchObject({ actor: kari.partyId, clientId: 'nav-web' })
  })

  test('nothing of another client’s, though the answer is the same', async () => {
    const held = await hold(nav, kari)
    const token = await tokenOf(held)
    for (const one of [token, held.actorGrant]) expect((await ask('revoke', one, other)).status).toBe(200)
    expect((await stage.log('token_revoked')).at(-1)).toMatchObject({ clientId: 'other-web', told: { revoked: false } })
    expect(await isActive(token)).toBe(true)
  })

  test.each<readonly [string, () => string | Promise<string>]>([
    ['nothing', () => 'x'],
    ['an id_token', () => stage.idToken(nav, kari)],
    ['another client’s token for asking', () => serviceToken(stage, other)],
  ])('%s, and is answered all the same', async (_, make) => {
    const { status, text } = await ask('revoke', await make())
    expect([status, text]).toEqual([200, ''])
  })

  test('but not its own token for asking', async () => {
    const token = await serviceToken(stage, nav)
    const { status, body } = await ask('revoke', token)
    expect([status, body['error']]).toEqual([400, 'unsupported_token_type'])
    expect((await postJson(`${stage.url}/v1/representations/end`, token, { actor_grant: 'x' })).status).toBe(204)
  })
})

test('openid-client asks about a token and takes it back', async () => {
  const key = (await importJWK(nav.privateKey, 'ES256')) as CryptoKey
  const authentication = oidc.PrivateKeyJwt({ key, kid: nav.privateKey.kid ?? '' })
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
  const options: oidc.DiscoveryRequestOptions = { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] }
  const configuration = await oidc.discovery(new URL(stage.url), 'nav-web', undefined, authentication, options)
  const token = await tokenOf(await hold(nav, kari))
  expect(await oidc.tokenIntrospection(configuration, token)).toMatchObject({ active: true, aud: nav.audience })
  await oidc.tokenRevocation(configuration, token)
  expect(await oidc.tokenIntrospection(configuration, token)).toEqual({ active: false })
})

test('the one represented sees who was asked about, and what the token covers', async () => {
  await ask('introspect', await tokenOf(await hold(nav, kari), { scope: 'nav.pension.read' }))
  const catalogue = (await new Catalogues().latest(stage.test.database)).current
  const { activity } = (await activityOf(stage.test.database, ola.partyId, null, 'nb', catalogue)) as {
    readonly activity: readonly Readonly<Record<string, unknown>>[]
  }
  expect(activity[0]).toMatchObject({
    kind: 'introspection',
    by: 'Kari Nordby',
    asked_by: 'nav-web',
    allowed: true,
    powers: [{ service: 'nav.pension', action: 'read' }],
  })
})

test('tokens are forgotten five minutes after they ran out, and no sooner', async () => {
  const token = await tokenOf(await hold(nav, kari))
  const { jti } = decodeJwt(token)
  const count = async (): Promise<number> =>
    (await stage.sql<{ n: number }>('select count(*)::int as n from issued_token where jti = $1', [jti]))[0]?.n ?? 0
  const owner = await stage.asOwner()
  const age = (minutes: number) =>
    owner.query(`update issued_token set expires_at = now() - make_interval(mins => $2) where jti = $1`, [jti, minutes])
  await age(4)
  expect(await isActive(token)).toBe(false)
  await forgetExpiredTokens(stage.test.database)
  expect(await count()).toBe(1)
  await age(6)
  await forgetExpiredTokens(stage.test.database)
  expect(await count()).toBe(0)
  await owner.end()
})
