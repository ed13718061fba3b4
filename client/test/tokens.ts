import { Buffer } from 'node:buffer'
import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto'
import { type JWK, importJWK } from 'jose'
import type { Expected, KeySource } from '../src/verify.js'

/** Tokens as our issuer signs them, and wrong in every way a test may want: signed here by node:crypto, byte for byte. */

export const ISSUER = 'https://fullmakt.example.no'
export const AUDIENCE = 'https://api.nav.example/pensjon'
export const REPRESENTATION = `${ISSUER}/rar/representation`
export const NOW = new Date('2026-11-21T12:00:00Z')
export const SECOND = NOW.getTime() / 1000
export const KID = '2026-11-a'

export const issuerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 })

export function publicJwk(key: KeyObject, kid: string): JWK {
  return { ...(key.export({ format: 'jwk' }) as JWK), kid, alg: 'ES256', use: 'sig' }
}

/** The issuer's keys, held in memory. */
export const keys: KeySource = async (kid) =>
  kid === KID ? importJWK({ ...publicJwk(issuerKey.publicKey, KID), kty: 'EC' }, 'ES256') : undefined

export const expected: Expected = {
  keys,
  statuses: () => Promise.resolve(),
  issuer: ISSUER,
  audience: AUDIENCE,
  now: NOW,
  power: { service: 'nav.pension', action: 'read', provider: null, object: null },
  user: { issuer: 'https://idporten.no', subject: 'geA1Nez' },
  proof: null,
  minimumAssurance: 'substantial',
  introspect: null,
}

export type Members = Readonly<Record<string, unknown>>

export const goodHeader: Members = { alg: 'ES256', typ: 'at+jwt', kid: KID }

export const goodDetail: Members = {
  type: REPRESENTATION,
  locations: [AUDIENCE],
  actions: ['read', 'write'],
  datatypes: ['nav.pension'],
  identifier: 'dlg_9f',
  granted_by: { method: 'delegated' },
  basis: 'mandate',
  may_delegate: false,
}

export const goodAct: Members = { iss: 'https://idporten.no', sub: 'geA1Nez', sub_profile: 'user' }

export const goodClaims: Members = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'p.7Yk3vQ',
  client_id: 'nav-pensjon-web',
  iat: SECOND - 10,
  exp: SECOND + 290,
  jti: '01K-token',
  act: goodAct,
  acr: 'idporten-loa-high',
  auth_time: SECOND - 120,
  scope: 'nav.pension.read nav.pension.write',
  authorization_details: [goodDetail],
  status: { status_list: { idx: 412_873, uri: `${ISSUER}/statuslists/7` } },
  evaluation_id: '01K-evaluation',
}

export function encode(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64url')
}

export function es256(input: string, key: KeyObject = issuerKey.privateKey): Uint8Array {
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
}

/** A compact JWS over exactly these texts, whatever they say, with a good ES256 signature unless another signer is given. */
export function signTexts(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  signer: (input: string) => Uint8Array = es256,
): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${encode(signer(input))}`
}

/** A member changed to undefined is left out. */
export function withHeader(changes: Members, signer?: (input: string) => Uint8Array): string {
  return signTexts(JSON.stringify({ ...goodHeader, ...changes }), JSON.stringify(goodClaims), signer)
}

export function withClaims(changes: Members): string {
  return signTexts(JSON.stringify(goodHeader), JSON.stringify({ ...goodClaims, ...changes }))
}

export function withStatus(changes: Members): string {
  return withClaims({ status: { status_list: { idx: 412_873, uri: `${ISSUER}/statuslists/7`, ...changes } } })
}

export function withDetail(changes: Members): string {
  return withClaims({ authorization_details: [{ ...goodDetail, ...changes }] })
}

export const goodToken = withClaims({})
