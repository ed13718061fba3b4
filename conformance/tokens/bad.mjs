import { Buffer } from 'node:buffer'
import { derOf, ecKey, encode, es256, hs256, pemOf, rs256, rsaKey } from './keys.mjs'
import { ENDED, FROZEN, UNKNOWN, UNSOUND } from './lists.mjs'
import {
  ACT,
  AUDIENCE,
  CLAIMS,
  DETAIL,
  HEADER,
  ISSUER,
  issuerKey,
  POWER,
  SECOND,
  signTexts,
  strangersKey,
  USER,
  withAct,
  withClaims,
  withDetail,
  withHeader,
  withStatus,
  withText,
} from './writing.mjs'

/** Each row: what is wrong, the token, the code of its refusal by `@fullmakt/client`, what is asked where not the usual. */

/** Keys that stand in the issuer's set and are not for these tokens. */
export const keyOfAnotherKind = rsaKey('issuer, RSA')
export const keyForEncryption = ecKey('issuer, encryption')
export const keyGivenAway = ecKey('issuer, given away')

const good = withClaims({})
const [header, payload, signature] = good.split('.')
const claims = JSON.stringify(CLAIMS)
const heading = JSON.stringify(HEADER)
const asking = (changes) => ({ power: { ...POWER, ...changes } })
const stranger = es256(strangersKey)
const within = (between) => `${header}.${payload}.${signature.slice(0, 40)}${between}${signature.slice(40)}`
const insert = (members) => withText((text) => text.replace('{', `{${members},`))

/** The same last six bits of data, but with a spare bit set that decoders drop. */
function spareBitSet(segment) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1)) + 1]
}

/** As many spaces after the claims as leave spare bits. */
const loose = encode(claims + ' '.repeat((4 - (Buffer.byteLength(claims) % 3)) % 3))
const looseHeader = encode(heading + ' '.repeat((4 - (Buffer.byteLength(heading) % 3)) % 3))
const signed = (input) => `${input}.${encode(es256(issuerKey)(input))}`

// prettier-ignore
const SPELLING = [
  ['padding at the end', `${good}==`, 'format'],
  ['padding within', `${header}=.${payload}.${signature}`, 'format'],
  ['a space within', within(' '), 'format'],
  ['a space before', ` ${good}`, 'format'],
  ['a newline within', within('\n'), 'format'],
  ['a newline after', `${good}\n`, 'format'],
  ['a NUL after', `${good}\0`, 'format'],
  ['a no-break space after', `${good}\u00A0`, 'format'],
  ['a spare bit set in the signature', `${header}.${payload}.${spareBitSet(signature)}`, 'format'],
  ['a spare bit set in the payload, and signed so', signed(`${header}.${spareBitSet(loose)}`), 'format'],
  ['a spare bit set in the header, and signed so', signed(`${spareBitSet(looseHeader)}.${payload}`), 'format'],
  ['standard base64 letters', within('+/'), 'format'],
  ['a full-width letter', `${header}.${payload}.${signature.slice(0, 40)}Ａ${signature.slice(41)}`, 'format'],
  ['a letter beyond Latin-1 with a good low byte', `${header}.${payload}.${String.fromCharCode(0x100 + signature.charCodeAt(0))}${signature.slice(1)}`, 'format'],
  ['a character more than whole bytes', `${good}AAA`, 'format'],
  ['nothing', '', 'format'],
  ['two segments', `${header}.${payload}`, 'format'],
  ['four segments', `${good}.${signature}`, 'format'],
  ['five segments, as an encrypted token has', `${good}.${payload}.${signature}`, 'format'],
  ['a dot after', `${good}.`, 'format'],
  ['no signature', `${header}.${payload}.`, 'format'],
  ['no payload', signed(`${header}.`), 'format'],
  ['the JSON serialisation', JSON.stringify({ protected: header, payload, signature }), 'format'],
  ['the word Bearer before it', `Bearer ${good}`, 'format'],
  ['more than 16 KiB', withClaims({ note: 'x'.repeat(12_000) }), 'format'],
]

// prettier-ignore
const JSON_TEXTS = [
  ['a header member twice', withText((text) => text, '{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"2026-11-a"}'), 'format'],
  ['a header member twice, once with an escape', withText((text) => text, '{"alg":"ES256","typ":"at+jwt","kid":"2026-11-a","\\u006bid":"2026-11-a"}'), 'format'],
  ['a claim twice', insert('"sub":"p.other"'), 'format'],
  ['a claim twice, once with an escape', insert('"\\u0073ub":"p.other"'), 'format'],
  ['a member twice within act', withText((text) => text.replace('"act":{', '"act":{"sub":"someone",')), 'format'],
  ['a member twice within an array', withText((text) => text.replace('[{', '[{"basis":"parent",')), 'format'],
  ['a member twice in a claim that nobody knows', insert('"note":{"a":1,"a":1}'), 'format'],
  ['__proto__ twice', insert('"__proto__":{},"__proto__":{}'), 'format'],
  ['a header that is an array', withText((text) => text, '[]'), 'format'],
  ['a header that is no JSON', withText((text) => text, '{alg:ES256}'), 'format'],
  ['claims that are an array', withText(() => '[]'), 'format'],
  ['claims that break off', withText((text) => text.slice(0, -1)), 'format'],
  ['claims with an open text', withText(() => '{"a'), 'format'],
  ['a text after the claims', withText((text) => `${text}{}`), 'format'],
  ['a comma too many', withText((text) => text.replace(/}$/, ',}')), 'format'],
  ['a number with a nought in front', insert('"note":01'), 'format'],
  ['a number that ends in a point', insert('"note":1.'), 'format'],
  ['the word NaN', insert('"note":NaN'), 'format'],
  ['the word Infinity', insert('"note":Infinity'), 'format'],
  ['a line break within a text', insert('"note":"a\nb"'), 'format'],
  ['an escape that JSON has not', insert('"note":"\\x41"'), 'format'],
  ['a no-break space between claims', withText((text) => text.replace('{', '{\u00A0')), 'format'],
  ['a byte order mark', withText((text) => `\uFEFF${text}`), 'format'],
  ['bytes that are not UTF-8', signTexts(heading, Buffer.from(claims.replace('p.7Y', 'p.ÿY'), 'latin1')), 'format'],
  ['UTF-8 that is longer than it need be', signTexts(heading, Buffer.concat([Buffer.from('{"note":"'), Buffer.of(0xc1, 0x81), Buffer.from(`",${claims.slice(1)}`)])), 'format'],
  ['claims in UTF-16', signTexts(heading, Buffer.from(claims, 'utf16le')), 'format'],
  ['a claim nested one step too deep', insert(`"note":${'['.repeat(32)}${']'.repeat(32)}`), 'format'],
  ['a claim nested thousands deep', insert(`"note":${'['.repeat(5_000)}${']'.repeat(5_000)}`), 'format'],
]

// prettier-ignore
const HEADERS = [
  ['typ JWT, as an ID token has', withHeader({ typ: 'JWT' }), 'type'],
  ['typ statuslist+jwt', withHeader({ typ: 'statuslist+jwt' }), 'type'],
  ['typ dpop+jwt', withHeader({ typ: 'dpop+jwt' }), 'type'],
  ['typ AT+JWT', withHeader({ typ: 'AT+JWT' }), 'type'],
  ['no typ', withHeader({ typ: undefined }), 'type'],
  ['alg none', withHeader({ alg: 'none' }), 'algorithm'],
  ['alg NoNe', withHeader({ alg: 'NoNe' }), 'algorithm'],
  ['alg none and no signature', `${encode(JSON.stringify({ ...HEADER, alg: 'none' }))}.${payload}.`, 'format'],
  ['alg es256', withHeader({ alg: 'es256' }), 'algorithm'],
  ['alg HS256 keyed with the public key as PEM', withHeader({ alg: 'HS256' }, hs256(pemOf(issuerKey))), 'algorithm'],
  ['alg HS256 keyed with the public key’s x', withHeader({ alg: 'HS256' }, hs256(issuerKey.jwk.x)), 'algorithm'],
  ['alg ES256 over an HMAC keyed with the public key', withHeader({}, hs256(pemOf(issuerKey))), 'signature'],
  ['alg RS256 with the RSA key of the set', withHeader({ alg: 'RS256', kid: 'rsa' }, rs256(keyOfAnotherKind)), 'algorithm'],
  ['alg ES384', withHeader({ alg: 'ES384' }), 'algorithm'],
  ['no alg', withHeader({ alg: undefined }), 'algorithm'],
  ['a kid that the issuer does not publish', withHeader({ kid: 'other' }, stranger), 'key'],
  ['the kid in another case', withHeader({ kid: '2026-11-A' }), 'key'],
  ['the kid __proto__', withHeader({ kid: '__proto__' }), 'key'],
  ['the kid of the RSA key in the set', withHeader({ kid: 'rsa' }), 'key'],
  ['the kid of the key for encryption in the set', withHeader({ kid: 'enc' }, es256(keyForEncryption)), 'key'],
  ['the kid of a key whose private part stands in the set', withHeader({ kid: 'given-away' }, es256(keyGivenAway)), 'key'],
  ['no kid', withHeader({ kid: undefined }), 'key'],
  ['an empty kid', withHeader({ kid: '' }), 'key'],
  ['jku', withHeader({ jku: 'https://evil.example/jwks' }, stranger), 'format'],
  ['x5u', withHeader({ x5u: 'https://evil.example/cert' }, stranger), 'format'],
  ['jwk', withHeader({ jwk: strangersKey.jwk }, stranger), 'format'],
  ['crit', withHeader({ crit: ['exp'], exp: SECOND + 290 }), 'format'],
  ['another key behind a good kid', withHeader({}, stranger), 'signature'],
  ['a signature in DER form', withHeader({}, (input) => derOf(es256(issuerKey)(input))), 'signature'],
  ['a signature of zeros', withHeader({}, () => Buffer.alloc(64)), 'signature'],
  ['a signature that breaks off', withHeader({}, (input) => es256(issuerKey)(input).subarray(0, 63)), 'signature'],
  ['a signature with a byte too many', withHeader({}, (input) => Buffer.concat([es256(issuerKey)(input), Buffer.alloc(1)])), 'signature'],
  ['a signature over other claims', `${header}.${encode(claims.replace('7Yk3vQ', '7Yk3vR'))}.${signature}`, 'signature'],
]

// prettier-ignore
const CONTENT = [
  ['another issuer', withClaims({ iss: 'https://fullmakt.example.com' }), 'issuer'],
  ['the issuer with a slash', withClaims({ iss: `${ISSUER}/` }), 'issuer'],
  ['no issuer', withClaims({ iss: undefined }), 'issuer'],
  ['another audience', withClaims({ aud: 'https://tax.example.no' }), 'audience'],
  ['the audience as an array', withClaims({ aud: [AUDIENCE] }), 'audience'],
  ['no audience', withClaims({ aud: undefined }), 'audience'],
  ['expired, what clocks may differ included', withClaims({ iat: SECOND - 330, exp: SECOND - 30, auth_time: SECOND - 400 }), 'expired'],
  ['issued in the future, what clocks may differ included', withClaims({ iat: SECOND + 31, exp: SECOND + 331 }), 'not_yet_valid'],
  ['not before a time in the future', withClaims({ nbf: SECOND + 31 }), 'not_yet_valid'],
  ['nbf as text', withClaims({ nbf: 'now' }), 'claims'],
  ['a life of 301 s', withClaims({ iat: SECOND, exp: SECOND + 301 }), 'lifetime'],
  ['an end before its beginning', withClaims({ iat: SECOND, exp: SECOND - 1 }), 'lifetime'],
  ['no exp', withClaims({ exp: undefined }), 'claims'],
  ['exp as text', withClaims({ exp: String(SECOND + 290) }), 'claims'],
  ['exp beyond any number', withText((text) => text.replace(/"exp":\d+/, '"exp":1e999')), 'claims'],
  ['exp as a fraction', withClaims({ exp: SECOND + 0.5 }), 'claims'],
  ['an obligation that nobody knows', withDetail({ obligations: ['new'] }), 'claims'],
  ['no iat', withClaims({ iat: undefined }), 'claims'],
  ['iat below zero', withClaims({ iat: -1 }), 'claims'],
  ['no auth_time', withClaims({ auth_time: undefined }), 'claims'],
  ['a login after the token', withClaims({ auth_time: SECOND + 60 }), 'claims'],
  ['no sub', withClaims({ sub: undefined }), 'claims'],
  ['an empty sub', withClaims({ sub: '' }), 'claims'],
  ['sub as a number', withClaims({ sub: 7 }), 'claims'],
  ['no jti', withClaims({ jti: undefined }), 'claims'],
  ['bound to a key, which nobody proved to have', withClaims({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }), 'proof_required'],
  ['bound to nothing', withClaims({ cnf: null }), 'proof_required'],
  ['no act: nobody acts', withClaims({ act: undefined }), 'actor_missing'],
  ['act as an array', withClaims({ act: [ACT] }), 'actor_missing'],
  ['act without sub', withAct({ sub: undefined }), 'actor_missing'],
  ['act of a machine', withAct({ sub_profile: 'service' }), 'actor_missing'],
  ['the user only within a nested act', withClaims({ act: { act: ACT } }), 'actor_missing'],
  ['another user', withAct({ sub: 'someone-else' }), 'actor_mismatch'],
  ['the user in another case', withAct({ sub: USER.subject.toLowerCase() }), 'actor_mismatch'],
  ['the same sub at another login', withAct({ iss: 'https://ansattporten.example.no' }), 'actor_mismatch'],
  ['another user who acted for ours', withAct({ sub: 'someone-else', act: ACT }), 'actor_mismatch'],
  ['a good token in another user’s session', good, 'actor_mismatch', { user: { ...USER, subject: 'someone-else' } }],
  ['acr one step too low', withClaims({ acr: 'idporten-loa-substantial' }), 'assurance', { minimumAssurance: 'high' }],
  ['acr self-registered', withClaims({ acr: 'selfregistered-email' }), 'assurance'],
  ['an unknown acr that ends well', withClaims({ acr: 'x-loa-high' }), 'assurance'],
  ['no acr', withClaims({ acr: undefined }), 'claims'],
]

// prettier-ignore
const GROUNDS = [
  ['no authorization_details', withClaims({ authorization_details: undefined }), 'claims'],
  ['authorization_details empty', withClaims({ authorization_details: [] }), 'claims'],
  ['no scope', withClaims({ scope: undefined }), 'claims'],
  ['a scope without the action', withClaims({ scope: 'nav.pension.write' }), 'power_not_covered'],
  ['a scope that only begins like it', withClaims({ scope: 'nav.pension.readall' }), 'power_not_covered'],
  ['a scope parted by a tab', withClaims({ scope: 'nav.pension.read\tnav.pension.write' }), 'power_not_covered'],
  ['a ground of another type', withDetail({ type: 'https://other.example/rar/representation' }), 'claims'],
  ['two grounds', withClaims({ authorization_details: [DETAIL, { ...DETAIL, identifier: 'dlg_2' }] }), 'claims'],
  ['a ground for another place', withDetail({ locations: ['https://other.example'] }), 'audience'],
  ['a ground for two places', withDetail({ locations: [AUDIENCE, 'https://other.example'] }), 'audience'],
  ['a ground without a handle', withDetail({ identifier: undefined }), 'claims'],
  ['an unknown basis', withDetail({ basis: 'friendship' }), 'claims'],
  ['a ground for another service', withDetail({ datatypes: ['nav.family'] }), 'power_not_covered'],
  ['datatypes as text', withDetail({ datatypes: 'nav.pension' }), 'claims'],
  ['a ground for other actions', withDetail({ actions: ['write'] }), 'power_not_covered'],
  ['an action that the token does not have', good, 'power_not_covered', asking({ action: 'sign' })],
  ['a service that the token does not have', good, 'power_not_covered', asking({ service: 'nav.family' })],
  ['a ground at another provider', withDetail({ provider: '889640782' }), 'power_not_covered', asking({ provider: '974760673' })],
  ['a ground at one provider, where none is named', withDetail({ provider: '889640782' }), 'power_not_covered'],
  ['a provider null', withDetail({ provider: null }), 'claims'],
  ['a ground for another object', withDetail({ object: 'sak-17' }), 'power_not_covered', asking({ object: 'sak-18' })],
  ['an object composed otherwise', withDetail({ object: 'gård' }), 'power_not_covered', asking({ object: 'ga\u030Ard' })],
  ['service and action only in two entries together', withClaims({ authorization_details: [{ ...DETAIL, actions: ['write'] }, { ...DETAIL, datatypes: ['nav.family'] }] }), 'power_not_covered'],
  ['a ground that has ended', withDetail({ valid_until: '2026-11-22T12:00:00Z' }), 'expired'],
  ['a ground that has ended in another zone', withDetail({ valid_until: '2026-11-22T12:59:59+01:00' }), 'expired'],
  ['a ground that this service must ask about, which it does not', withDetail({ obligations: ['introspect'] }), 'introspection_required'],
  ['a ground with an end that is no time', withDetail({ valid_until: '2027-13-45T00:00:00Z' }), 'claims'],
]

// prettier-ignore
const STATUSES = [
  ['no status', withClaims({ status: undefined }), 'claims'],
  ['a status of another kind', withClaims({ status: { identifier_list: { id: 1 } } }), 'claims'],
  ['an entry below the first', withStatus({ idx: -1 }), 'claims'],
  ['an entry between two', withStatus({ idx: 1.5 }), 'claims'],
  ['obligations as text', withDetail({ obligations: 'introspect' }), 'claims'],
  ['a list of another issuer', withStatus({ uri: 'https://fullmakt.example.com/statuslists/1' }), 'claims'],
  ['a list of an issuer that begins alike', withStatus({ uri: `${ISSUER}.example.com/statuslists/1` }), 'claims'],
  ['a list at another path', withStatus({ uri: `${ISSUER}/log/1` }), 'claims'],
  ['a list that climbs', withStatus({ uri: `${ISSUER}/statuslists/../log` }), 'claims'],
  ['a list with a query', withStatus({ uri: `${ISSUER}/statuslists/1?time=1` }), 'claims'],
  ['the ground has ended', withStatus({ idx: ENDED }), 'status_ended'],
  ['the ground is frozen', withStatus({ idx: FROZEN }), 'status_suspended'],
  ['a status that is not in use', withStatus({ idx: UNKNOWN }), 'status_unavailable'],
  ['an entry beyond the last', withStatus({ idx: 2 ** 20 }), 'status_unavailable'],
  ['an entry beyond the last of a short list', withStatus({ idx: 4_000, uri: `${ISSUER}/statuslists/3` }), 'status_unavailable'],
  ['a list that is not there', withStatus({ uri: `${ISSUER}/statuslists/none-such` }), 'status_unavailable'],
  ...Object.entries(UNSOUND).map(([name, [title]]) => [title, withStatus({ idx: 7, uri: `${ISSUER}/statuslists/${name}` }), 'status_unavailable']),
]

export const BAD = [SPELLING, JSON_TEXTS, HEADERS, CONTENT, GROUNDS, STATUSES]
  .flat()
  .map(([title, token, refused, asked]) => ({ title, token, refused, ...(asked === undefined ? {} : { asked }) }))
