import { es256, twinOf } from './keys.mjs'
import { ENDED, FROZEN, SOUND } from './lists.mjs'
import {
  ACT,
  CLAIMS,
  DETAIL,
  HEADER,
  ISSUER,
  issuerKey,
  LIST,
  NEXT_KID,
  nextKey,
  POWER,
  REPRESENTATION,
  SECOND,
  USER,
  VALID_INDEX,
  withAct,
  withClaims,
  withDetail,
  withHeader,
  withStatus,
  withText,
} from './writing.mjs'

/** Each row: a title, a token that holds, what is asked of it where that is not the usual, what it tells where not the usual. */

const asking = (changes) => ({ power: { ...POWER, ...changes } })
const high = { minimumAssurance: 'high' }
const other = { type: 'idporten:fullmakt', locations: 7 }

// prettier-ignore
const FORMS = [
  ['the token as issued', withClaims({})],
  ['the longer spelling of typ', withHeader({ typ: 'application/at+jwt' })],
  ['signed with the next key', withHeader({ kid: NEXT_KID }, es256(nextKey))],
  ['the other of its two valid signatures', withHeader({}, (input) => twinOf(es256(issuerKey)(input)))],
  ['the header’s members in another order', withText((text) => text, '{"kid":"2026-11-a","typ":"at+jwt","alg":"ES256"}')],
  ['the header spread over lines', withText((text) => text, JSON.stringify(HEADER, null, 2))],
  ['claims spread over lines', withText((text) => JSON.stringify(JSON.parse(text), null, 2))],
  ['claims with tabs', withText((text) => JSON.stringify(JSON.parse(text), null, '\t'))],
  ['claims with carriage returns', withText((text) => JSON.stringify(JSON.parse(text), null, 1).replaceAll('\n', '\r\n'))],
  ['space before and after the claims', withText((text) => ` \r\n${text}\t `)],
  ['claims in another order', withText((text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse())))],
  ['a claim’s name with an escape', withText((text) => text.replace('"sub":"p.', '"\\u0073ub":"p.'))],
  ['a slash with an escape', withText((text) => text.replaceAll('/', '\\/'))],
  ['a value with an escape', withText((text) => text.replace('p.7Y', 'p.\\u0037Y'))],
  ['a value with an escape in capitals', withText((text) => text.replace('01K-token', '01\\u004B-token'))],
  ['a time with a fraction of nought', withText((text) => text.replace(/"exp":(\d+)/, '"exp":$1.0'))],
  ['a time with an exponent', withText((text) => text.replace(/"auth_time":\d+/, '"auth_time":1.7e9'))],
]

const NOTES = {
  nothing: null,
  true: true,
  false: false,
  nought: 0,
  'less than nought': -1,
  'a fraction': 0.25,
  'a small number': 1e-7,
  'a number of the greatest size': 1.7e308,
  'a whole number beyond 2^53': 1e20,
  'an empty text': '',
  'a text of colons and braces': '{"a":[1,"\\":2}"',
  'a text that ends in a backslash': '\\',
  'a text of escapes': '\b\f\n\r\t"\\/',
  'letters of Norwegian and Sámi': 'æøåÆØÅčđŋšŧž',
  'a sign beyond the first plane': '𝄞 👩‍👧',
  'an empty array': [],
  'an empty object': {},
  'arrays in arrays': [[[[]]], [{}]],
  'an object with our own names': { sub: 'p.other', aud: 'https://other.example.no', act: {} },
  'a name with a colon': { 'a:b"': { ':': ':' } },
  'an empty name': { '': 1 },
  'a name __proto__': JSON.parse('{"__proto__":{"aud":"x"}}'),
  'the same name in two objects': [{ a: 1 }, { a: 1, b: { a: 1 } }],
  'a long text': 'x'.repeat(2_000),
}

const FOREIGN = Object.entries(NOTES).map(([title, note]) => [
  `a claim that nobody knows: ${title}`,
  withClaims({ note }),
])

// prettier-ignore
const LARGE = [
  ['a number of 300 digits in a claim that nobody knows', withText((text) => text.replace('{', `{"note":${'7'.repeat(300)},`))],
  ['an exponent too great to count in a claim that nobody knows', withText((text) => text.replace('{', '{"note":1e999,'))],
  ['a claim nested as deep as is taken', withText((text) => text.replace('{', `{"note":${'['.repeat(31)}${']'.repeat(31)},`))],
  ['nearly 16 KiB', withClaims({ note: 'x'.repeat(11_100) })],
]

// prettier-ignore
const TIMES = [
  ['expired 29 s ago, within what clocks may differ', withClaims({ iat: SECOND - 329, exp: SECOND - 29, auth_time: SECOND - 400 })],
  ['issued 30 s from now, within what clocks may differ', withClaims({ iat: SECOND + 30, exp: SECOND + 330 })],
  ['issued this second', withClaims({ iat: SECOND, exp: SECOND + 300 })],
  ['a life of 300 s', withClaims({ iat: SECOND - 100, exp: SECOND + 200, auth_time: SECOND - 200 })],
  ['a life of a second', withClaims({ iat: SECOND - 1, exp: SECOND })],
  ['not before a time that has come', withClaims({ nbf: SECOND })],
  ['not before a time within what clocks may differ', withClaims({ nbf: SECOND + 30 })],
  ['not before long ago', withClaims({ nbf: 0 })],
  ['a login an hour before', withClaims({ auth_time: SECOND - 3_600 })],
  ['a login at the beginning of all seconds', withClaims({ auth_time: 0 })],
  ['a login in the same second', withClaims({ auth_time: SECOND - 10 })],
  ['a login 30 s after, within what clocks may differ', withClaims({ auth_time: SECOND + 20 })],
  ['a ground that ends in a second', withDetail({ valid_until: '2026-11-22T12:00:01Z' })],
  ['a ground that ends in a millisecond', withDetail({ valid_until: '2026-11-22T12:00:00.001Z' })],
  ['a ground that ends in a second in Oslo', withDetail({ valid_until: '2026-11-22T13:00:01+01:00' })],
  ['a ground that ends in a second in New York', withDetail({ valid_until: '2026-11-22T07:00:01-05:00' })],
  ['a ground that ends in summer', withDetail({ valid_until: '2027-07-01T00:00:00+02:00' })],
  ['a ground that ends on a leap day', withDetail({ valid_until: '2028-02-29T23:59:59.999999Z' })],
  ['a ground that ends in a hundred years', withDetail({ valid_until: '2126-01-01T00:00:00Z' })],
]

const LEVELS = [
  ...['idporten-loa-substantial', 'eidas-loa-substantial', 'eidas-loa-high', 'Level3', 'Level4', 'substantial', 'high'],
].map((acr) => [`acr ${acr} where substantial is asked`, withClaims({ acr })])

const HIGH_LEVELS = ['idporten-loa-high', 'eidas-loa-high', 'Level4', 'high'].map((acr) => [
  `acr ${acr} where high is asked`,
  withClaims({ acr }),
  high,
])

const BASES = ['mandate', 'parent', 'guardian', 'lasting_power', 'organisation_role', 'employment', 'estate']
const ACTIONS = ['read', 'communicate', 'write', 'sign', 'receive', 'consent']

const POWERS = BASES.flatMap((basis) =>
  ACTIONS.map((action) => [
    `${action}, by ${basis}`,
    withClaims({ scope: `nav.pension.${action}`, authorization_details: [{ ...DETAIL, basis, actions: [action] }] }),
    asking({ action }),
    { basis },
  ]),
)

const SERVICES = [
  'nav.family',
  'tax.return',
  'muni.school',
  'muni.kindergarten-sfo',
  'freg.postal-address',
  'a',
  'æ.ø',
].map((service) => [
  `the service ${service}`,
  withClaims({ scope: `${service}.read`, authorization_details: [{ ...DETAIL, datatypes: [service] }] }),
  asking({ service }),
])

// prettier-ignore
const REACHES = [
  ['at the named provider', withDetail({ provider: '889640782' }), asking({ provider: '889640782' })],
  ['at any provider', withDetail({}), asking({ provider: '889640782' })],
  ['for the named object', withDetail({ object: 'sak-17' }), asking({ object: 'sak-17' })],
  ['for any object', withDetail({}), asking({ object: 'sak-17' })],
  ['for the named object at the named provider', withDetail({ provider: '889640782', object: '1' }), asking({ provider: '889640782', object: '1' })],
  ['for an object of any letters', withDetail({ object: 'gård 7/2 «Nordre»' }), asking({ object: 'gård 7/2 «Nordre»' })],
  ['for an object composed as it is asked', withDetail({ object: 'ga\u030Ard' }), asking({ object: 'ga\u030Ard' })],
  ['for an object of one space', withDetail({ object: ' ' }), asking({ object: ' ' })],
  ['for an object of a sign beyond the first plane', withDetail({ object: '𝄞' }), asking({ object: '𝄞' })],
  ['several services in one entry', withDetail({ datatypes: ['nav.family', 'nav.pension'] })],
  ['many actions in one entry', withDetail({ actions: ACTIONS })],
  ['the same action twice', withDetail({ actions: ['read', 'read'] })],
  ['the scope alone', withClaims({ scope: 'nav.pension.read' })],
  ['the scope last of many', withClaims({ scope: 'x nav.family.read nav.pension.read' })],
  ['the scope twice', withClaims({ scope: 'nav.pension.read nav.pension.read' })],
  ['two spaces in the scope', withClaims({ scope: 'nav.family.read  nav.pension.read' })],
  ['an entry of another type in front', withClaims({ authorization_details: [other, DETAIL] })],
  ['an entry of another type behind', withClaims({ authorization_details: [DETAIL, other] })],
  ['entries that are no objects', withClaims({ authorization_details: [null, 'x', [REPRESENTATION], DETAIL, 7] })],
  ['two entries of the same ground, the first covers', withClaims({ authorization_details: [DETAIL, { ...DETAIL, datatypes: ['nav.family'] }] })],
  ['two entries of the same ground, the second covers', withClaims({ authorization_details: [{ ...DETAIL, actions: ['sign'] }, DETAIL] })],
  ['two entries of the same ground, one for each provider', withClaims({ authorization_details: ['974760673', '889640782'].map((provider) => ({ ...DETAIL, provider })) }), asking({ provider: '889640782' })],
  ['another entry of the same ground has ended', withClaims({ authorization_details: [DETAIL, { ...DETAIL, actions: ['sign'], valid_until: '2026-01-01T00:00:00Z' }] })],
  ['an entry with members that nobody knows', withDetail({ may_delegate: false, granted_by: { method: 'delegated' }, note: null })],
  ['another ground’s handle', withDetail({ identifier: 'dlg_2' }), undefined, { handle: 'dlg_2' }],
  ['a handle of any letters', withDetail({ identifier: 'dlg Ø/:' }), undefined, { handle: 'dlg Ø/:' }],
  ['another audience, which asks for itself', withClaims({ aud: 'https://x.example.no', authorization_details: [{ ...DETAIL, locations: ['https://x.example.no'] }] }), { audience: 'https://x.example.no' }],
]

// prettier-ignore
const PEOPLE = [
  ['an act within act', withAct({ act: { ...ACT, sub: 'someone-else' } })],
  ['an act within act that makes no sense', withAct({ act: 7 })],
  ['an act that tells more', withAct({ name: 'Kari Nordmann', note: [] })],
  ['another user, who is the one asked for', withAct({ sub: 'x' }), { user: { ...USER, subject: 'x' } }],
  ['a user of any letters', withAct({ sub: 'Åse 7' }), { user: { ...USER, subject: 'Åse 7' } }],
  ['a user of another login, who is the one asked for', withAct({ iss: 'https://ansattporten.example.no' }), { user: { ...USER, issuer: 'https://ansattporten.example.no' } }],
  ['another principal', withClaims({ sub: 'p.other' }), undefined, { principal: 'p.other' }],
  ['a principal of any letters', withClaims({ sub: 'p. «Ø»' }), undefined, { principal: 'p. «Ø»' }],
  ['a principal with an escaped sign beyond the first plane', withText((text) => text.replace('p.7Yk3vQ', 'p.\\ud834\\udd1e')), undefined, { principal: 'p.𝄞' }],
  ['a principal with the same pseudonym as the actor', withClaims({ sub: USER.subject }), undefined, { principal: USER.subject }],
]

const ENTRIES = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, ENDED - 1, ENDED + 1, FROZEN - 1, FROZEN + 1, 65_536, 1_048_573, 1_048_575].map((idx) => [
    `entry ${idx} of the list`,
    withStatus({ idx }),
  ]),
  ['the last entry of a short list', withStatus({ idx: 3_999, uri: `${ISSUER}/statuslists/3` })],
  ...Object.entries(SOUND)
    .filter(([name]) => `${ISSUER}/statuslists/${name}` !== LIST)
    .map(([name, [title]]) => [title, withStatus({ idx: 7, uri: `${ISSUER}/statuslists/${name}` })]),
  [
    'a status that tells more',
    withClaims({ status: { status_list: { idx: VALID_INDEX, uri: LIST, note: 1 }, note: 2 } }),
  ],
  ['an index with an exponent', withText((text) => text.replace(/"idx":\d+/, '"idx":4e3'))],
]

const UNUSUAL_TEXTS = ['-', '0', 'a b', 'é', 'x'.repeat(300)].flatMap((text) => [
  [`jti ${text.slice(0, 5)}`, withClaims({ jti: text })],
  [`client_id ${text.slice(0, 5)}`, withClaims({ client_id: text })],
])

export const GOOD = [
  ...[FORMS, FOREIGN, LARGE, TIMES, LEVELS, HIGH_LEVELS, POWERS, SERVICES, REACHES, PEOPLE, ENTRIES].flat(),
  ...UNUSUAL_TEXTS,
].map(([title, token, asked, told]) => ({
  title,
  token,
  ...(asked === undefined ? {} : { asked }),
  result: { principal: CLAIMS.sub, handle: DETAIL.identifier, basis: DETAIL.basis, ...told },
}))
