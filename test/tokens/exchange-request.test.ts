import { describe, expect, test } from '@jest/globals'
import { readExchangeRequest } from '../../src/tokens/exchange-request.js'
import { OAuthError } from '../../src/tokens/oauth-error.js'
import { readTokenForm } from '../../src/tokens/token-form.js'

const ISSUER = 'https://fullmakt.example.no'
const TYPE = `${ISSUER}/rar/representation`

const GOOD: Readonly<Record<string, string>> = {
  subject_token: 'r_1',
  subject_token_type: `${ISSUER}/token-type/representation-handle`,
  actor_token: 'grant',
  actor_token_type: `${ISSUER}/token-type/actor-grant`,
  resource: 'https://nav.example.no',
}

/** The good request with these parameters instead; one that is null is left out, an array stands several times. */
function read(changes: Readonly<Record<string, string | null | readonly string[]>>) {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...GOOD, ...changes })) {
    for (const one of [value ?? []].flat()) body.append(name, one)
  }
  return readExchangeRequest(readTokenForm(body), ISSUER)
}

function details(...entries: unknown[]): string {
  return JSON.stringify(entries)
}

test('the least there must be', () => {
  expect(read({})).toEqual({
    representationHandle: 'r_1',
    actorGrant: 'grant',
    audience: 'https://nav.example.no',
    scope: null,
    narrowings: null,
    act: null,
  })
})

test('everything there may be', () => {
  const entry = { type: TYPE, datatypes: ['nav.pension'], actions: ['read'], provider: '889640782', object: 'sak 1/2' }
  const request = read({
    resource: null,
    audience: 'urn:nav:pensjon',
    scope: 'nav.pension.read nav.work-sickness.write',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    authorization_details: details(entry, { type: TYPE }),
  })
  expect(request.audience).toBe('urn:nav:pensjon')
  expect(request.scope).toEqual([
    { service: 'nav.pension', action: 'read' },
    { service: 'nav.work-sickness', action: 'write' },
  ])
  expect(request.narrowings).toEqual([
    { services: ['nav.pension'], actions: ['read'], provider: '889640782', object: 'sak 1/2' },
    { services: null, actions: null, provider: null, object: null },
  ])
})

test('scopes that cannot be are dropped as long as one can', () => {
  const scope = 'openid nav.pension.fly nav.pension.read .read nav.pension. nav.pension.read'
  expect(read({ scope }).scope).toEqual([{ service: 'nav.pension', action: 'read' }])
})

test('a parameter without a value is left out', () => {
  expect(read({ scope: '', authorization_details: '', audience: '', requested_token_type: '' })).toEqual(read({}))
})

test('parameters that we do not know are ignored', () => {
  expect(read({ something: 'else' })).toEqual(read({}))
})

type Row = [string, Parameters<typeof read>[0], string, string]

describe('refused:', () => {
  test.each<Row>([
    ['no subject_token', { subject_token: null }, 'invalid_request', 'subject_token'],
    ['an empty subject_token', { subject_token: '' }, 'invalid_request', 'subject_token'],
    ['no subject_token_type', { subject_token_type: null }, 'invalid_request', 'subject_token_type'],
    [
      'a subject that is called a JWT',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
      'invalid_request',
      'subject_token_type',
    ],
    ['no actor_token', { actor_token: null }, 'invalid_request', 'actor_token'],
    ['no actor at all', { actor_token: null, actor_token_type: null }, 'invalid_request', 'actor_token'],
    ['no actor_token_type', { actor_token_type: null }, 'invalid_request', 'actor_token_type'],
    [
      'an actor that is called an id_token',
      { actor_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      'invalid_request',
      'actor_token_type',
    ],
    [
      'the two types swapped',
      { subject_token_type: GOOD['actor_token_type'] ?? '', actor_token_type: GOOD['subject_token_type'] ?? '' },
      'invalid_request',
      'subject_token_type',
    ],
    [
      'a type under another issuer',
      { actor_token_type: 'https://other.example/token-type/actor-grant' },
      'invalid_request',
      'actor_token_type',
    ],
    [
      'another kind of token wanted',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      'invalid_request',
      'requested_token_type',
    ],
    ['a parameter twice', { subject_token: ['r_1', 'r_1'] }, 'invalid_request', 'twice'],
    ['no target', { resource: null }, 'invalid_request', 'resource'],
    ['two resources', { resource: ['https://a.example', 'https://b.example'] }, 'invalid_target', 'one audience'],
    [
      'two audiences',
      { resource: null, audience: ['https://a.example', 'https://b.example'] },
      'invalid_target',
      'one audience',
    ],
    ['a resource and an audience', { audience: 'https://nav.example.no' }, 'invalid_target', 'one audience'],
    ['a fragment', { resource: 'https://nav.example.no#x' }, 'invalid_target', 'fragment'],
    ['an empty fragment', { resource: 'https://nav.example.no#' }, 'invalid_target', 'fragment'],
    ['a relative address', { resource: '/pensjon' }, 'invalid_target', 'absolute'],
    ['an address with a line break', { resource: 'https://nav.example.no/\n' }, 'invalid_target', 'absolute'],
    ['an address with a zero byte', { resource: 'https://nav.example.no/\0' }, 'invalid_target', 'absolute'],
    ['only scopes that cannot be', { scope: 'openid nav.pension.fly' }, 'invalid_scope', 'exists'],
    ['details that are no JSON', { authorization_details: '[' }, 'invalid_authorization_details', 'JSON'],
    ['details that are no array', { authorization_details: '{}' }, 'invalid_authorization_details', 'array'],
    ['no details in the array', { authorization_details: '[]' }, 'invalid_authorization_details', 'array'],
    [
      '21 details',
      { authorization_details: details(...Array.from({ length: 21 }, () => ({ type: TYPE }))) },
      'invalid_authorization_details',
      'array',
    ],
    ['a detail that is a text', { authorization_details: details('x') }, 'invalid_authorization_details', 'object'],
    ['a detail that is null', { authorization_details: details(null) }, 'invalid_authorization_details', 'object'],
    ['a detail that is an array', { authorization_details: details([]) }, 'invalid_authorization_details', 'object'],
    [
      'a detail without a type',
      { authorization_details: details({ actions: ['read'] }) },
      'invalid_authorization_details',
      'type',
    ],
    [
      'a detail of another type',
      { authorization_details: details({ type: 'idporten:fullmakt' }) },
      'invalid_authorization_details',
      'type',
    ],
    [
      'a good detail and one of another type',
      { authorization_details: details({ type: TYPE }, { type: 'x' }) },
      'invalid_authorization_details',
      'type',
    ],
    [
      'a member that does not narrow',
      { authorization_details: details({ type: TYPE, until: '2027-01-01' }) },
      'invalid_authorization_details',
      'members',
    ],
    [
      'a member twice',
      { authorization_details: `[{"type":"${TYPE}","actions":["read"],"actions":["write"]}]` },
      'invalid_authorization_details',
      'twice',
    ],
    [
      'actions as a text',
      { authorization_details: details({ type: TYPE, actions: 'read' }) },
      'invalid_authorization_details',
      'actions',
    ],
    [
      'an unknown action',
      { authorization_details: details({ type: TYPE, actions: ['fly'] }) },
      'invalid_authorization_details',
      'actions',
    ],
    [
      'no action in the array',
      { authorization_details: details({ type: TYPE, actions: [] }) },
      'invalid_authorization_details',
      'actions',
    ],
    [
      'a service as a number',
      { authorization_details: details({ type: TYPE, datatypes: [1] }) },
      'invalid_authorization_details',
      'datatypes',
    ],
    [
      'a provider that is no organisation number',
      { authorization_details: details({ type: TYPE, provider: 'NAV' }) },
      'invalid_authorization_details',
      'provider',
    ],
    [
      'a provider that is null',
      { authorization_details: details({ type: TYPE, provider: null }) },
      'invalid_authorization_details',
      'provider',
    ],
    [
      'an empty object',
      { authorization_details: details({ type: TYPE, object: '' }) },
      'invalid_authorization_details',
      'object',
    ],
    [
      'an object with half a character',
      { authorization_details: `[{"type":"${TYPE}","object":"\\ud800"}]` },
      'invalid_authorization_details',
      'object',
    ],
  ])('%s', (_, changes, code, word) => {
    const refusal = refusalOf(changes)
    expect(refusal.code).toBe(code)
    expect(refusal.description).toContain(word)
    // RFC 6749 section 5.2 allows these characters only.
    expect(refusal.description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test.each<[string, unknown]>([
    ['JSON', { grant_type: 'client_credentials' }],
    ['a text', 'grant_type=client_credentials'],
    ['nothing', undefined],
  ])('a body that came as %s', (_, body) => {
    expect(() => readTokenForm(body)).toThrow('the body must be application/x-www-form-urlencoded')
  })
})

function refusalOf(changes: Parameters<typeof read>[0]): OAuthError {
  try {
    read(changes)
  } catch (error) {
    if (error instanceof OAuthError) return error
    throw error
  }
  throw new Error('it was taken')
}
