import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type CryptoKey, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { type Power, remoteKeys, remoteStatuses, verify } from '../../client/src/verify.js'
import type { RepresentationId } from '../../src/domain/mandate.js'
import { hashOf } from '../../src/login/opaque-secret.js'
import { endActorGrant } from '../../src/store/actor-grant-store.js'
import { putAudience } from '../../src/store/client-store.js'
import { type Transaction, statement } from '../../src/store/database.js'
import { holdGround } from '../../src/store/hold-ground.js'
import { lockMandate } from '../../src/store/mandate-store.js'
import { SigningKeys } from '../../src/tokens/signing-keys.js'
import {
  DAY,
  type Person,
  type PlayedService,
  type ProofStage,
  clientAssertion,
  exchangeForm,
  openGrant,
  postJson,
  postToken,
  proofOf,
  serviceToken,
  startProofStage,
  subjectOf,
} from '../tokens/proof-stage.js'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const OSLO = '958935420'
const BERGEN = '964338531'

let stage: ProofStage
let nav: PlayedService
let other: PlayedService
let kari: Person
let ola: Person
let anne: Person

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension', 'nav.family', 'muni.school'], { mayUseNumbers: true })
  other = await stage.client('other-web', ['nav.pension', 'nav.family', 'muni.school'])
  ;[kari, ola, anne] = (await Promise.all(
    ['kari-nordby', 'ola-nordby', 'anne-dahl'].map((id) => stage.person(id)),
  )) as [Person, Person, Person]
  await stage.give(ola, kari, [
    { service: 'nav.pension', action: 'read' },
    { service: 'nav.pension', action: 'write' },
    { service: 'muni.school', action: 'read', provider: OSLO },
  ])
  await putAudience(stage.test.database, {
    audience: 'https://api.nav.example',
    clientId: 'nav-web',
    kind: 'api',
    services: ['nav.pension'],
    details: 'own',
  })
  await putAudience(stage.test.database, {
    audience: stage.url,
    clientId: 'nav-web',
    kind: 'web',
    services: ['nav.pension'],
    details: 'own',
  })
})
afterAll(() => stage.stop())

interface Held {
  readonly handle: string
  readonly actorGrant: string
}

/** What the service holds of a user's session: the grant, and the handle of the one representation. */
async function hold(
  service: PlayedService,
  person: Person,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Held> {
  const { actor_grant: actorGrant, representations } = await openGrant(stage, service, person, changes)
  return { actorGrant, handle: representations[0]?.handle ?? '' }
}

type Changes = Parameters<typeof exchangeForm>[3]

async function exchange(held: Held, changes: Changes = {}, service: PlayedService = nav) {
  return postToken(stage.url, await exchangeForm(stage, service, held, changes))
}

function detail(entry: object): string {
  return JSON.stringify([{ type: `${stage.url}/rar/representation`, ...entry }])
}

describe('for clients that others have written', () => {
  let configuration: oidc.Configuration

  beforeAll(async () => {
    const key = (await importJWK(nav.privateKey, 'ES256')) as CryptoKey
    const authentication = oidc.PrivateKeyJwt({ key, kid: nav.privateKey.kid ?? '' })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    const options: oidc.DiscoveryRequestOptions = { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] }
    configuration = await oidc.discovery(new URL(stage.url), 'nav-web', undefined, authentication, options)
  })

  async function exchanged(parameters: Readonly<Record<string, string>> = {}) {
    const held = await hold(nav, kari)
    const form = Object.entries(await exchangeForm(stage, nav, held, parameters))
    const own = form.filter(([name]) => name !== 'grant_type' && !name.startsWith('client_'))
    return oidc.genericGrantRequest(configuration, EXCHANGE, Object.fromEntries(own) as Record<string, string>)
  }

  test('openid-client finds us by our metadata, which tells only what there is', () => {
    expect(configuration.serverMetadata()).toMatchObject({
      issuer: stage.url,
      token_endpoint: `${stage.url}/oauth/token`,
      jwks_uri: `${stage.url}/jwks`,
      response_types_supported: [],
      grant_types_supported: ['client_credentials', EXCHANGE],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA'],
      introspection_endpoint: `${stage.url}/oauth/introspect`,
      revocation_endpoint: `${stage.url}/oauth/revoke`,
      dpop_signing_alg_values_supported: ['ES256'],
      authorization_details_types_supported: [`${stage.url}/rar/representation`],
    })
  })

  test('oauth4webapi finds by the metadata of the pages whose tokens they take', async () => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    const options = { [oauth.allowInsecureRequests]: true }
    const resource = new URL(stage.url)
    const response = await oauth.resourceDiscoveryRequest(resource, options)
    expect(await oauth.processResourceDiscoveryResponse(resource, response)).toMatchObject({
      resource: stage.url,
      authorization_servers: [stage.provider.issuer],
      scopes_supported: ['fullmakt:me'],
      bearer_methods_supported: ['header'],
    })
  })

  test('openid-client gets an access token for asking, and we take it', async () => {
    const answer = await oidc.clientCredentialsGrant(configuration)
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'fullmakt:service' })
    const opened = await postJson(`${stage.url}/v1/representations/end`, answer.access_token, { actor_grant: 'x' })
    expect(opened.status).toBe(204)
  })

  test('openid-client gets a delegation token', async () => {
    const answer = await exchanged({ scope: 'nav.pension.read' })
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'nav.pension.read' })
    expect(answer['issued_token_type']).toBe('urn:ietf:params:oauth:token-type:access_token')
  })

  test('openid-client reads our refusals', async () => {
    await expect(exchanged({ scope: 'nav.pension.fly' })).rejects.toMatchObject({ error: 'invalid_scope', status: 400 })
    const stranger = oidc.PrivateKeyJwt((await importJWK(other.privateKey, 'ES256')) as CryptoKey)
    const wrong = new oidc.Configuration(configuration.serverMetadata(), 'nav-web', undefined, stranger)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    oidc.allowInsecureRequests(wrong)
    await expect(oidc.clientCredentialsGrant(wrong)).rejects.toMatchObject({ error: 'invalid_client', status: 401 })
  })

  test('oauth4webapi validates a delegation token as an access token of RFC 9068', async () => {
    const { access_token } = await exchanged()
    const server = { issuer: stage.url, jwks_uri: `${stage.url}/jwks` }
    const request = new Request(nav.audience, { headers: { authorization: `Bearer ${access_token}` } })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    const options = { [oauth.allowInsecureRequests]: true }
    const claims = await oauth.validateJwtAccessToken(server, request, nav.audience, options)
    expect(claims).toMatchObject({ client_id: 'nav-web', aud: nav.audience, act: { sub: subjectOf('nav-web', kari) } })
    await expect(oauth.validateJwtAccessToken(server, request.clone(), other.audience, options)).rejects.toThrow()
  })

  test('jose verifies it with the published keys, which may be held for a minute', async () => {
    const { access_token } = await exchanged()
    const keys = createRemoteJWKSet(new URL(`${stage.url}/jwks`))
    const { protectedHeader } = await jwtVerify(access_token, keys, {
      issuer: stage.url,
      audience: nav.audience,
      typ: 'at+jwt',
    })
    expect(protectedHeader).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: stage.service.app.get(SigningKeys).activeKid('at+jwt'),
    })
    const published = await fetch(`${stage.url}/jwks`)
    expect(published.headers.get('cache-control')).toBe('private, max-age=60')
    expect(published.headers.get('content-type')).toContain('application/jwk-set+json')
    expect(await published.text()).not.toContain('"d"')
  })

  describe('our own verifier takes it', () => {
    const power: Power = { service: 'nav.pension', action: 'read', provider: null, object: null }
    const verified = async (token: string, changes: Partial<Parameters<typeof verify>[1]> = {}) => {
      const keys = remoteKeys(new URL(`${stage.url}/jwks`))
      return verify(token, {
        keys,
        statuses: remoteStatuses(stage.url, keys),
        issuer: stage.url,
        audience: nav.audience,
        now: new Date(),
        power,
        user: { issuer: stage.provider.issuer, subject: subjectOf('nav-web', kari) },
        proof: null,
        minimumAssurance: 'high',
        introspect: null,
        ...changes,
      })
    }

    test('for what was granted, and for nothing else', async () => {
      const { access_token } = await exchanged({ scope: 'nav.pension.read' })
      const listing = await openGrant(stage, nav, kari)
      expect(await verified(access_token)).toMatchObject({
        principal: listing.representations[0]?.principal.handle,
        handle: listing.representations[0]?.handle,
        basis: 'mandate',
        assurance: 'high',
        evaluationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      })
      await expect(verified(access_token, { power: { ...power, action: 'write' } })).rejects.toMatchObject({
        code: 'power_not_covered',
      })
      const someoneElse = { issuer: stage.provider.issuer, subject: subjectOf('nav-web', anne) }
      await expect(verified(access_token, { user: someoneElse })).rejects.toMatchObject({ code: 'actor_mismatch' })
    })

    test('for one provider, where the power is limited to it', async () => {
      const { access_token } = await exchanged({ scope: 'muni.school.read' })
      const atOslo = { service: 'muni.school', action: 'read', provider: OSLO, object: null } as const
      expect(await verified(access_token, { power: atOslo })).toMatchObject({ power: atOslo })
      await expect(verified(access_token, { power: { ...atOslo, provider: BERGEN } })).rejects.toMatchObject({
        code: 'power_not_covered',
      })
    })

    test('for each of several services in one token', async () => {
      const { access_token } = await exchanged({ scope: 'nav.pension.read muni.school.read' })
      const atOslo = { service: 'muni.school', action: 'read', provider: OSLO, object: null } as const
      for (const one of [power, atOslo])
        expect(await verified(access_token, { power: one })).toMatchObject({ power: one })
      const crossed = { ...power, service: 'muni.school', provider: BERGEN }
      await expect(verified(access_token, { power: crossed })).rejects.toMatchObject({ code: 'power_not_covered' })
    })

    test('and no access token for asking', async () => {
      await expect(verified(await serviceToken(stage, nav))).rejects.toMatchObject({ code: 'audience' })
    })
  })
})

describe('a delegation token', () => {
  test('says who acts, for whom by a name of this client, at what level, for how long, and where the log tells of it', async () => {
    const held = await hold(nav, kari)
    const { status, body, headers } = await exchange(held, { scope: 'nav.pension.read' })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    const token = String(body['access_token'])
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: stage.service.app.get(SigningKeys).activeKid('at+jwt'),
    })
    const claims = decodeJwt(token)
    const entry = (await stage.log('exchange')).at(-1)
    expect(claims).toEqual({
      iss: stage.url,
      aud: nav.audience,
      sub: expect.stringMatching(/^p_[\w-]{22}$/),
      client_id: 'nav-web',
      iat: expect.any(Number),
      exp: Number(claims.iat) + 300,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      act: { iss: stage.provider.issuer, sub: subjectOf('nav-web', kari), sub_profile: 'user' },
      acr: 'idporten-loa-high',
      auth_time: expect.any(Number),
      scope: 'nav.pension.read',
      authorization_details: body['authorization_details'],
      status: { status_list: { idx: expect.any(Number), uri: `${stage.url}/statuslists/1` } },
      evaluation_id: (JSON.parse(entry?.entry ?? '{}') as { entry_id?: string }).entry_id,
    })
    expect(body).toMatchObject({
      expires_in: 300,
      scope: 'nav.pension.read',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    expect(entry).toMatchObject({ actor: kari.partyId, principal: ola.partyId, clientId: 'nav-web' })
    expect(entry?.told).toMatchObject({
      audience: nav.audience,
      powers: [{ service: 'nav.pension', action: 'read', allowed: true, reason: null }],
      token: { jti: claims.jti, scope: 'nav.pension.read' },
      refused: null,
      number_given: true,
    })
  })

  test('is another each time', async () => {
    const held = await hold(nav, kari)
    const ids = await Promise.all(
      [1, 2, 3].map(async () => decodeJwt(String((await exchange(held)).body['access_token'])).jti),
    )
    expect(new Set(ids).size).toBe(3)
  })

  test('holds all that is allowed at the audience where no scope is named, and the answer says what', async () => {
    const { body } = await exchange(await hold(nav, kari))
    expect(body['scope']).toBe('muni.school.read nav.pension.read nav.pension.write')
  })

  test('holds what is left of the scopes that were asked for', async () => {
    const scope = 'nav.pension.read nav.pension.sign nav.family.read tax.return.read openid'
    expect((await exchange(await hold(nav, kari), { scope })).body['scope']).toBe('nav.pension.read')
  })

  test('is narrowed by authorization_details', async () => {
    const entry = { datatypes: ['nav.pension', 'muni.school'], actions: ['read'], provider: OSLO }
    const { body } = await exchange(await hold(nav, kari), { authorization_details: detail(entry) })
    expect(body['scope']).toBe('muni.school.read nav.pension.read')
    expect(body['authorization_details']).toMatchObject([
      { datatypes: ['nav.pension'], actions: ['read'], provider: OSLO },
      { datatypes: ['muni.school'], actions: ['read'], provider: OSLO },
    ])
  })

  test('holds nothing of other services than those of the audience', async () => {
    const audience = 'https://pension.nav.example'
    await putAudience(stage.test.database, {
      audience,
      clientId: 'nav-web',
      kind: 'web',
      services: ['nav.pension'],
      details: 'own',
    })
    const held = await hold(nav, kari)
    expect((await exchange(held, { resource: audience })).body['scope']).toBe('nav.pension.read nav.pension.write')
    const scope = 'muni.school.read'
    expect((await exchange(held, { resource: audience, scope })).body['error']).toBe('invalid_scope')
  })

  test('stands on the one ground that was named, whatever another one between the same two would give', async () => {
    const [astrid, berit] = [await stage.person('astrid-haugen'), await stage.person('berit-haugen')]
    const soon = new Date(Date.now() + DAY)
    await stage.give(astrid, berit, [{ service: 'nav.pension', action: 'read', until: soon }])
    await stage.give(astrid, berit, [{ service: 'nav.family', action: 'read' }])
    const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, berit)
    expect(representations).toHaveLength(2)
    for (const { handle, powers } of representations) {
      const { body } = await exchange({ actorGrant, handle })
      expect(body['scope']).toBe(powers.map(({ scope }) => scope).join(' '))
      expect(body['authorization_details']).toMatchObject([
        { identifier: handle, valid_until: powers[0]?.['valid_until'] },
      ])
    }
    const [first, second] = representations.map(({ handle }) => handle)
    const scope = 'nav.pension.read nav.family.read'
    const both = await Promise.all(
      [first, second].map((handle) => exchange({ actorGrant, handle: handle ?? '' }, { scope })),
    )
    expect(both.map(({ body }) => body['scope']).sort()).toEqual(['nav.family.read', 'nav.pension.read'])
  })

  test('may be asked for by audience as well', async () => {
    const { body } = await exchange(await hold(nav, kari), { resource: undefined, audience: nav.audience })
    expect(decodeJwt(String(body['access_token'])).aud).toBe(nav.audience)
  })

  test('holds no number; the answer does, for a client with a legal basis', async () => {
    const { body } = await exchange(await hold(nav, kari))
    expect(body['principal_identifier']).toBe(ola.number)
    expect(JSON.stringify(decodeJwt(String(body['access_token'])))).not.toContain(ola.number)
    const without = await exchange(await hold(other, kari), {}, other)
    expect(without.status).toBe(200)
    expect(without.text).not.toContain(ola.number)
    expect(JSON.stringify(await stage.log('exchange'))).not.toContain(ola.number)
  })

  test('is given for someone with a protected address without the number', async () => {
    const hedda = await stage.person('hedda-lind')
    const jon = await stage.person('jon-dahl')
    await stage.give(hedda, jon, [{ service: 'nav.pension', action: 'read' }])
    const { status, text } = await exchange(await hold(nav, jon))
    expect(status).toBe(200)
    expect(text).not.toContain(hedda.number)
  })

  test('is called by other names for another client', async () => {
    const [ours, theirs] = await Promise.all(
      [nav, other].map(async (service) =>
        decodeJwt(String((await exchange(await hold(service, kari), {}, service)).body['access_token'])),
      ),
    )
    expect(ours?.sub).not.toBe(theirs?.sub)
    expect(ours?.['act']).not.toEqual(theirs?.['act'])
  })

  test('ends with the ground', async () => {
    const [per, hanne] = [await stage.person('per-lunde'), await stage.person('hanne-lunde')]
    await stage.give(per, hanne, [{ service: 'nav.pension', action: 'read', until: new Date(Date.now() + 60_000) }])
    const { body } = await exchange(await hold(nav, hanne))
    expect(body['expires_in']).toBeLessThanOrEqual(60)
    expect(body['expires_in']).toBeGreaterThan(40)
  })
})

describe('nothing is given', () => {
  /** Whatever a row needs besides the good request of the user of `nav-web`. */
  interface Row {
    readonly what: string
    readonly error: string
    readonly change: (held: Held) => Changes | Promise<Changes>
    readonly held?: () => Promise<Held>
    readonly by?: () => PlayedService
  }

  let shared: Held
  beforeAll(async () => {
    shared = await hold(nav, kari)
  })
  const ownGrant = (): Promise<Held> => hold(nav, kari)

  const gate = 'subject_token and actor_token give no representation that can be used now'
  const gates: readonly Omit<Row, 'error'>[] = [
    { what: 'a handle that no one has', change: () => ({ subject_token: `r_${'x'.repeat(22)}` }) },
    { what: 'a handle that is none', change: () => ({ subject_token: 'a\0b' }) },
    {
      what: 'the handle of a party',
      change: async () => ({ subject_token: (await openGrant(stage, nav, kari)).representations[0]?.principal.handle }),
    },
    { what: 'the handle of another client', change: async () => ({ subject_token: (await hold(other, kari)).handle }) },
    { what: 'a grant that no one has', change: () => ({ actor_token: 'x'.repeat(43) }) },
    { what: 'a grant that is none', change: () => ({ actor_token: 'a\0b' }) },
    {
      what: 'the grant of another client',
      change: async () => ({ actor_token: (await hold(other, kari)).actorGrant }),
    },
    { what: 'the grant of another person', change: async () => ({ actor_token: (await hold(nav, anne)).actorGrant }) },
    { what: 'the grant of the principal', change: async () => ({ actor_token: (await hold(nav, ola)).actorGrant }) },
    { what: 'handle and grant, by another client', change: () => ({ resource: other.audience }), by: () => other },
    {
      what: 'the login token in place of the grant',
      change: async () => ({ actor_token: await stage.idToken(nav, kari) }),
    },
    {
      what: 'a grant that was ended',
      held: ownGrant,
      change: async ({ actorGrant }) => {
        await postJson(`${stage.url}/v1/representations/end`, await serviceToken(stage, nav), {
          actor_grant: actorGrant,
        })
        return {}
      },
    },
    {
      what: 'a grant that was idle for half an hour',
      held: ownGrant,
      change: ({ actorGrant }) => age(actorGrant, `last_used_at = clock_timestamp() - interval '30 minutes'`),
    },
    {
      what: 'a grant of a login two hours ago',
      held: ownGrant,
      change: ({ actorGrant }) => age(actorGrant, 'ends_at = clock_timestamp()'),
    },
    { what: 'a mandate that was ended', held: () => endedMandate('end'), change: () => ({}) },
    { what: 'a frozen mandate', held: () => endedMandate('freeze'), change: () => ({}) },
    { what: 'a mandate that has expired meanwhile', held: () => expiredMandate(), change: () => ({}) },
    { what: 'a principal who has died meanwhile', held: () => deadPrincipal(), change: () => ({}) },
  ]

  const refusals: readonly Row[] = [
    { what: 'no grant_type', error: 'invalid_request', change: () => ({ grant_type: undefined }) },
    {
      what: 'an unknown grant_type',
      error: 'unsupported_grant_type',
      change: () => ({ grant_type: 'authorization_code' }),
    },
    {
      what: 'a grant_type in capitals',
      error: 'unsupported_grant_type',
      change: () => ({ grant_type: 'CLIENT_CREDENTIALS' }),
    },
    { what: 'grant_type twice', error: 'invalid_request', change: () => ({ grant_type: [EXCHANGE, EXCHANGE] }) },
    {
      what: 'subject_token twice',
      error: 'invalid_request',
      change: ({ handle }) => ({ subject_token: [handle, handle] }),
    },
    { what: 'no subject_token', error: 'invalid_request', change: () => ({ subject_token: undefined }) },
    { what: 'no subject_token_type', error: 'invalid_request', change: () => ({ subject_token_type: undefined }) },
    {
      what: 'a wrong subject_token_type',
      error: 'invalid_request',
      change: () => ({ subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }),
    },
    {
      what: 'no actor_token',
      error: 'invalid_request',
      change: () => ({ actor_token: undefined, actor_token_type: undefined }),
    },
    {
      what: 'an actor_token without its type',
      error: 'invalid_request',
      change: () => ({ actor_token_type: undefined }),
    },
    { what: 'a type without its actor_token', error: 'invalid_request', change: () => ({ actor_token: undefined }) },
    {
      what: 'a refresh token wanted',
      error: 'invalid_request',
      change: () => ({ requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }),
    },
    { what: 'no target', error: 'invalid_request', change: () => ({ resource: undefined }) },
    { what: 'two targets', error: 'invalid_target', change: () => ({ resource: [nav.audience, other.audience] }) },
    { what: 'a resource and an audience', error: 'invalid_target', change: () => ({ audience: nav.audience }) },
    { what: 'a resource with a fragment', error: 'invalid_target', change: () => ({ resource: `${nav.audience}#x` }) },
    { what: 'an unknown audience', error: 'invalid_target', change: () => ({ resource: 'https://unknown.example' }) },
    {
      what: 'an audience with a slash too many',
      error: 'invalid_target',
      change: () => ({ resource: `${nav.audience}/` }),
    },
    { what: 'another client’s audience', error: 'invalid_target', change: () => ({ resource: other.audience }) },
    {
      what: 'an audience of kind api, without a proof',
      error: 'invalid_dpop_proof',
      change: () => ({ resource: 'https://api.nav.example' }),
    },
    { what: 'ourselves as the audience', error: 'invalid_target', change: () => ({ resource: stage.url }) },
    { what: 'an unknown scope', error: 'invalid_scope', change: () => ({ scope: 'openid' }) },
    {
      what: 'a scope that the ground does not give',
      error: 'invalid_scope',
      change: () => ({ scope: 'nav.family.read' }),
    },
    {
      what: 'a scope of another service’s owner',
      error: 'invalid_scope',
      change: () => ({ scope: 'tax.return.read' }),
    },
    {
      what: 'a provider that the ground does not give',
      error: 'invalid_scope',
      change: () => ({ authorization_details: detail({ datatypes: ['muni.school'], provider: BERGEN }) }),
    },
    {
      what: 'details of another type',
      error: 'invalid_authorization_details',
      change: () => ({ authorization_details: JSON.stringify([{ type: 'idporten:fullmakt' }]) }),
    },
    {
      what: 'details with an unknown member',
      error: 'invalid_authorization_details',
      change: () => ({ authorization_details: detail({ until: '2027' }) }),
    },
    {
      what: 'details that are no JSON',
      error: 'invalid_authorization_details',
      change: () => ({ authorization_details: '[{' }),
    },
    {
      what: 'a login below the level of the service',
      error: 'invalid_scope',
      held: () => lowLogin(),
      change: () => ({ scope: 'nav.pension.read' }),
    },
    { what: 'no client assertion', error: 'invalid_client', change: () => ({ client_assertion: undefined }) },
    { what: 'another client’s name', error: 'invalid_client', change: () => ({ client_id: 'other-web' }) },
    {
      what: 'a secret',
      error: 'invalid_client',
      change: () => ({
        client_assertion: undefined,
        client_assertion_type: undefined,
        client_id: 'nav-web',
        client_secret: 'x',
      }),
    },
    {
      what: 'an assertion for the token endpoint',
      error: 'invalid_client',
      change: async () => ({
        client_assertion: await clientAssertion(stage, nav, { aud: `${stage.url}/oauth/token` }),
      }),
    },
    {
      what: 'an assertion that was used',
      error: 'invalid_client',
      change: async () => {
        const proof = await proofOf(stage, nav)
        await postToken(stage.url, { grant_type: 'client_credentials', ...proof })
        return proof
      },
    },
  ]

  test('but the request from which the rows start is good', async () => {
    expect((await exchange(await hold(nav, kari))).status).toBe(200)
  })

  test.each(refusals)('for $what', async ({ change, held, error }) => {
    const holding = await (held?.() ?? shared)
    const answer = await exchange(holding, await change(holding))
    expect({ error: answer.body['error'], status: answer.status }).toEqual({
      error,
      status: error === 'invalid_client' ? 401 : 400,
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(answer.body)).toEqual(['error', 'error_description'])
  })

  test.each(gates)('for $what, and the answer is the same for all of these', async ({ change, held, by }) => {
    const holding = await (held?.() ?? shared)
    const logged = (await stage.log('exchange')).length
    const { status, text } = await exchange(holding, await change(holding), by?.())
    expect({ status, text }).toEqual({
      status: 400,
      text: JSON.stringify({ error: 'invalid_request', error_description: gate }),
    })
    const entry = (await stage.log('exchange')).at(-1)
    expect(await stage.log('exchange')).toHaveLength(logged + 1)
    expect(entry?.told).toMatchObject({ token: null, refused: expect.any(String) })
  })

  async function age(actorGrant: string, set: string): Promise<Changes> {
    await stage.sql(`update actor_grant set ${set} where grant_hash = sha256($1::bytea)`, [Buffer.from(actorGrant)])
    return {}
  }

  /** Each gives to the next one, once. */
  const couples = [
    'tor-bakken liv-bakken',
    'silje-berge thomas-berge',
    'camilla-lien henrik-lien',
    'elle-gaup mahtte-eira',
  ]

  async function pair(power: object = {}): Promise<{ held: Held; mandateId: string; giver: Person }> {
    const [giverId = '', helperId = ''] = couples.shift()?.split(' ') ?? []
    const [giver, helper] = [await stage.person(giverId), await stage.person(helperId)]
    const mandateId = await stage.give(giver, helper, [{ service: 'nav.pension', action: 'read', ...power }])
    return { held: await hold(nav, helper), mandateId, giver }
  }

  async function endedMandate(kind: 'end' | 'freeze'): Promise<Held> {
    const { held, mandateId, giver } = await pair()
    expect((await exchange(held)).status).toBe(200)
    await stage.change(mandateId, giver, 1, { kind })
    return held
  }

  async function expiredMandate(): Promise<Held> {
    const { held } = await pair({ until: new Date(Date.now() + 1_500) })
    await new Promise((resolve) => setTimeout(resolve, 1_600))
    return held
  }

  async function deadPrincipal(): Promise<Held> {
    const { held, giver } = await pair()
    await stage.sql(
      'update party_fact set recorded = tstzrange(lower(recorded), clock_timestamp()) where upper_inf(recorded) and party_id = $1',
      [giver.partyId],
    )
    await stage.sql(
      `insert into party_fact (party_id, source, name, family_name, born_on, died_on, protected_address, recorded)
       values ($1, 'synthetic', 'A Name', 'Name', '1969-12-05', '2026-01-02', false, tstzrange(clock_timestamp(), null))`,
      [giver.partyId],
    )
    return held
  }

  /** The list is empty at this level, so the handle is taken from a login at a higher one. */
  async function lowLogin(): Promise<Held> {
    const { actorGrant } = await hold(nav, kari, { acr: 'idporten-loa-substantial' })
    return { actorGrant, handle: (await hold(nav, kari)).handle }
  }

  test.each<[string, string, string]>([
    ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
    ['plain text', 'text/plain', 'grant_type=client_credentials'],
    ['a multipart form', 'multipart/form-data; boundary=x', '--x--'],
    ['malformed JSON', 'application/json', '{'],
  ])('for a body of %s', async (_, type, body) => {
    const response = await fetch(`${stage.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect([400, 415]).toContain(response.status)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  test('for a secret in a header, which is answered with a challenge as no other refusal is', async () => {
    const secret = { authorization: `Basic ${Buffer.from('nav-web:secret').toString('base64')}` }
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const response = await fetch(`${stage.url}/oauth/token`, { method: 'POST', headers: secret, body })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Basic')
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
    const without = await postToken(stage.url, { grant_type: 'client_credentials' })
    expect(without.headers.get('www-authenticate')).toBeNull()
  })

  test('for another scope than there is', async () => {
    const answer = await postToken(stage.url, {
      grant_type: 'client_credentials',
      scope: 'nav.pension.read',
      ...(await proofOf(stage, nav)),
    })
    expect(answer.body['error']).toBe('invalid_scope')
  })
})

describe('no token after an end has been answered:', () => {
  const rounds = [0, 1]

  test.each(rounds)('the end of a mandate, while others exchange (round %i)', async (round) => {
    const [giver, representative] = [await stage.person('marit-strand'), await stage.person('gunnar-strand')]
    const mandateId = await stage.give(giver, representative, [{ service: 'nav.pension', action: 'read' }])
    const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, representative)
    const held = { actorGrant, handle: representations[0]?.handle ?? '' }
    const forms = await Promise.all(Array.from({ length: 12 }, () => exchangeForm(stage, nav, held)))
    const racing = forms.slice(0, 8).map((form) => postToken(stage.url, form))
    await new Promise((resolve) => setTimeout(resolve, round * 10))
    await stage.change(mandateId, giver, 1, { kind: 'end' })
    const after = await Promise.all(forms.slice(8).map((form) => postToken(stage.url, form)))
    expect(after.map(({ status }) => status)).toEqual([400, 400, 400, 400])

    const [ended] = await stage.sql<{ at: Date }>(
      'select made_at as at from mandate_version where mandate_id = $1 and version = 2',
      [mandateId],
    )
    for (const { status, body } of await Promise.all(racing)) {
      if (status !== 200) continue
      const { evaluation_id: id } = decodeJwt(String(body['access_token']))
      const [entry] = await stage.sql<{ at: Date }>('select occurred_at as at from audit_entry where entry_id = $1', [
        id,
      ])
      expect(entry?.at.getTime()).toBeLessThanOrEqual(ended?.at.getTime() ?? 0)
    }
  })

  /** Runs `change` in a transaction that stays open while a token is asked for, and commits it then. */
  async function whileAsked(held: Held, change: (tx: Transaction) => Promise<unknown>): Promise<number> {
    const form = await exchangeForm(stage, nav, held)
    const [asking, hasAnswered] = await stage.test.database.transaction(async (tx) => {
      await change(tx)
      let answered = false
      const answer = postToken(stage.url, form).finally(() => (answered = true))
      await new Promise((resolve) => setTimeout(resolve, 300))
      return [{ answer }, answered] as const
    })
    expect(hasAnswered).toBe(false)
    return (await asking.answer).status
  }

  test('an exchange waits for whoever is ending the mandate, and for whoever lets it be', async () => {
    const [giver, representative] = [await stage.person('sissel-vik'), await stage.person('magnus-vik')]
    const mandateId = await stage.give(giver, representative, [{ service: 'nav.pension', action: 'read' }])
    const held = await hold(nav, representative)
    const endIt = `update mandate_power set recorded = tstzrange(lower(recorded), clock_timestamp()) where upper_inf(recorded) and mandate_id = $1`
    expect(await whileAsked(held, (tx) => lockMandate(tx, mandateId))).toBe(200)
    const end = async (tx: Transaction): Promise<void> => {
      await lockMandate(tx, mandateId)
      await tx.query(statement('test_end', endIt), [mandateId])
    }
    expect(await whileAsked(held, end)).toBe(400)
  })

  test('an exchange waits for whoever is ending the grant', async () => {
    const held = await hold(nav, kari)
    expect(await whileAsked(held, (tx) => endActorGrant(tx, hashOf(held.actorGrant), 'nav-web'))).toBe(400)
  })

  test('and the end of a mandate waits for an exchange that is under way', async () => {
    const [giver, representative] = [await stage.person('olaug-myhre'), await stage.person('magnus-vik')]
    const mandateId = await stage.give(giver, representative, [{ service: 'nav.pension', action: 'read' }])
    let ended = false
    const ending = await stage.test.database.transaction(async (tx) => {
      await holdGround(tx, mandateId as RepresentationId)
      const change = stage.change(mandateId, giver, 1, { kind: 'end' }).finally(() => (ended = true))
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(ended).toBe(false)
      return { change }
    })
    await ending.change
  })

  test('the end of a grant, while others exchange', async () => {
    const held = await hold(nav, kari)
    const forms = await Promise.all(Array.from({ length: 12 }, () => exchangeForm(stage, nav, held)))
    const token = await serviceToken(stage, nav)
    const racing = forms.slice(0, 8).map((form) => postToken(stage.url, form))
    const ended = await postJson(`${stage.url}/v1/representations/end`, token, { actor_grant: held.actorGrant })
    expect(ended.status).toBe(204)
    const after = await Promise.all(forms.slice(8).map((form) => postToken(stage.url, form)))
    expect(after.map(({ status }) => status)).toEqual([400, 400, 400, 400])
    await Promise.all(racing)
  })
})

test('a token that the log cannot hold does not leave', async () => {
  const held = await hold(nav, kari)
  const owner = await stage.asOwner()
  await owner.query('alter table audit_entry add constraint no_more check (false) not valid')
  const { status, text } = await exchange(held)
  await owner.query('alter table audit_entry drop constraint no_more')
  await owner.end()
  expect(status).toBe(500)
  expect(text).not.toContain('access_token')
  expect(stage.faults.splice(0)).toHaveLength(1)
})

test('nothing was told as a fault', () => {
  expect(stage.faults).toEqual([])
})
