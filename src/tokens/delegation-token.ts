import { randomUUID } from 'node:crypto'
import { earliestOf } from '../domain/calendar.js'
import { ACTIONS, type Basis } from '../domain/catalogue.js'
import type { JudgedPower } from '../decisions/judge-ground.js'
import type { ActorGrant } from '../store/actor-grant-store.js'
import { detailTypeOf } from './authorization-details.js'
import { scopeOf } from './exchange-request.js'
import type { IdportenDetail } from './idporten-detail.js'
import type { StatusReference } from './status-list.js'

/** Seconds. */
export const LONGEST_LIFE = 300

/** Verifiers read no token longer than 16 KiB; this much JSON stays below that as base64url, header and signature included. */
const LONGEST_CLAIMS = 11_500

/** A power that was allowed, and that the ground covers until `groundEnd`, where an end is set. */
export interface AllowedPower extends JudgedPower {
  readonly groundEnd: Date | null
}

/** What goes into a delegation token. All parts are of one ground, and the token is for one audience. */
export interface Delegation {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly grant: ActorGrant
  /** The client's names for the principal and for the ground. */
  readonly principalHandle: string
  /** Of the organisation through which the actor has it; null where he has it himself. */
  readonly viaHandle: string | null
  readonly representationHandle: string
  readonly basis: Basis
  readonly powers: readonly AllowedPower[]
  readonly status: StatusReference
  readonly evaluationId: string
  readonly instant: Date
  /** Thumbprint of the key that the token is bound to; null where it is bound to none. */
  readonly jkt: string | null
  /** The same once more as ID-porten would tell it; null where the audience is not told so. */
  readonly idporten: IdportenDetail | null
}

/** One entry of `authorization_details`: what may be done in one service, at one provider or for one object if so limited. */
export interface RepresentationDetail {
  readonly type: string
  readonly locations: readonly string[]
  readonly actions: readonly string[]
  readonly datatypes: readonly string[]
  readonly identifier: string
  readonly granted_by: { readonly method: 'delegated' | 'appointed' | 'statutory' }
  readonly basis: string
  readonly provider?: string
  readonly object?: string
  readonly valid_until?: string
  readonly may_delegate: false
  /** What the service must see to when it goes on, beyond the login level, which has been seen to. */
  readonly obligations?: readonly string[]
}

/** An entry of a token's `authorization_details`: our own come first. */
export type TokenDetail = RepresentationDetail | IdportenDetail

/** Our own entries of a token: what it stands on and what it gives. */
export function representationsIn({
  authorization_details: details,
}: DelegationClaims): readonly RepresentationDetail[] {
  return details.filter((detail): detail is RepresentationDetail => 'identifier' in detail)
}

/** Times are in seconds since 1970. An alias and no interface, so that it passes for a general set of claims. */
export type DelegationClaims = {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly act: ActClaim
  readonly acr: string
  readonly auth_time: number
  readonly scope: string
  readonly authorization_details: readonly TokenDetail[]
  readonly status: StatusReference
  readonly evaluation_id: string
  /** The key that its bearer must prove (RFC 9449 section 6.1). */
  readonly cnf?: { readonly jkt: string }
}

/**
 * Who acts: the outermost is the person, always. The organisation that he does it for is the actor before him (RFC 8693
 * section 4.1): it got the power from the principal and lets him use it. To a verifier it is history and decides nothing.
 */
interface ActClaim {
  readonly iss: string
  readonly sub: string
  readonly sub_profile: 'user'
  readonly act?: { readonly iss: string; readonly sub: string }
}

/** Whether a token issued at this instant could live for as much as a second: times in tokens are whole seconds. */
export function outlives(power: JudgedPower, instant: Date): power is AllowedPower {
  return power.decision.allowed && endOf(power) > secondOf(instant)
}

/**
 * The claims of a delegation token (RFC 9068, RFC 8693 `act`, RFC 9396). It lives for 300 s or until the first of its
 * powers could change by time alone. `acr` and `auth_time` tell of the one who acts, not of `sub`, who is not logged in.
 * Identity numbers are nowhere in it but in the entry for ID-porten's readers, where an audience is registered as one.
 */
export function delegationClaims(delegation: Delegation): DelegationClaims {
  const { grant, powers, issuer, audience } = delegation
  const iat = secondOf(delegation.instant)
  return {
    // First: whoever remembers tokens finds it there without reading the rest.
    jti: randomUUID(),
    iss: issuer,
    aud: audience,
    sub: delegation.principalHandle,
    client_id: delegation.clientId,
    iat,
    exp: secondOf(expiryOf(powers, delegation.instant)),
    act: {
      iss: grant.issuer,
      sub: grant.subject,
      sub_profile: 'user',
      ...(delegation.viaHandle === null ? {} : { act: { iss: issuer, sub: delegation.viaHandle } }),
    },
    acr: grant.acr,
    auth_time: secondOf(grant.authenticatedAt),
    scope: [...new Set(powers.map(({ power }) => scopeOf(power)))].sort().join(' '),
    authorization_details: [...detailsOf(delegation), ...(delegation.idporten === null ? [] : [delegation.idporten])],
    status: delegation.status,
    evaluation_id: delegation.evaluationId,
    ...(delegation.jkt === null ? {} : { cnf: { jkt: delegation.jkt } }),
  }
}

/** What kind of token one with these claims is (RFC 6750, RFC 9449). */
export function tokenTypeOf({ cnf }: DelegationClaims): 'Bearer' | 'DPoP' {
  return cnf === undefined ? 'Bearer' : 'DPoP'
}

/** When a token for these powers expires that is issued at this instant, in whole seconds. */
export function expiryOf(powers: readonly AllowedPower[], instant: Date): Date {
  return new Date(1000 * Math.min(secondOf(instant) + LONGEST_LIFE, ...powers.map(endOf)))
}

/** Whether the verifiers would read a token with these claims. */
export function fitsInToken(claims: DelegationClaims): boolean {
  return Buffer.byteLength(JSON.stringify(claims)) <= LONGEST_CLAIMS
}

/** What the details of a token are made of. */
export type Detailed = Pick<Delegation, 'issuer' | 'audience' | 'representationHandle' | 'basis' | 'powers'>

/** Powers that differ in nothing but the action share an entry: an entry lets no more be done than was granted. */
export function detailsOf(delegation: Detailed): readonly RepresentationDetail[] {
  const groups = new Map<string, AllowedPower[]>()
  for (const granted of delegation.powers) {
    const { service, provider, object } = granted.power
    const key = JSON.stringify([service, provider, object])
    groups.set(key, [...(groups.get(key) ?? []), granted])
  }
  return [...groups.values()].map((powers) => detailOf(delegation, powers))
}

/** Who made the ground: the principal, an authority that appointed the representative, or the law itself. */
const METHODS: Readonly<Record<Basis, RepresentationDetail['granted_by']['method']>> = {
  mandate: 'delegated',
  parent: 'statutory',
  guardian: 'appointed',
  lasting_power: 'delegated',
  organisation_role: 'statutory',
  employment: 'delegated',
  estate: 'appointed',
}

function detailOf(delegation: Detailed, powers: readonly AllowedPower[]): RepresentationDetail {
  const [first] = powers
  if (first === undefined) throw new Error('a detail of no powers')
  const { service, provider, object } = first.power
  const obligations = powers.flatMap(({ decision }) => decision.obligations.map(({ type }) => type))
  const open = [...new Set(obligations)].filter((type) => type !== 'assurance')
  const end = earliestOf(powers.map(({ groundEnd }) => groundEnd))
  return {
    type: detailTypeOf(delegation.issuer),
    locations: [delegation.audience],
    actions: ACTIONS.filter((action) => powers.some(({ power }) => power.action === action)),
    datatypes: [service],
    identifier: delegation.representationHandle,
    granted_by: { method: METHODS[delegation.basis] },
    basis: delegation.basis,
    ...(provider === null ? {} : { provider }),
    ...(object === null ? {} : { object }),
    ...(end === null ? {} : { valid_until: end.toISOString() }),
    may_delegate: false,
    ...(open.length === 0 ? {} : { obligations: open }),
  }
}

/** When the power could first change by time alone, in seconds since 1970, rounded down; never, where no end is set. */
function endOf({ groundEnd, decision }: AllowedPower): number {
  const end = earliestOf([groundEnd, decision.validUntil])
  return end === null ? Infinity : secondOf(end)
}

function secondOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
