import { type JsonWebKey, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CompactSign, type JWK, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair, importJWK } from 'jose'
import { CLIENT_ASSERTION_TYPE, ClientAssertions, type ClientProof } from '../../src/login/client-assertion.js'
import { type Client, putClient } from '../../src/store/client-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { SPELLINGS, otherSignature } from '../tokens/spellings.js'
import { seconds } from './signing-provider.js'

const ISSUER = 'https://fullmakt.example.no'
const FAILED = { notProved: 'the client could not be authenticated' }

type Members = Readonly<Record<string, unknown>>

let db: TestDatabase
let assertions: ClientAssertions
let keys: Readonly<Record<'ES256' | 'PS256' | 'EdDSA' | 'stranger' | 'encryption', JWK>>

beforeAll(async () => {
  db = await testDatabase()
  assertions = new ClientAssertions(db.database, ISSUER)
  const [es, ps, ed, stranger, encryption] = await Promise.all([
    newKey('ES256'),
    newKey('PS256'),
    newKey('Ed25519'),
    newKey('ES256'),
    newKey('ES256'),
  ])
  keys = { ES256: es, PS256: ps, EdDSA: ed, stranger, encryption: { ...encryption, use: 'enc' } }
  const registered = [keys.ES256, keys.PS256, keys.EdDSA, keys.encryption].map(publicPart)
  await putClient(db.database, clientWith('nav-web', [...registered, ...twins(keys.ES256)]))
  await putClient(db.database, clientWith('skatt-web', [publicPart({ ...keys.stranger, kid: keys.ES256.kid ?? '' })]))
})
afterAll(() => db.drop())

async function newKey(alg: 'ES256' | 'PS256' | 'Ed25519'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomUUID() }
}

function publicPart({ kty, crv, x, y, n, e, use, kid }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e, use, kid }).filter(([, value]) => value !== undefined),
  )
}

/** Two registered keys by one name: neither can be meant. */
function twins(key: JWK): JWK[] {
  return [publicPart({ ...key, kid: 'twins' }), publicPart({ ...key, kid: 'twins' })]
}

function clientWith(clientId: string, registered: JWK[]): Client {
  return {
    clientId,
    name: clientId,
    organisation: '889640782',
    jwks: { keys: registered },
    services: ['nav.pension'],
    loginIssuer: null,
    loginClientId: null,
    mayUseNumbers: false,
    mayRule: [],
    workLoginIssuer: null,
    workLoginClientId: null,
    mayTellEmployments: false,
  }
}

function claimsWith(changes: Members): Record<string, unknown> {
  const claims = { iss: 'nav-web', sub: 'nav-web', aud: ISSUER, iat: seconds(0), exp: seconds(60), jti: randomUUID() }
  return { ...claims, ...changes }
}

/** An assertion of `nav-web`, right in all but what is changed; a claim or header that is undefined is left out. */
async function signed(
  claims: Members = {},
  header: Members = {},
  key: JWK = keys.ES256,
  alg = 'ES256',
): Promise<string> {
  return new SignJWT(claimsWith(claims))
    .setProtectedHeader({ alg, kid: key.kid ?? '', ...header })
    .sign(await importJWK(key, alg))
}

function proof(assertion: string | undefined, more: Partial<ClientProof> = {}): ClientProof {
  return { assertionType: CLIENT_ASSERTION_TYPE, assertion, clientId: undefined, ...more }
}

describe('a client proves itself', () => {
  test.each(['ES256', 'PS256', 'EdDSA'] as const)('with %s', async (alg) => {
    const assertion = await signed({}, {}, keys[alg], alg)
    expect(await assertions.verify(proof(assertion))).toMatchObject({ clientId: 'nav-web', services: ['nav.pension'] })
  })

  test.each<[string, Members, Members]>([
    ['the audience in an array of one', { aud: [ISSUER] }, {}],
    ['typ JWT', {}, { typ: 'JWT' }],
    ['typ client-authentication+jwt', {}, { typ: 'client-authentication+jwt' }],
    ['five minutes to go', { exp: seconds(300) }, {}],
    ['a clock that is a few seconds ahead', { iat: seconds(8) }, {}],
    ['nbf now', { nbf: seconds(0) }, {}],
  ])('with %s', async (_, claims, header) => {
    expect(await assertions.verify(proof(await signed(claims, header)))).toMatchObject({ clientId: 'nav-web' })
  })

  test('naming itself in the form as well', async () => {
    expect(await assertions.verify(proof(await signed(), { clientId: 'nav-web' }))).toMatchObject({
      clientId: 'nav-web',
    })
  })
})

/** A good signature over exactly these texts, for what no library would sign. */
function signedTexts(header: Members, payload: string): string {
  const key = createPrivateKey({ key: keys.ES256 as JsonWebKey, format: 'jwk' })
  const input = [JSON.stringify(header), payload].map((text) => Buffer.from(text).toString('base64url')).join('.')
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

describe('one and the same answer tells nothing of who is registered:', () => {
  const rows: [string, () => ClientProof | Promise<ClientProof>][] = [
    ['no assertion', () => proof(undefined)],
    [
      'another kind of assertion',
      async () => proof(await signed(), { assertionType: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }),
    ],
    ['no kind of assertion', async () => proof(await signed(), { assertionType: undefined })],
    ['not even a token', () => proof('nav-web:secret')],
    ...SPELLINGS.map(([what, spell]): [string, () => Promise<ClientProof>] => [
      what,
      async () => proof(spell(await signed())),
    ]),
    ['alg none', () => proof(new UnsecuredJWT(claimsWith({})).encode())],
    [
      'alg none with a signature',
      () => proof(signedTexts({ alg: 'none', kid: keys.ES256.kid }, JSON.stringify(claimsWith({})))),
    ],
    [
      'alg HS256',
      async () =>
        proof(
          await new SignJWT(claimsWith({}))
            .setProtectedHeader({ alg: 'HS256', kid: keys.ES256.kid ?? '' })
            .sign(Buffer.from(keys.ES256.x ?? '')),
        ),
    ],
    [
      'alg in lower case',
      () => proof(signedTexts({ alg: 'es256', kid: keys.ES256.kid }, JSON.stringify(claimsWith({})))),
    ],
    [
      'an alg that is a member of every object',
      () => proof(signedTexts({ alg: 'toString', kid: keys.ES256.kid }, JSON.stringify(claimsWith({})))),
    ],
    ['a key of another kind than alg', async () => proof(await signed({}, { kid: keys.PS256.kid }))],
    ['an unknown client', async () => proof(await signed({ iss: 'nobody', sub: 'nobody' }))],
    ['an unknown client that is no text for a database', async () => proof(await signed({ iss: 'a\0b', sub: 'a\0b' }))],
    ['another client’s key', async () => proof(await signed({}, {}, { ...keys.stranger, kid: keys.ES256.kid ?? '' }))],
    ['another client’s name', async () => proof(await signed({ iss: 'skatt-web', sub: 'skatt-web' }))],
    ['an unknown kid', async () => proof(await signed({}, {}, keys.stranger))],
    ['no kid', async () => proof(await signed({}, { kid: undefined }))],
    ['a kid that names two keys', async () => proof(await signed({}, { kid: 'twins' }))],
    ['a key for encryption', async () => proof(await signed({}, {}, keys.encryption))],
    ['a key in the header', async () => proof(await signed({}, { jwk: publicPart(keys.stranger) }, keys.stranger))],
    [
      'the address of a key in the header',
      async () => proof(await signed({}, { jku: 'https://attacker.example/jwks' })),
    ],
    [
      'the address of a certificate in the header',
      async () => proof(await signed({}, { x5u: 'https://attacker.example/x5u' })),
    ],
    ['an extension in the header', async () => proof(await signed({}, { crit: ['b64'], b64: true }))],
    ['the type of another token', async () => proof(await signed({}, { typ: 'at+jwt' }))],
    [
      'iss twice',
      () =>
        proof(
          signedTexts(
            { alg: 'ES256', kid: keys.ES256.kid },
            `{"iss":"nobody",${JSON.stringify(claimsWith({})).slice(1)}`,
          ),
        ),
    ],
  ]

  test.each(rows)('%s', async (_, make) => {
    const usedBefore = await usedJtis()
    expect(await assertions.verify(await make())).toEqual(FAILED)
    expect(await usedJtis()).toBe(usedBefore)
  })

  test('and an unknown client costs the statements that a known one costs', async () => {
    const statementsFor = async (claims: Members): Promise<string[]> => {
      const before = db.statements.length
      await assertions.verify(proof(await signed(claims, {}, keys.stranger)))
      return db.statements.slice(before)
    }
    expect(await statementsFor({ iss: 'nobody', sub: 'nobody' })).toEqual(await statementsFor({}))
  })
})

async function usedJtis(): Promise<number> {
  const [row] = await db.database.query<{ count: number }>(
    { name: 'test_used_jtis', text: 'select count(*)::int as count from used_jti' },
    [],
  )
  return row?.count ?? 0
}

describe('a client whose signature holds is told what is wrong:', () => {
  const rows: [string, Members, string][] = [
    ['sub is another', { sub: 'skatt-web' }, 'iss and sub'],
    ['sub is missing', { sub: undefined }, 'iss and sub'],
    ['aud is the token endpoint', { aud: `${ISSUER}/oauth/token` }, 'aud'],
    ['aud has a slash too many', { aud: `${ISSUER}/` }, 'aud'],
    ['aud is someone else', { aud: 'https://other.example.no' }, 'aud'],
    ['aud names us and another', { aud: [ISSUER, 'https://other.example.no'] }, 'aud'],
    ['aud names us twice', { aud: [ISSUER, ISSUER] }, 'aud'],
    ['aud is an empty array', { aud: [] }, 'aud'],
    ['aud is missing', { aud: undefined }, 'aud'],
    ['it has expired', { exp: seconds(-1) }, 'exp'],
    ['it lives too long', { exp: seconds(320) }, 'exp'],
    ['exp is missing', { exp: undefined }, 'exp'],
    ['exp is a text', { exp: String(seconds(60)) }, 'exp'],
    ['it was made too long ago', { iat: seconds(-310) }, 'iat'],
    ['it was made in the future', { iat: seconds(20) }, 'iat'],
    ['iat is missing', { iat: undefined }, 'iat'],
    ['it begins in the future', { nbf: seconds(20) }, 'nbf'],
    ['jti is missing', { jti: undefined }, 'jti'],
    ['jti is empty', { jti: '' }, 'jti'],
    ['jti is longer than 255 characters', { jti: 'x'.repeat(256) }, 'jti'],
    ['jti is no text for a database', { jti: 'a\0b' }, 'jti'],
  ]

  test.each(rows)('%s', async (_, claims, fault) => {
    const usedBefore = await usedJtis()
    const answer = await assertions.verify(proof(await signedRaw(claims)))
    expect('notProved' in answer && answer.notProved).toContain(fault)
    expect(await usedJtis()).toBe(usedBefore)
  })

  test('client_id in the form is another', async () => {
    const answer = await assertions.verify(proof(await signed(), { clientId: 'skatt-web' }))
    expect(answer).toEqual({ notProved: 'client_id is not the one of the assertion' })
  })
})

/** Signed as the texts they are: jose would not write some of them. */
async function signedRaw(claims: Members): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claimsWith(claims))))
    .setProtectedHeader({ alg: 'ES256', kid: keys.ES256.kid ?? '' })
    .sign(await importJWK(keys.ES256, 'ES256'))
}

describe('an assertion is used once', () => {
  test('and its other signature does not make it new', async () => {
    const assertion = await signed()
    expect(await assertions.verify(proof(assertion))).toMatchObject({ clientId: 'nav-web' })
    expect(await assertions.verify(proof(assertion))).toEqual({ notProved: 'jti has been used' })
    expect(await assertions.verify(proof(otherSignature(assertion)))).toEqual({ notProved: 'jti has been used' })
  })

  test('of twenty at once one gets through', async () => {
    const assertion = await signed()
    const answers = await Promise.all(Array.from({ length: 20 }, () => assertions.verify(proof(assertion))))
    expect(answers.filter((answer) => 'clientId' in answer)).toHaveLength(1)
  })
})

test('a key that was withdrawn a moment ago proves nothing', async () => {
  const key = await newKey('ES256')
  await putClient(db.database, clientWith('short-lived', [publicPart(key)]))
  const assertion = () => signed({ iss: 'short-lived', sub: 'short-lived' }, {}, key)
  expect(await assertions.verify(proof(await assertion()))).toMatchObject({ clientId: 'short-lived' })
  await putClient(db.database, clientWith('short-lived', []))
  expect(await assertions.verify(proof(await assertion()))).toEqual(FAILED)
})
