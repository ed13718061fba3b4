import { type Expected, TokenRefused, remoteKeys, remoteStatuses, verify } from '@fullmakt/client'
import { decodeJwt } from 'jose'
import { type Exchanged, type Members, type Report, textIn } from './demo-report.js'
import type { Stage } from './demo-stage.js'

/** May Bjarne see Turid's pension? Step 1, 4 and 12 ask the same question. */
export function ask({ nav, bjarne, turid }: Stage): Promise<Exchanged> {
  return nav.evaluate(bjarne, turid, 'read')
}

/** Bjarne's session at the relying service, in which he acts for someone. */
export interface Session {
  readonly user: Expected['user']
  readonly handle: string
  readonly actorGrant: string
}

export function openSession({ nav, bjarne, turid, idporten }: Stage, report: Report): Promise<Session> {
  const sentence = 'Bjarne logs in at NAV, which hands in his id_token and asks for whom he may act here.'
  const conclusion = 'For Turid. NAV gets a handle for her mandate that is good at NAV alone.'
  return report.step(sentence, conclusion, async ({ wire }) => {
    const idToken = await nav.logIn(bjarne)
    const opened = await nav.representations(idToken)
    const principal = `${turid.givenName} ${turid.familyName}`
    wire(opened, { answer: '200', principal, scopes: ['nav.pension.read'], 'identity numbers': 'none' })
    return {
      user: userOf(idporten, idToken),
      handle: textIn(opened, 'handle'),
      actorGrant: textIn(opened, 'actor_grant'),
    }
  })
}

/** Returns the delegation token. */
export function exchange({ nav, url }: Stage, session: Session, report: Report): Promise<string> {
  const sentence = 'When Bjarne opens Turid’s pension, NAV exchanges handle and actor grant for a delegation token.'
  const conclusion = 'It names both: sub is Turid, act is Bjarne as he is logged in at NAV. No identity number.'
  return report.step(sentence, conclusion, async ({ wire, local }) => {
    const exchanged = await nav.exchange(session.handle, session.actorGrant, 'nav.pension.read')
    wire(exchanged, { answer: '200', scope: 'nav.pension.read' })
    const token = textIn(exchanged, 'access_token')
    const claims = decodeJwt(token)
    const { iss, aud, sub, act, scope, acr, exp = 0, iat = 0 } = claims
    const shown = {
      iss,
      aud,
      sub,
      act,
      scope,
      acr,
      'lives for': `${exp - iat} s`,
      'identity numbers': numbersIn(claims),
    }
    local('claims', shown, { iss: url, acr: 'idporten-loa-high', 'identity numbers': 'none' })
    return token
  })
}

/** What NAV demands of a token before it shows Turid's pension to the user of this session. */
export function expectation({ url, nav }: Stage, { user }: Session): Expected {
  const keys = remoteKeys(new URL('/jwks', url))
  return {
    keys,
    statuses: remoteStatuses(url, keys),
    issuer: url,
    audience: nav.registered.audience.audience,
    now: new Date(),
    power: { service: 'nav.pension', action: 'read', provider: null, object: null },
    user,
    proof: null,
    minimumAssurance: 'high',
    introspect: null,
  }
}

export function checkToken(token: string, expected: Expected, report: Report): Promise<void> {
  const sentence = 'NAV checks the token by itself, with @fullmakt/client and Fullmakt’s public keys (GET /jwks).'
  const conclusion = 'NAV shows Turid’s pension to Bjarne.'
  return report.step(sentence, conclusion, async ({ local }) => {
    const { principal, basis, handle, power, assurance } = await verify(token, expected)
    const { sub } = decodeJwt(token)
    local('verify', { principal, basis, handle, power, assurance }, { principal: sub, basis: 'mandate' })
  })
}

export function reportUse({ nav }: Stage, token: string, report: Report): Promise<void> {
  const sentence = 'NAV reports that it was done, and under which of its own references it can be found.'
  const conclusion = 'Fullmakt knew what was allowed; now it knows what was done.'
  return report.step(sentence, conclusion, async ({ wire }) => {
    const { evaluation_id } = decodeJwt(token)
    wire(await nav.report(String(evaluation_id), 'read', 'journal 2026/17'), { answer: '200', taken: true })
  })
}

export function checkForgeries(stage: Stage, token: string, expected: Expected, report: Report): Promise<void> {
  const sentence = 'A token that was changed on the way; and Bjarne’s own token, used in Turid’s session at NAV.'
  const conclusion = 'Both are refused, by codes that can be logged.'
  return report.step(sentence, conclusion, async ({ local }) => {
    const changed = await refusalOf(withAction(token, 'write'), expected)
    local('verify, read changed to write', changed, { refused: 'signature' })
    const user = userOf(stage.idporten, await stage.nav.logIn(stage.turid))
    local('verify, user: Turid', await refusalOf(token, { ...expected, user }), { refused: 'actor_mismatch' })
  })
}

export function tryWhatWasNotGiven(
  { nav }: Stage,
  session: Session,
  token: string,
  expected: Expected,
  report: Report,
): Promise<void> {
  const sentence = 'Bjarne tries what was not given: to apply for something in Turid’s name (write).'
  const conclusion = 'No token for it, and the one for reading does not do.'
  return report.step(sentence, conclusion, async ({ wire, local }) => {
    const exchanged = await nav.exchange(session.handle, session.actorGrant, 'nav.pension.write')
    wire(exchanged, { answer: '400', error: 'invalid_scope' })
    const power = { ...expected.power, action: 'write' } as const
    local('verify, power: write', await refusalOf(token, { ...expected, power }), { refused: 'power_not_covered' })
  })
}

export function askAfterEnd(stage: Stage, { handle, actorGrant }: Session, report: Report): Promise<void> {
  const conclusion = 'No, and no token. Those given out before are refused from the next status list on.'
  return report.step('NAV asks again, and asks for a token again.', conclusion, async ({ wire }) => {
    wire(await ask(stage), { decision: false, reason: 'ended', remedy: 'ask_for_new_mandate' })
    const exchanged = await stage.nav.exchange(handle, actorGrant, 'nav.pension.read')
    wire(exchanged, { answer: '400', error: 'invalid_request' })
  })
}

function userOf(issuer: string, idToken: string): Expected['user'] {
  return { issuer, subject: decodeJwt(idToken).sub ?? '' }
}

function numbersIn(claims: Members): 'none' | 'some' {
  return /(?<!\d)\d{11}(?!\d)/.test(JSON.stringify(claims)) ? 'some' : 'none'
}

/** The same token, its payload speaking of another action; the signature is the old one. */
function withAction(token: string, action: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const text = Buffer.from(payload, 'base64url').toString().replaceAll('"read"', `"${action}"`)
  return [header, Buffer.from(text).toString('base64url'), signature].join('.')
}

async function refusalOf(token: string, expected: Expected): Promise<Members> {
  try {
    await verify(token, expected)
    return { refused: 'not at all' }
  } catch (error) {
    if (error instanceof TokenRefused) return { refused: error.code, message: error.message }
    throw error
  }
}
