import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'
import { ecKey, encode, es256 } from './keys.mjs'

/** Tokens and status lists as the issuer writes them, and wrong in every way that a table may want. */

export const ISSUER = 'https://fullmakt.example.no'
export const AUDIENCE = 'https://nav.example.no'
export const REPRESENTATION = `${ISSUER}/rar/representation`
export const NOW = '2026-11-22T12:00:00Z'
export const SECOND = Date.parse(NOW) / 1000
export const USER = { issuer: 'https://idporten.example.no', subject: 'geA1Nez' }
export const POWER = { service: 'nav.pension', action: 'read', provider: null, object: null }

export const KID = '2026-11-a'
export const issuerKey = ecKey('issuer, November')
/** Published beside the first while keys change. */
export const NEXT_KID = '2026-12-a'
export const nextKey = ecKey('issuer, December')
export const strangersKey = ecKey('someone else')

export const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: KID }

export const DETAIL = {
  type: REPRESENTATION,
  locations: [AUDIENCE],
  actions: ['read', 'write'],
  datatypes: ['nav.pension'],
  identifier: 'dlg_9f',
  basis: 'mandate',
}

export const ACT = { iss: USER.issuer, sub: USER.subject, sub_profile: 'user' }

/** Where a token's entry lies unless a row says otherwise. */
export const LIST = `${ISSUER}/statuslists/1`
export const VALID_INDEX = 4_003

export const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'p.7Yk3vQ',
  client_id: 'nav-web',
  iat: SECOND - 10,
  exp: SECOND + 290,
  jti: '01K-token',
  act: ACT,
  acr: 'idporten-loa-high',
  auth_time: SECOND - 120,
  scope: 'nav.pension.read nav.pension.write',
  authorization_details: [DETAIL],
  status: { status_list: { idx: VALID_INDEX, uri: LIST } },
  evaluation_id: '01K-evaluation',
}

/** A compact JWS over exactly these texts or bytes. */
export function signTexts(header, payload, signer = es256(issuerKey)) {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${encode(signer(input))}`
}

/** In all of these a member changed to undefined is left out. */
export function withHeader(changes, signer) {
  return signTexts(JSON.stringify({ ...HEADER, ...changes }), JSON.stringify(CLAIMS), signer)
}

export function withClaims(changes) {
  return signTexts(JSON.stringify(HEADER), JSON.stringify({ ...CLAIMS, ...changes }))
}

export function withDetail(changes) {
  return withClaims({ authorization_details: [{ ...DETAIL, ...changes }] })
}

export function withAct(changes) {
  return withClaims({ act: { ...ACT, ...changes } })
}

export function withStatus(changes) {
  return withClaims({ status: { status_list: { idx: VALID_INDEX, uri: LIST, ...changes } } })
}

/** The good token's claims as a text to be changed by hand. */
export function withText(change, header = JSON.stringify(HEADER)) {
  return signTexts(header, change(JSON.stringify(CLAIMS)))
}

/** A list of so many entries of 2 bits, with these statuses at these places, compressed. */
export function packed(statuses, size = 2 ** 20) {
  return deflateSync(packedBytes(statuses, size), { level: 9 })
}

export function packedBytes(statuses, size) {
  const bytes = Buffer.alloc(size / 4)
  for (const [index, status] of Object.entries(statuses)) bytes[Math.floor(index / 4)] |= status << ((index % 4) * 2)
  return bytes
}

/** A Status List Token for the list of that name. */
export function signedList(name, { header, claims, list, signer, text = (payload) => payload } = {}) {
  const payload = {
    iss: ISSUER,
    sub: `${ISSUER}/statuslists/${name}`,
    iat: SECOND - 10,
    exp: SECOND + 80,
    ttl: 30,
    status_list: { bits: 2, lst: encode(packed({})), ...list },
    ...claims,
  }
  const heading = JSON.stringify({ alg: 'ES256', typ: 'statuslist+jwt', kid: KID, ...header })
  return signTexts(heading, text(JSON.stringify(payload)), signer)
}
