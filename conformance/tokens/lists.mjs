import { Buffer } from 'node:buffer'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { encode, es256 } from './keys.mjs'
import { ISSUER, KID, NEXT_KID, nextKey, packed, packedBytes, SECOND, signedList, strangersKey } from './writing.mjs'

/** Statuses by place in the list that most tokens use, which has 2^20 entries. */
export const STATUSES = { 1_000: 1, 2_001: 2, 3_002: 3, 1_048_574: 1 }
export const [ENDED, FROZEN, UNKNOWN] = [1_000, 2_001, 3_002]

const lst = (bytes) => ({ list: { lst: Buffer.from(bytes).toString('base64url') } })
const all = packed({})
const spelt = encode(all)
const HOUR = 3_600

/** Lists in which a valid entry is valid, by name: what is special about each, and what makes it so. */
// prettier-ignore
export const SOUND = {
  1: ['the list as issued', lst(packed(STATUSES))],
  2: ['a list signed with the next key', { header: { kid: NEXT_KID }, signer: es256(nextKey) }],
  3: ['a list of 4000 entries', lst(packed({ 3_998: 1 }, 4_000))],
  4: ['a list compressed at the lowest level', lst(deflateSync(packedBytes({}, 4_000), { level: 1 }))],
  5: ['a list that is stored and not compressed', lst(deflateSync(packedBytes({}, 4_000), { level: 0 }))],
  6: ['a list of 90 s', { claims: { iat: SECOND - 90, exp: SECOND + 1 } }],
  7: ['a list made 30 s ahead of the verifier’s clock', { claims: { iat: SECOND + 30, exp: SECOND + 120 } }],
  8: ['a list that ends in a second', { claims: { exp: SECOND + 1 } }],
  9: ['a list that may be held for a second', { claims: { ttl: 1 } }],
  10: ['a list with the longer spelling of typ', { header: { typ: 'application/statuslist+jwt' } }],
  11: ['a list with claims that nobody knows', { claims: { note: [1, { a: null }] }, list: { lst: spelt, aggregation_uri: `${ISSUER}/statuslists` } }],
  'a-B_9': ['a list with a name of letters', {}],
}

/** Lists that prove nothing, by name: what is wrong with each, and what makes it so. */
// prettier-ignore
export const UNSOUND = {
  old: ['a list of 91 s', { claims: { iat: SECOND - 91, exp: SECOND + 1 } }],
  'old-hour': ['a list of 91 s that calls itself good for an hour', { claims: { iat: SECOND - 91, exp: SECOND + HOUR, ttl: HOUR } }],
  past: ['a list past its exp', { claims: { iat: SECOND - 20, exp: SECOND } }],
  ahead: ['a list made 31 s ahead of the verifier’s clock', { claims: { iat: SECOND + 31, exp: SECOND + 120 } }],
  'no-iat': ['a list without iat', { claims: { iat: undefined } }],
  'no-exp': ['a list without exp', { claims: { exp: undefined } }],
  'no-ttl': ['a list without ttl', { claims: { ttl: undefined } }],
  'ttl-0': ['a list with a ttl of nothing', { claims: { ttl: 0 } }],
  'as-token': ['a list with the type of an access token', { header: { typ: 'at+jwt' } }],
  none: ['a list with alg none', { header: { alg: 'none' } }],
  unsigned: ['a list with alg none and no signature', { header: { alg: 'none' }, signer: () => Buffer.alloc(0) }],
  'other-kid': ['a list under a kid that is not published', { header: { kid: 'other' }, signer: es256(strangersKey) }],
  jwk: ['a list that brings its own key', { header: { kid: KID, jwk: strangersKey.jwk }, signer: es256(strangersKey) }],
  stranger: ['a list that someone else signed', { signer: es256(strangersKey) }],
  'other-iss': ['a list that another issuer made', { claims: { iss: 'https://fullmakt.example.com' } }],
  'other-sub': ['another list than the one asked for', { claims: { sub: `${ISSUER}/statuslists/1` } }],
  'no-sub': ['a list that does not say which it is', { claims: { sub: undefined } }],
  'one-bit': ['a list of 1 bit', { list: { bits: 1, lst: spelt } }],
  'eight-bits': ['a list of 8 bits', { list: { bits: 8, lst: spelt } }],
  'text-bits': ['a list whose bits are text', { list: { bits: '2', lst: spelt } }],
  'no-lst': ['a list without entries', { list: { lst: undefined } }],
  padded: ['a list whose entries are padded base64', { list: { lst: `${spelt}==` } }],
  raw: ['a list without the ZLIB frame', lst(deflateRawSync(packedBytes({}, 4_000)))],
  gzip: ['a list as gzip', lst(Buffer.concat([gzipSync(packedBytes({}, 4_000)).fill(0, 4, 10)]))],
  cut: ['a list cut off', lst(all.subarray(0, -5))],
  byte: ['a list with a byte after its end', lst(Buffer.concat([all, Buffer.alloc(1)]))],
  checksum: ['a list with a false checksum', lst(Buffer.concat([all.subarray(0, -1), Buffer.of(7)]))],
  big: ['a list of more than 2^20 entries', lst(deflateSync(Buffer.alloc(262_145)))],
  bomb: ['a list that inflates to 4 MiB', lst(deflateSync(Buffer.alloc(4_194_304)))],
  twice: ['a list with a member twice', { text: (payload) => payload.replace('{', '{"iat":1,') }],
}

/** Every list by its address. */
export function signedLists() {
  const named = Object.entries({ ...SOUND, ...UNSOUND })
  return Object.fromEntries(
    named.map(([name, [, changes]]) => [`${ISSUER}/statuslists/${name}`, signedList(name, changes)]),
  )
}
