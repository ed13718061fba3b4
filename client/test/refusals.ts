import { Buffer } from 'node:buffer'
import { createHmac, sign } from 'node:crypto'
import type { Expected, RefusalCode } from '../src/verify.js'
import {
  AUDIENCE,
  encode,
  es256,
  expected,
  goodAct,
  goodClaims,
  goodDetail,
  goodHeader,
  goodToken,
  ISSUER,
  issuerKey,
  otherKey,
  publicJwk,
  REPRESENTATION,
  rsaKey,
  SECOND,
  signTexts,
  withClaims,
  withDetail,
  withStatus,
  withHeader,
} from './tokens.js'

export interface Refusal {
  readonly what: string
  readonly token: string
  readonly code: RefusalCode
  readonly asked?: Partial<Expected>
}

const [header = '', payload = '', signature = ''] = goodToken.split('.')
const claimsText = JSON.stringify(goodClaims)
const headerText = JSON.stringify(goodHeader)

/** The same last six bits of data, but with a spare bit set that decoders drop. */
function spareBitSet(segment: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return segment.slice(0, -1) + (alphabet[alphabet.indexOf(segment.at(-1) ?? '') + 1] ?? '')
}

/** A payload whose encoding leaves spare bits: as many spaces as make its length 1 more than a multiple of 3. */
const loosePayload = encode(claimsText + ' '.repeat((4 - (Buffer.byteLength(claimsText) % 3)) % 3))

function hmac(key: string): (input: string) => Uint8Array {
  return (input) => createHmac('sha256', key).update(input).digest()
}

const publicPem = issuerKey.publicKey.export({ format: 'pem', type: 'spki' }).toString()
const publicX = publicJwk(issuerKey.publicKey, 'x').x ?? ''
const attackersJwk = publicJwk(otherKey.publicKey, '2026-11-a')
const byOther = (input: string): Uint8Array => es256(input, otherKey.privateKey)
const byRsa = (input: string): Uint8Array => sign('sha256', Buffer.from(input), rsaKey.privateKey)
const asDer = (input: string): Uint8Array => sign('sha256', Buffer.from(input), issuerKey.privateKey)

const at = (changes: Partial<Expected['power']>): Partial<Expected> => ({ power: { ...expected.power, ...changes } })

// prettier-ignore
export const spelling: readonly Refusal[] = [
  { what: 'padding at the end', token: `${goodToken}==`, code: 'format' },
  { what: 'padding within', token: `${header}=.${payload}.${signature}`, code: 'format' },
  { what: 'a space within', token: `${header}.${payload}.${signature.slice(0, 40)} ${signature.slice(40)}`, code: 'format' },
  { what: 'a space before', token: ` ${goodToken}`, code: 'format' },
  { what: 'a newline within', token: `${header}.${payload}.${signature.slice(0, 40)}\n${signature.slice(40)}`, code: 'format' },
  { what: 'a newline after', token: `${goodToken}\n`, code: 'format' },
  { what: 'a tab after', token: `${goodToken}\t`, code: 'format' },
  { what: 'a NUL after', token: `${goodToken}\0`, code: 'format' },
  { what: 'a spare bit set in the signature', token: `${header}.${payload}.${spareBitSet(signature)}`, code: 'format' },
  { what: 'a spare bit set in the payload', token: `${header}.${spareBitSet(loosePayload)}.${encode(es256(`${header}.${spareBitSet(loosePayload)}`))}`, code: 'format' },
  { what: 'standard base64 letters', token: `${header}.${payload}.${signature.slice(0, 40)}+/${signature.slice(42)}`, code: 'format' },
  { what: 'a full-width letter', token: `${header}.${payload}.${signature.slice(0, 40)}Ａ${signature.slice(41)}`, code: 'format' },
  { what: 'a letter beyond Latin-1 with a good low byte', token: `${header}.${payload}.${String.fromCharCode(0x100 + signature.charCodeAt(0))}${signature.slice(1)}`, code: 'format' },
  { what: 'a character more than whole bytes', token: `${goodToken}AAA`, code: 'format' },
  { what: 'nothing', token: '', code: 'format' },
  { what: 'dots alone', token: '..', code: 'format' },
  { what: 'one segment', token: header, code: 'format' },
  { what: 'two segments', token: `${header}.${payload}`, code: 'format' },
  { what: 'four segments', token: `${goodToken}.${signature}`, code: 'format' },
  { what: 'five segments, as an encrypted token has', token: `${goodToken}.${payload}.${signature}`, code: 'format' },
  { what: 'a trailing dot', token: `${goodToken}.`, code: 'format' },
  { what: 'an empty signature', token: `${header}.${payload}.`, code: 'format' },
  { what: 'an empty payload', token: `${header}..${encode(es256(`${header}.`))}`, code: 'format' },
  { what: 'the JSON serialisation', token: JSON.stringify({ protected: header, payload, signature }), code: 'format' },
  { what: 'the word Bearer before it', token: `Bearer ${goodToken}`, code: 'format' },
  { what: 'no string', token: undefined as unknown as string, code: 'format' },
  { what: 'an array with the token', token: [goodToken] as unknown as string, code: 'format' },
  { what: 'more than 16 KiB', token: withClaims({ note: 'x'.repeat(12_288) }), code: 'format' },
  { what: 'many megabytes', token: 'A'.repeat(8_000_000), code: 'format' },
  { what: 'a header member twice', token: signTexts('{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"2026-11-a"}', claimsText), code: 'format' },
  { what: 'a header member twice, once escaped', token: signTexts('{"alg":"ES256","typ":"at+jwt","kid":"2026-11-a","\\u006bid":"2026-11-a"}', claimsText), code: 'format' },
  { what: 'a claim twice', token: signTexts(headerText, claimsText.replace('{', '{"sub":"p.other",')), code: 'format' },
  { what: 'a claim twice with the same value', token: signTexts(headerText, claimsText.replace('{', '{"sub":"p.7Yk3vQ",')), code: 'format' },
  { what: 'a claim twice, once escaped', token: signTexts(headerText, claimsText.replace('{', '{"\\u0073ub":"p.other",')), code: 'format' },
  { what: 'a member twice within act', token: signTexts(headerText, claimsText.replace('"act":{', '"act":{"sub":"someone",')), code: 'format' },
  { what: 'a member twice within an array', token: signTexts(headerText, claimsText.replace('[{', '[{"basis":"parent",')), code: 'format' },
  { what: '__proto__ twice', token: signTexts(headerText, claimsText.replace('{', '{"__proto__":{},"__proto__":{},')), code: 'format' },
  { what: 'a header that is an array', token: signTexts('[]', claimsText), code: 'format' },
  { what: 'a header that is null', token: signTexts('null', claimsText), code: 'format' },
  { what: 'a header that is no JSON', token: signTexts('{alg:ES256}', claimsText), code: 'format' },
  { what: 'a payload that is an array', token: signTexts(headerText, '[]'), code: 'format' },
  { what: 'a payload that is a string', token: signTexts(headerText, '"sub"'), code: 'format' },
  { what: 'a payload that breaks off', token: signTexts(headerText, claimsText.slice(0, -1)), code: 'format' },
  { what: 'a payload with an open string', token: signTexts(headerText, '{"a'), code: 'format' },
  { what: 'text after the payload', token: signTexts(headerText, `${claimsText}{}`), code: 'format' },
  { what: 'a byte order mark', token: signTexts(headerText, `\uFEFF${claimsText}`), code: 'format' },
  { what: 'bytes that are not UTF-8', token: signTexts(headerText, Buffer.from(claimsText.replace('p.7Y', 'p.ÿY'), 'latin1')), code: 'format' },
  { what: 'arrays nested thousands deep', token: signTexts(headerText, claimsText.replace('{', `{"note":${'['.repeat(5_000)}${']'.repeat(5_000)},`)), code: 'format' },
  { what: 'objects nested thousands deep', token: signTexts(headerText, claimsText.replace('{', `{"note":${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)},`)), code: 'format' },
]

// prettier-ignore
export const headers: readonly Refusal[] = [
  { what: 'typ JWT, as an ID token has', token: withHeader({ typ: 'JWT' }), code: 'type' },
  { what: 'typ statuslist+jwt', token: withHeader({ typ: 'statuslist+jwt' }), code: 'type' },
  { what: 'typ dpop+jwt', token: withHeader({ typ: 'dpop+jwt' }), code: 'type' },
  { what: 'typ token-introspection+jwt', token: withHeader({ typ: 'token-introspection+jwt' }), code: 'type' },
  { what: 'typ AT+JWT', token: withHeader({ typ: 'AT+JWT' }), code: 'type' },
  { what: 'typ with a parameter', token: withHeader({ typ: 'at+jwt; x=1' }), code: 'type' },
  { what: 'typ as an array', token: withHeader({ typ: ['at+jwt'] }), code: 'type' },
  { what: 'no typ', token: withHeader({ typ: undefined }), code: 'type' },
  { what: 'alg none', token: withHeader({ alg: 'none' }), code: 'algorithm' },
  { what: 'alg None', token: withHeader({ alg: 'None' }), code: 'algorithm' },
  { what: 'alg NONE', token: withHeader({ alg: 'NONE' }), code: 'algorithm' },
  { what: 'alg none and no signature', token: `${encode(JSON.stringify({ ...goodHeader, alg: 'none' }))}.${payload}.`, code: 'format' },
  { what: 'alg es256', token: withHeader({ alg: 'es256' }), code: 'algorithm' },
  { what: 'alg HS256 keyed with the public key as PEM', token: withHeader({ alg: 'HS256' }, hmac(publicPem)), code: 'algorithm' },
  { what: 'alg HS256 keyed with the public key\'s x', token: withHeader({ alg: 'HS256' }, hmac(publicX)), code: 'algorithm' },
  { what: 'alg ES256 over an HMAC keyed with the public key', token: withHeader({}, hmac(publicPem)), code: 'signature' },
  { what: 'alg RS256', token: withHeader({ alg: 'RS256' }, byRsa), code: 'algorithm' },
  { what: 'alg ES384', token: withHeader({ alg: 'ES384' }), code: 'algorithm' },
  { what: 'alg EdDSA', token: withHeader({ alg: 'EdDSA' }), code: 'algorithm' },
  { what: 'alg as an array', token: withHeader({ alg: ['ES256'] }), code: 'algorithm' },
  { what: 'no alg', token: withHeader({ alg: undefined }), code: 'algorithm' },
  { what: 'a kid that the issuer does not publish', token: withHeader({ kid: 'other' }, byOther), code: 'key' },
  { what: 'the kid in another case', token: withHeader({ kid: '2026-11-A' }), code: 'key' },
  { what: 'the kid __proto__', token: withHeader({ kid: '__proto__' }), code: 'key' },
  { what: 'no kid', token: withHeader({ kid: undefined }), code: 'key' },
  { what: 'an empty kid', token: withHeader({ kid: '' }), code: 'key' },
  { what: 'a kid that is a number', token: withHeader({ kid: 1 }), code: 'key' },
  { what: 'jku', token: withHeader({ jku: 'https://evil.example/jwks' }, byOther), code: 'format' },
  { what: 'x5u', token: withHeader({ x5u: 'https://evil.example/cert' }, byOther), code: 'format' },
  { what: 'x5c', token: withHeader({ x5c: ['MIIB'] }, byOther), code: 'format' },
  { what: 'jwk', token: withHeader({ jwk: attackersJwk }, byOther), code: 'format' },
  { what: 'crit', token: withHeader({ crit: ['exp'], exp: SECOND + 290 }), code: 'format' },
  { what: 'b64', token: withHeader({ b64: false, crit: ['b64'] }), code: 'format' },
  { what: 'cty', token: withHeader({ cty: 'JWT' }), code: 'format' },
  { what: 'another key behind a good kid', token: withHeader({}, byOther), code: 'signature' },
  { what: 'a signature in DER form', token: withHeader({}, asDer), code: 'signature' },
  { what: 'a signature of zeros', token: withHeader({}, () => new Uint8Array(64)), code: 'signature' },
  { what: 'a signature that breaks off', token: withHeader({}, (input) => es256(input).slice(0, 63)), code: 'signature' },
  { what: 'a signature over another payload', token: `${header}.${encode(claimsText.replace('7Yk3vQ', '7Yk3vR'))}.${signature}`, code: 'signature' },
]

// prettier-ignore
export const claims: readonly Refusal[] = [
  { what: 'another issuer', token: withClaims({ iss: 'https://fullmakt.example.com' }), code: 'issuer' },
  { what: 'the issuer with a slash', token: withClaims({ iss: 'https://fullmakt.example.no/' }), code: 'issuer' },
  { what: 'no issuer', token: withClaims({ iss: undefined }), code: 'issuer' },
  { what: 'the issuer as an array', token: withClaims({ iss: [goodClaims['iss']] }), code: 'issuer' },
  { what: 'another audience', token: withClaims({ aud: 'https://api.nav.example/arbeid' }), code: 'audience' },
  { what: 'the audience as an array', token: withClaims({ aud: [AUDIENCE] }), code: 'audience' },
  { what: 'two audiences', token: withClaims({ aud: [AUDIENCE, 'https://other.example'] }), code: 'audience' },
  { what: 'no audience', token: withClaims({ aud: undefined }), code: 'audience' },
  { what: 'expired, clock skew included', token: withClaims({ iat: SECOND - 330, exp: SECOND - 30 }), code: 'expired' },
  { what: 'expired long ago', token: withClaims({ iat: 0, exp: 300, auth_time: 0 }), code: 'expired' },
  { what: 'issued in the future, clock skew included', token: withClaims({ iat: SECOND + 31, exp: SECOND + 331 }), code: 'not_yet_valid' },
  { what: 'not before a time in the future', token: withClaims({ nbf: SECOND + 31 }), code: 'not_yet_valid' },
  { what: 'nbf as text', token: withClaims({ nbf: 'now' }), code: 'claims' },
  { what: 'a life of 301 s', token: withClaims({ iat: SECOND, exp: SECOND + 301 }), code: 'lifetime' },
  { what: 'a life of a year', token: withClaims({ exp: SECOND + 31_536_000 }), code: 'lifetime' },
  { what: 'an end before its beginning', token: withClaims({ iat: SECOND, exp: SECOND - 1 }), code: 'lifetime' },
  { what: 'no exp', token: withClaims({ exp: undefined }), code: 'claims' },
  { what: 'exp as text', token: withClaims({ exp: String(SECOND + 290) }), code: 'claims' },
  { what: 'exp as null', token: withClaims({ exp: null }), code: 'claims' },
  { what: 'exp beyond any number', token: signTexts(headerText, claimsText.replace(/"exp":\d+/, '"exp":1e999')), code: 'claims' },
  { what: 'exp as a fraction', token: withClaims({ exp: SECOND + 0.5 }), code: 'claims' },
  { what: 'no iat', token: withClaims({ iat: undefined }), code: 'claims' },
  { what: 'iat below zero', token: withClaims({ iat: -1 }), code: 'claims' },
  { what: 'no auth_time', token: withClaims({ auth_time: undefined }), code: 'claims' },
  { what: 'auth_time after iat', token: withClaims({ auth_time: SECOND + 60 }), code: 'claims' },
  { what: 'no sub', token: withClaims({ sub: undefined }), code: 'claims' },
  { what: 'an empty sub', token: withClaims({ sub: '' }), code: 'claims' },
  { what: 'sub as a number', token: withClaims({ sub: 7 }), code: 'claims' },
  { what: 'sub under __proto__', token: signTexts(headerText, claimsText.replace('"sub":"p.7Yk3vQ"', '"__proto__":{"sub":"p.7Yk3vQ"}')), code: 'claims' },
  { what: 'no client_id', token: withClaims({ client_id: undefined }), code: 'claims' },
  { what: 'no jti', token: withClaims({ jti: undefined }), code: 'claims' },
  { what: 'jti as an array', token: withClaims({ jti: ['a'] }), code: 'claims' },
  { what: 'no evaluation_id', token: withClaims({ evaluation_id: undefined }), code: 'claims' },
  { what: 'bound to a key', token: withClaims({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }), code: 'proof_required' },
  { what: 'bound to nothing', token: withClaims({ cnf: null }), code: 'proof_required' },
  { what: 'no status', token: withClaims({ status: undefined }), code: 'claims' },
  { what: 'a status of another kind', token: withClaims({ status: { identifier_list: { id: 1 } } }), code: 'claims' },
  { what: 'a status as text', token: withClaims({ status: 'valid' }), code: 'claims' },
  { what: 'a status without a place', token: withStatus({ idx: undefined }), code: 'claims' },
  { what: 'a place below the first', token: withStatus({ idx: -1 }), code: 'claims' },
  { what: 'a place between two', token: withStatus({ idx: 1.5 }), code: 'claims' },
  { what: 'a place as text', token: withStatus({ idx: '1' }), code: 'claims' },
  { what: 'a place beyond all numbers', token: withStatus({ idx: 2 ** 53 }), code: 'claims' },
  { what: 'no list', token: withStatus({ uri: undefined }), code: 'claims' },
  { what: 'a list at another origin', token: withStatus({ uri: 'https://fullmakt.example.com/statuslists/7' }), code: 'claims' },
  { what: 'a list at an origin that begins alike', token: withStatus({ uri: 'https://fullmakt.example.no.example.com/statuslists/7' }), code: 'claims' },
  { what: 'a list at another path', token: withStatus({ uri: `${ISSUER}/log/7` }), code: 'claims' },
  { what: 'a list that climbs', token: withStatus({ uri: `${ISSUER}/statuslists/../log` }), code: 'claims' },
  { what: 'a list with a query', token: withStatus({ uri: `${ISSUER}/statuslists/7?time=1` }), code: 'claims' },
  { what: 'a list without a name', token: withStatus({ uri: `${ISSUER}/statuslists/` }), code: 'claims' },
]

// prettier-ignore
export const actors: readonly Refusal[] = [
  { what: 'no act', token: withClaims({ act: undefined }), code: 'actor_missing' },
  { what: 'act null', token: withClaims({ act: null }), code: 'actor_missing' },
  { what: 'an empty act', token: withClaims({ act: {} }), code: 'actor_missing' },
  { what: 'act as an array', token: withClaims({ act: [goodAct] }), code: 'actor_missing' },
  { what: 'act as a string', token: withClaims({ act: 'geA1Nez' }), code: 'actor_missing' },
  { what: 'act without sub', token: withClaims({ act: { ...goodAct, sub: undefined } }), code: 'actor_missing' },
  { what: 'act with an empty sub', token: withClaims({ act: { ...goodAct, sub: '' } }), code: 'actor_missing' },
  { what: 'act without iss', token: withClaims({ act: { ...goodAct, iss: undefined } }), code: 'actor_missing' },
  { what: 'act without a profile', token: withClaims({ act: { ...goodAct, sub_profile: undefined } }), code: 'actor_missing' },
  { what: 'act of a machine', token: withClaims({ act: { ...goodAct, sub_profile: 'service' } }), code: 'actor_missing' },
  { what: 'the user only within a nested act', token: withClaims({ act: { act: goodAct } }), code: 'actor_missing' },
  { what: 'another user', token: withClaims({ act: { ...goodAct, sub: 'someone-else' } }), code: 'actor_mismatch' },
  { what: 'the user in another case', token: withClaims({ act: { ...goodAct, sub: 'gea1nez' } }), code: 'actor_mismatch' },
  { what: 'the same sub of another issuer', token: withClaims({ act: { ...goodAct, iss: 'https://ansattporten.no' } }), code: 'actor_mismatch' },
  { what: 'another user who acted for ours', token: withClaims({ act: { ...goodAct, sub: 'someone-else', act: goodAct } }), code: 'actor_mismatch' },
  { what: 'the principal in the actor\'s place', token: withClaims({ act: { ...goodAct, sub: goodClaims['sub'] } }), code: 'actor_mismatch' },
  { what: 'acr one step too low', token: withClaims({ acr: 'idporten-loa-substantial' }), code: 'assurance', asked: { minimumAssurance: 'high' } },
  { what: 'acr Level3 where high is asked', token: withClaims({ acr: 'Level3' }), code: 'assurance', asked: { minimumAssurance: 'high' } },
  { what: 'acr low', token: withClaims({ acr: 'idporten-loa-low' }), code: 'assurance' },
  { what: 'acr self-registered', token: withClaims({ acr: 'selfregistered-email' }), code: 'assurance' },
  { what: 'acr entraid', token: withClaims({ acr: 'entraid' }), code: 'assurance' },
  { what: 'an unknown acr that ends well', token: withClaims({ acr: 'x-loa-high' }), code: 'assurance' },
  { what: 'acr constructor', token: withClaims({ acr: 'constructor' }), code: 'assurance' },
  { what: 'acr in another case', token: withClaims({ acr: 'IDPORTEN-LOA-HIGH' }), code: 'assurance' },
  { what: 'no acr', token: withClaims({ acr: undefined }), code: 'claims' },
  { what: 'acr as an array', token: withClaims({ acr: ['idporten-loa-high'] }), code: 'claims' },
]

// prettier-ignore
export const grounds: readonly Refusal[] = [
  { what: 'scope without authorization_details', token: withClaims({ authorization_details: undefined }), code: 'claims' },
  { what: 'authorization_details without scope', token: withClaims({ scope: undefined }), code: 'claims' },
  { what: 'scope that lacks the action', token: withClaims({ scope: 'nav.pension.write' }), code: 'power_not_covered' },
  { what: 'scope that only begins like it', token: withClaims({ scope: 'nav.pension.readall' }), code: 'power_not_covered' },
  { what: 'scope that only ends like it', token: withClaims({ scope: 'x.nav.pension.read' }), code: 'power_not_covered' },
  { what: 'scope in capitals', token: withClaims({ scope: 'NAV.PENSION.READ' }), code: 'power_not_covered' },
  { what: 'scope as an array', token: withClaims({ scope: ['nav.pension.read'] }), code: 'claims' },
  { what: 'scope parted by a tab', token: withClaims({ scope: 'nav.pension.read\tnav.pension.write' }), code: 'power_not_covered' },
  { what: 'authorization_details empty', token: withClaims({ authorization_details: [] }), code: 'claims' },
  { what: 'authorization_details as an object', token: withClaims({ authorization_details: goodDetail }), code: 'claims' },
  { what: 'authorization_details of text', token: withClaims({ authorization_details: [REPRESENTATION] }), code: 'claims' },
  { what: 'a ground of another type', token: withDetail({ type: 'https://other.example/rar/representation' }), code: 'claims' },
  { what: 'two grounds', token: withClaims({ authorization_details: [goodDetail, { ...goodDetail, identifier: 'dlg_2' }] }), code: 'claims' },
  { what: 'a ground for another place', token: withDetail({ locations: ['https://other.example'] }), code: 'audience' },
  { what: 'a ground for two places', token: withDetail({ locations: [AUDIENCE, 'https://other.example'] }), code: 'audience' },
  { what: 'a ground for no place', token: withDetail({ locations: [] }), code: 'audience' },
  { what: 'a ground without locations', token: withDetail({ locations: undefined }), code: 'claims' },
  { what: 'a ground without a handle', token: withDetail({ identifier: undefined }), code: 'claims' },
  { what: 'a ground without a basis', token: withDetail({ basis: undefined }), code: 'claims' },
  { what: 'an unknown basis', token: withDetail({ basis: 'friendship' }), code: 'claims' },
  { what: 'a ground for another service', token: withDetail({ datatypes: ['nav.work'] }), code: 'power_not_covered' },
  { what: 'datatypes as text', token: withDetail({ datatypes: 'nav.pension' }), code: 'claims' },
  { what: 'datatypes of numbers', token: withDetail({ datatypes: ['nav.pension', 1] }), code: 'claims' },
  { what: 'a ground for other actions', token: withDetail({ actions: ['write'] }), code: 'power_not_covered' },
  { what: 'actions with a wildcard', token: withDetail({ actions: ['*'] }), code: 'power_not_covered' },
  { what: 'actions as text', token: withDetail({ actions: 'read' }), code: 'claims' },
  { what: 'an action in neither', token: goodToken, code: 'power_not_covered', asked: at({ action: 'sign' }) },
  { what: 'a service in neither', token: goodToken, code: 'power_not_covered', asked: at({ service: 'nav.work' }) },
  { what: 'a ground at another provider', token: withDetail({ provider: '889640782' }), code: 'power_not_covered', asked: at({ provider: '974760673' }) },
  { what: 'a ground at one provider where none is named', token: withDetail({ provider: '889640782' }), code: 'power_not_covered' },
  { what: 'a provider as a number', token: withDetail({ provider: 889640782 }), code: 'claims', asked: at({ provider: '889640782' }) },
  { what: 'a provider null', token: withDetail({ provider: null }), code: 'claims' },
  { what: 'an empty provider', token: withDetail({ provider: '' }), code: 'claims' },
  { what: 'a provider with a space', token: withDetail({ provider: '889640782 ' }), code: 'power_not_covered', asked: at({ provider: '889640782' }) },
  { what: 'a ground for another object', token: withDetail({ object: 'sak-17' }), code: 'power_not_covered', asked: at({ object: 'sak-18' }) },
  { what: 'an object in another case', token: withDetail({ object: 'sak-a' }), code: 'power_not_covered', asked: at({ object: 'Sak-a' }) },
  { what: 'an object composed otherwise', token: withDetail({ object: 'gård' }), code: 'power_not_covered', asked: at({ object: 'ga\u030Ard' }) },
  { what: 'a ground for one object where none is named', token: withDetail({ object: 'sak-17' }), code: 'power_not_covered' },
  { what: 'a ground that has ended', token: withDetail({ valid_until: '2026-11-21T12:00:00Z' }), code: 'expired' },
  { what: 'a ground that has ended in another zone', token: withDetail({ valid_until: '2026-11-21T12:59:59+01:00' }), code: 'expired' },
  { what: 'a ground with a day for its end', token: withDetail({ valid_until: '2027-01-15' }), code: 'claims' },
  { what: 'a ground with an impossible end', token: withDetail({ valid_until: '2027-13-45T00:00:00Z' }), code: 'claims' },
]
