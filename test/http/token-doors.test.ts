import { createHmac, createPublicKey, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type JWK, SignJWT, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import { publicPart } from '../../dev/development-keys.js'
import { seconds } from '../login/signing-provider.js'
import {
  type Person,
  type PlayedService,
  type ProofStage,
  CLIENT_ASSERTION_TYPE,
  ID_TOKEN,
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
import { SPELLINGS, newKey } from '../tokens/spellings.js'

type Members = Readonly<Record<string, unknown>>

let stage: ProofStage
let nav: PlayedService
let kari: Person
let held: { handle: string; actorGrant: string }
let asking: string
let stranger: JWK
/** Where a token would like us to look for its key. */
let trap: Server
let trapped: string[]
let elsewhere: string

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension'], { mayUseNumbers: true })
  kari = await stage.person('kari-nordby')
  await stage.give(await stage.person('ola-nordby'), kari, [{ service: 'nav.pension', action: 'read' }])
  const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, kari)
  held = { actorGrant, handle: representations[0]?.handle ?? '' }
  asking = await serviceToken(stage, nav)
  stranger = await newKey('stranger')
  trapped = []
  trap = createServer((request, response) => {
    trapped.push(request.url ?? '')
    response.end(JSON.stringify({ keys: [publicPart(stranger)] }))
  }).listen(0, '127.0.0.1')
  await once(trap, 'listening')
  elsewhere = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`
})
afterAll(async () => {
  trap.close()
  await stage.stop()
  expect(stage.faults).toEqual([])
  expect(trapped).toEqual([])
})

/** What a door did with a token: took it, or refused it with this status. */
interface Outcome {
  readonly taken: boolean
  readonly status: number
}

/** A place that takes a JWT. */
interface TokenDoor {
  readonly name: string
  readonly good: () => Promise<string>
  readonly send: (token: string) => Promise<Outcome>
}

const delegation = async (headers: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { body } = await postToken(stage.url, await exchangeForm(stage, nav, held), headers)
  return String(body['access_token'])
}
const accessToken = async (changes: Members = {}): Promise<string> => {
  const access = {
    ...decodeJwt(await stage.idToken(nav, kari)),
    nonce: undefined,
    aud: stage.url,
    client_id: 'an-app',
    scope: 'openid fullmakt:me',
    ...changes,
  }
  return new SignJWT(access).setProtectedHeader({ alg: 'RS256', kid: 'rs-1' }).sign(stage.provider.keys['rs-1'])
}
const logoutToken = async (): Promise<string> => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const claims = { iss: stage.provider.issuer, aud: 'fullmakt', sub: subjectOf('nav-web', kari), sid: 'x', events }
  return new SignJWT({ ...claims, iat: seconds(0), exp: seconds(60), jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', kid: 'rs-1', typ: 'logout+jwt' })
    .sign(stage.provider.keys['rs-1'])
}
const dpopProof = async (): Promise<string> => {
  const { kty, crv, x, y } = publicPart(stranger)
  return new SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${stage.url}/oauth/token`, iat: seconds(0) })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } as JWK })
    .sign(await importJWK(stranger, 'ES256'))
}

/** A line break cannot stand in a header at all: such a token never arrives. */
async function byHeader(path: string, method: string, headers: Readonly<Record<string, string>>): Promise<Outcome> {
  if (Object.values(headers).some((value) => value.includes('\n'))) return { taken: false, status: 400 }
  const body = method === 'POST' ? { body: JSON.stringify({ actor_grant: 'x' }) } : {}
  const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...body }
  const { status } = await fetch(`${stage.url}${path}`, init)
  return { taken: status < 300, status }
}

const DOORS: readonly TokenDoor[] = [
  {
    name: 'the client assertion',
    good: () => clientAssertion(stage, nav),
    send: async (token) => {
      const form = { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion: token }
      const { status } = await postToken(stage.url, { grant_type: 'client_credentials', ...form })
      return { taken: status === 200, status }
    },
  },
  {
    name: 'the token of an introspection',
    good: () => delegation(),
    send: async (token) => {
      const { status, body } = await postToken(stage.url, { token, ...(await proofOf(stage, nav)) }, {}, 'introspect')
      return { taken: body['active'] === true, status }
    },
  },
  {
    name: 'the token of a revocation',
    good: () => delegation(),
    send: async (token) => {
      const { status } = await postToken(stage.url, { token, ...(await proofOf(stage, nav)) }, {}, 'revoke')
      const [row] = await stage.sql<{ n: number }>(
        'select count(*)::int as n from issued_token where jti::text = $1 and revoked_at is not null',
        [idIn(token)],
      )
      return { taken: row?.n === 1, status }
    },
  },
  {
    name: 'the token of a service',
    good: () => Promise.resolve(asking),
    send: (token) => byHeader('/v1/representations/end', 'POST', { authorization: `Bearer ${token}` }),
  },
  {
    name: 'the token of an app',
    good: () => accessToken(),
    send: (token) => byHeader('/v1/me/session', 'GET', { authorization: `Bearer ${token}` }),
  },
  {
    name: 'the login token that opens a session',
    good: () => stage.idToken(nav, kari),
    send: async (token) => {
      const body = { login_token: token, login_token_type: ID_TOKEN }
      const { status } = await postJson(`${stage.url}/v1/representations`, asking, body)
      return { taken: status === 200, status }
    },
  },
  {
    name: 'the login token of a question',
    good: () => stage.idToken(nav, kari),
    send: async (token) => {
      const { status } = await postJson(`${stage.url}/access/v1/evaluation`, asking, {
        subject: { type: 'person', id: kari.number },
        action: { name: 'read' },
        resource: { type: 'person', id: kari.number, properties: { service: 'nav.pension' } },
        context: { login_token: token },
      })
      return { taken: status === 200, status }
    },
  },
  {
    name: 'the logout token',
    good: logoutToken,
    send: async (token) => {
      const body = new URLSearchParams({ logout_token: token })
      const { status } = await fetch(`${stage.url}/login/backchannel-logout`, { method: 'POST', body })
      return { taken: status === 200, status }
    },
  },
]

function idIn(token: string): string {
  try {
    return String(decodeJwt(token).jti)
  } catch {
    return ''
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The token with this header; the signature is the old one, or what `sign` makes. */
function withHeader(token: string, changes: Members, sign?: (input: string) => string): string {
  const [, payload = '', signature = ''] = token.split('.')
  const input = `${encode({ ...decodeProtectedHeader(token), ...changes })}.${payload}`
  return `${input}.${sign === undefined ? signature : sign(input)}`
}

/** Everything the token says, signed by another. */
async function byStranger(token: string, header: Members = {}): Promise<string> {
  return new SignJWT(decodeJwt(token))
    .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'ES256', ...header })
    .sign(await importJWK(stranger, 'ES256'))
}

/** With the text of a public key as a secret. */
function bySecret(secret: string): (input: string) => string {
  return (input) => createHmac('sha256', secret).update(input).digest('base64url')
}

function rewritten(token: string, change: (payload: string) => string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const text = change(Buffer.from(payload, 'base64url').toString())
  return [header, Buffer.from(text).toString('base64url'), signature].join('.')
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

const FORGERIES: readonly (readonly [string, (token: string) => string | Promise<string>])[] = [
  ...SPELLINGS,
  ...['none', 'None', 'NONE', 'nOnE'].flatMap((alg) => [
    [`alg ${alg} with the signature`, (token: string) => withHeader(token, { alg })] as const,
    [`alg ${alg} without`, (token: string) => withHeader(token, { alg }, () => '')] as const,
  ]),
  [
    'HS256 with the public key as JWK',
    (token) => withHeader(token, { alg: 'HS256' }, bySecret(JSON.stringify(publicPart(nav.privateKey)))),
  ],
  ['HS256 with the public key as PEM', (token) => withHeader(token, { alg: 'HS256' }, bySecret(pemOf(nav.privateKey)))],
  ['the signature of another', (token) => byStranger(token)],
  ['the kid and signature of another', (token) => byStranger(token, { kid: 'stranger' })],
  ['a kid that is a path', (token) => byStranger(token, { kid: '../../../../dev/null' })],
  ['a kid that is SQL', (token) => byStranger(token, { kid: `' or true --` })],
  ['jku', (token) => byStranger(token, { jku: elsewhere })],
  ['x5u', (token) => byStranger(token, { x5u: elsewhere })],
  ['kid that is an address', (token) => byStranger(token, { kid: elsewhere })],
  ['jwk', (token) => byStranger(token, { jwk: publicPart(stranger) })],
  ['an unknown crit', (token) => withHeader(token, { crit: ['x'], x: 1 })],
  ...['JWT+', 'statuslist+jwt', 'dpop+jwt', 'logout+jwt ', 7, null, ['at+jwt']].map(
    (typ) => [`typ ${JSON.stringify(typ)}`, (token: string) => withHeader(token, { typ })] as const,
  ),
  [
    'another claim under the old signature',
    (token) => rewritten(token, (text) => text.replace(/"exp":\d+/, `"exp":${seconds(200)}`)),
  ],
  ['a member twice', (token) => rewritten(token, (text) => text.replace('{', '{"iss":"x",'))],
  ['claims nested 2,000 deep', (token) => rewritten(token, (text) => text.replace('{', `{"x":${nested(2_000)},`))],
  ['claims that are a list', (token) => rewritten(token, () => '[]')],
  ['claims that are no JSON', (token) => rewritten(token, (text) => text.slice(1))],
  [
    'claims of 10,000 characters',
    (token) => rewritten(token, (text) => text.replace('{', `{"x":"${'x'.repeat(10_000)}",`)),
  ],
  ['no signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
  ['five segments', (token) => `${token}.x.y`],
  ['nothing but dots', () => '..'],
]

function pemOf(jwk: JWK): string {
  return createPublicKey({ key: publicPart(jwk) as Record<string, string>, format: 'jwk' })
    .export({ format: 'pem', type: 'spki' })
    .toString()
}

describe.each(DOORS)('$name', ({ good, send }) => {
  test('is taken as it should be', async () => {
    expect(await send(await good())).toMatchObject({ taken: true })
  })

  test.each(FORGERIES)('is refused with %s', async (_, forge) => {
    const token = await good()
    const forged = await forge(token)
    expect(forged).not.toBe(token)
    const { taken, status } = await send(forged)
    expect({ taken, isFault: status >= 500 }).toEqual({ taken: false, isFault: false })
  })

  /** Each kind of token and secret that there is. */
  const kinds: readonly (readonly [string, () => Promise<string>])[] = [
    ['a client assertion', () => clientAssertion(stage, nav)],
    ['a delegation token', () => delegation()],
    ['a token of a service', () => Promise.resolve(asking)],
    ['a token of an app', () => accessToken()],
    ['an id_token', () => stage.idToken(nav, kari)],
    ['a logout token', logoutToken],
    ['a DPoP proof', dpopProof],
    ['an actor grant', async () => (await openGrant(stage, nav, kari)).actor_grant],
    ['a handle', () => Promise.resolve(held.handle)],
  ]

  test.each(kinds)('is not %s, unless that is what it should be', async (_, make) => {
    const [right, other] = [await good(), await make()]
    if (kindOf(right) === kindOf(other)) return
    const { taken, status } = await send(other)
    expect({ taken, isFault: status >= 500 }).toEqual({ taken: false, isFault: false })
  })

  /** What tells kinds of tokens apart. */
  function kindOf(token: string): string {
    if (!token.includes('.')) return token.slice(0, 2)
    const [header, claims] = [decodeProtectedHeader(token), decodeJwt(token)]
    return JSON.stringify([header.typ, header.alg, Object.keys(claims).sort()])
  }
})
