import { Buffer } from 'node:buffer'
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { calculateJwkThumbprint } from 'jose'
import { type PresentedProof, rememberProofs, TokenRefused, verify } from '../src/verify.js'
import {
  encode,
  es256,
  expected,
  goodClaims,
  goodToken,
  issuerKey,
  type Members,
  NOW,
  rsaKey,
  SECOND,
  signTexts,
  withClaims,
} from './tokens.js'

const senderKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const strangerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwkOf = (key: KeyObject): Members => ({ ...key.export({ format: 'jwk' }) })
const jwk = jwkOf(senderKey.publicKey)
const bound = withClaims({ cnf: { jkt: await calculateJwkThumbprint({ ...jwk, kty: 'EC' }) } })
const address = 'https://api.nav.example/pensjon/saker?side=2'

const goodHeader: Members = { alg: 'ES256', typ: 'dpop+jwt', jwk }

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** A proof for a GET of `address` with `bound`, right in all but what is changed. */
function proofWith(claims: Members = {}, header: Members = {}, key: KeyObject = senderKey.privateKey): string {
  const made = { jti: randomUUID(), htm: 'GET', htu: 'https://api.nav.example/pensjon/saker', iat: SECOND }
  const payload = JSON.stringify({ ...made, ath: hashOf(bound), ...claims })
  return signTexts(JSON.stringify({ ...goodHeader, ...header }), payload, (input) => es256(input, key))
}

function presented(header: string | undefined, more: Partial<PresentedProof> = {}): PresentedProof {
  return { header, method: 'GET', url: new URL(address), isFirst: rememberProofs(), ...more }
}

/** Accepted, refused by name, or broken. */
async function outcomeOf(proof: PresentedProof | null, token = bound, user: typeof expected.user = null) {
  return verify(token, { ...expected, user: proof === null ? expected.user : user, proof }).then(
    () => 'accepted',
    (error: unknown) => (error instanceof TokenRefused ? error.code : `broken: ${String(error)}`),
  )
}

describe('a token bound to a key is taken', () => {
  // prettier-ignore
  const rows: readonly { what: string; proof: string; more?: Partial<PresentedProof> }[] = [
    { what: 'with a proof of the key', proof: proofWith() },
    { what: 'whatever the query was', proof: proofWith({ htu: 'https://api.nav.example/pensjon/saker?side=3#x' }) },
    { what: 'host and scheme in capitals', proof: proofWith({ htu: 'HTTPS://API.nav.example/pensjon/saker' }) },
    { what: 'the default port named', proof: proofWith({ htu: 'https://api.nav.example:443/pensjon/saker' }) },
    { what: 'a letter escaped for nothing', proof: proofWith({ htu: 'https://api.nav.example/p%65nsjon/saker' }) },
    { what: 'dots in the path', proof: proofWith({ htu: 'https://api.nav.example/pensjon/x/../saker' }) },
    { what: 'an escape in small digits', proof: proofWith({ htu: 'https://api.nav.example/%c3%b8' }), more: { url: new URL('https://api.nav.example/%C3%B8') } },
    { what: 'made a minute ago', proof: proofWith({ iat: SECOND - 60 }) },
    { what: 'made by a clock that is a minute ahead', proof: proofWith({ iat: SECOND + 60 }) },
    { what: 'with a nonce that no one asked for', proof: proofWith({ nonce: 'x' }) },
    { what: 'with a key that has a name', proof: proofWith({}, { jwk: { ...jwk, kid: 'mine', use: 'sig', alg: 'ES256' } }) },
  ]

  test.each(rows)('$what', async ({ proof, more }) => {
    expect(await outcomeOf(presented(proof, more))).toBe('accepted')
  })

  test('and tells who acts, where the service has no user of its own', async () => {
    const result = await verify(bound, { ...expected, user: null, proof: presented(proofWith()) })
    expect(result.actor).toEqual({ issuer: 'https://idporten.no', subject: 'geA1Nez' })
    expect(Object.isFrozen(result.actor)).toBe(true)
  })

  test('only for the user, where there is one', async () => {
    expect(await outcomeOf(presented(proofWith()), bound, expected.user)).toBe('accepted')
    const someone = { issuer: 'https://idporten.no', subject: 'another' }
    expect(await outcomeOf(presented(proofWith()), bound, someone)).toBe('actor_mismatch')
  })

  test('while one that is not bound is taken for a user only, with or without a proof beside it', async () => {
    expect(await outcomeOf(presented(proofWith({ ath: hashOf(goodToken) })), goodToken, expected.user)).toBe('accepted')
    expect(await outcomeOf(presented(undefined), goodToken, expected.user)).toBe('accepted')
    expect(await outcomeOf(presented(proofWith({ ath: hashOf(goodToken) })), goodToken)).toBe('proof_required')
  })
})

describe('a token bound to a key is refused', () => {
  const good = proofWith()
  const [header = '', payload = '', signature = ''] = good.split('.')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const spare = alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1] ?? ''
  const privateJwk = jwkOf(senderKey.privateKey)
  const text = (claims: string) =>
    signTexts(JSON.stringify(goodHeader), claims, (input) => es256(input, senderKey.privateKey))
  const claimsText = Buffer.from(payload, 'base64url').toString()
  const hmac = (input: string) => createHmac('sha256', JSON.stringify(jwk)).update(input).digest()
  const rsaJwk = jwkOf(rsaKey.publicKey)
  const byRsa = (input: string) => sign('sha256', Buffer.from(input), rsaKey.privateKey)

  // prettier-ignore
  const rows: readonly { what: string; proof: string | undefined; more?: Partial<PresentedProof>; code?: string }[] = [
    { what: 'without proof', proof: undefined, code: 'proof_required' },
    { what: 'with nothing', proof: '' },
    { what: 'with two proofs', proof: `${good}, ${proofWith()}` },
    { what: 'with padding', proof: `${good}==` },
    { what: 'with a space within', proof: `${header}.${payload}.${signature.slice(0, 40)} ${signature.slice(40)}` },
    { what: 'with a newline within', proof: `${header}.${payload}.${signature.slice(0, 40)}\n${signature.slice(40)}` },
    { what: 'with spare bits set', proof: good.slice(0, -1) + spare },
    { what: 'with the token in its place', proof: bound },
    { what: 'by another key', proof: proofWith({}, { jwk: jwkOf(strangerKey.publicKey) }, strangerKey.privateKey) },
    { what: 'signed by another than the key it shows', proof: proofWith({}, {}, strangerKey.privateKey) },
    { what: 'by the issuer’s own key', proof: proofWith({}, { jwk: jwkOf(issuerKey.publicKey) }, issuerKey.privateKey) },
    { what: 'with the private key in it', proof: proofWith({}, { jwk: privateJwk }) },
    { what: 'without a key', proof: proofWith({}, { jwk: undefined }) },
    { what: 'with a list for a key', proof: proofWith({}, { jwk: [jwk] }) },
    { what: 'with a key that is no point', proof: proofWith({}, { jwk: { ...jwk, y: jwk['x'] } }) },
    { what: 'with a key of another kind', proof: signTexts(JSON.stringify({ ...goodHeader, alg: 'RS256', jwk: rsaJwk }), claimsText, byRsa) },
    { what: 'with a secret for a key', proof: signTexts(JSON.stringify({ ...goodHeader, alg: 'HS256', jwk: { kty: 'oct', k: 'c2VjcmV0' } }), claimsText, hmac) },
    { what: 'HS256 over the public key', proof: signTexts(JSON.stringify({ ...goodHeader, alg: 'HS256' }), claimsText, hmac) },
    ...['none', 'None', 'NONE', 'nOnE', 'ES384', 'es256'].map((alg) => ({ what: `alg ${alg}`, proof: proofWith({}, { alg }) })),
    { what: 'alg none without a signature', proof: `${encode(JSON.stringify({ ...goodHeader, alg: 'none' }))}.${payload}.` },
    ...['JWT', 'at+jwt', 'DPoP+jwt', undefined].map((typ) => ({ what: `typ ${String(typ)}`, proof: proofWith({}, { typ }) })),
    ...['jku', 'x5u', 'x5c', 'kid', 'crit', 'b64'].map((name) => ({ what: `with ${name}`, proof: proofWith({}, { [name]: 'https://evil.example/keys' }) })),
    { what: 'for another method', proof: proofWith({ htm: 'POST' }) },
    { what: 'for the method in small letters', proof: proofWith({ htm: 'get' }) },
    { what: 'without a method', proof: proofWith({ htm: undefined }) },
    { what: 'for another address', proof: proofWith({ htu: 'https://api.nav.example/pensjon' }) },
    { what: 'for another host', proof: proofWith({ htu: 'https://api.evil.example/pensjon/saker' }) },
    { what: 'for plain http', proof: proofWith({ htu: 'http://api.nav.example/pensjon/saker' }) },
    { what: 'for another port', proof: proofWith({ htu: 'https://api.nav.example:8443/pensjon/saker' }) },
    { what: 'for a path in other letters', proof: proofWith({ htu: 'https://api.nav.example/Pensjon/saker' }) },
    { what: 'for a slash more', proof: proofWith({ htu: 'https://api.nav.example/pensjon/saker/' }) },
    { what: 'for an escaped slash', proof: proofWith({ htu: 'https://api.nav.example/pensjon%2Fsaker' }) },
    { what: 'for a user at the host', proof: proofWith({ htu: 'https://x@api.nav.example/pensjon/saker' }) },
    { what: 'for no address', proof: proofWith({ htu: '/pensjon/saker' }) },
    { what: 'for a number', proof: proofWith({ htu: 7 }) },
    { what: 'made 61 s ago', proof: proofWith({ iat: SECOND - 61 }) },
    { what: 'made in 61 s', proof: proofWith({ iat: SECOND + 61 }) },
    { what: 'made at no time', proof: proofWith({ iat: undefined }) },
    { what: 'made at a time in text', proof: proofWith({ iat: String(SECOND) }) },
    { what: 'without jti', proof: proofWith({ jti: undefined }) },
    { what: 'with an empty jti', proof: proofWith({ jti: '' }) },
    { what: 'with an endless jti', proof: proofWith({ jti: 'x'.repeat(256) }) },
    { what: 'without the token’s hash', proof: proofWith({ ath: undefined }) },
    { what: 'with another token’s hash', proof: proofWith({ ath: hashOf(goodToken) }) },
    { what: 'with the hash in other letters', proof: proofWith({ ath: `${hashOf(bound)}=` }) },
    { what: 'with a member twice', proof: text(claimsText.replace('{', '{"htm":"GET",')) },
    { what: 'nested too deep', proof: text(claimsText.replace('{', `{"x":${'['.repeat(40)}${']'.repeat(40)},`)) },
    { what: 'with claims that are no object', proof: text('[]') },
    { what: 'huge', proof: proofWith({ x: 'x'.repeat(20_000) }) },
    { what: 'that was used', proof: good, more: { isFirst: () => false } },
  ]

  test.each(rows)('$what', async ({ proof, more, code = 'proof' }) => {
    expect(await outcomeOf(presented(proof, more))).toBe(code)
  })

  test('where no proof is taken', async () => {
    expect(await outcomeOf(null)).toBe('proof_required')
  })

  test.each([null, true, [], {}, { jkt: '' }, { jkt: 7 }, { 'x5t#S256': 'x' }])(
    'that is bound in a way that is not known: %j',
    async (cnf) => {
      expect(await outcomeOf(presented(proofWith()), withClaims({ cnf }))).toBe('proof_required')
    },
  )

  test('and the message says nothing of what came', async () => {
    const refusals = await Promise.all(
      rows.map(({ proof, more }) =>
        verify(bound, { ...expected, user: null, proof: presented(proof, more) }).catch((error: unknown) => error),
      ),
    )
    for (const refusal of refusals) {
      for (const secret of [goodClaims['sub'], 'evil', jwk['x'], signature]) {
        expect((refusal as TokenRefused).message).not.toContain(secret)
      }
    }
  })
})

describe('a proof is taken once', () => {
  test('by one memory, also in its other spelling of the signature', async () => {
    const isFirst = rememberProofs()
    const proof = proofWith()
    expect(await outcomeOf(presented(proof, { isFirst }))).toBe('accepted')
    expect(await outcomeOf(presented(proof, { isFirst }))).toBe('proof')
    expect(await outcomeOf(presented(twinOf(proof), { isFirst }))).toBe('proof')
    expect(await outcomeOf(presented(proofWith(), { isFirst }))).toBe('accepted')
  })

  test('and only a proof that holds is remembered', async () => {
    const isFirst = rememberProofs()
    const proof = proofWith()
    expect(await outcomeOf(presented(proof, { isFirst, method: 'POST' }))).toBe('proof')
    expect(await outcomeOf(presented(proof, { isFirst }))).toBe('accepted')
  })

  test('and is forgotten once it is too old', async () => {
    const isFirst = rememberProofs()
    const [until, later] = [new Date(NOW.getTime() + 60_000), new Date(NOW.getTime() + 60_001)]
    expect(await isFirst('one', until, NOW)).toBe(true)
    expect(await isFirst('one', until, until)).toBe(false)
    expect(await isFirst('one', until, later)).toBe(true)
  })

  /** Of (r, s) the signature (r, n − s) holds too. */
  function twinOf(proof: string): string {
    const [head = '', body = '', signed = ''] = proof.split('.')
    const bytes = Buffer.from(signed, 'base64url')
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const s = (order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0')
    return `${head}.${body}.${encode(Buffer.concat([bytes.subarray(0, 32), Buffer.from(s, 'hex')]))}`
  }
})
