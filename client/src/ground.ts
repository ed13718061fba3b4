import { readText } from './claims.js'
import { isObject, type JsonObject } from './json.js'
import { TokenRefused } from './refused.js'

export const ACTIONS = ['read', 'communicate', 'write', 'sign', 'receive', 'consent'] as const
export type Action = (typeof ACTIONS)[number]

export const BASES = [
  'mandate',
  'parent',
  'guardian',
  'lasting_power',
  'organisation_role',
  'employment',
  'estate',
] as const
/** Why the representative may act: a mandate that the principal gave, or a ground by law or office. */
export type Basis = (typeof BASES)[number]

export const OBLIGATIONS = ['introspect', 'stale_facts', 'ask_for_each_object'] as const
/** What a service must see to that goes on: ask the issuer itself, bear with old facts, ask anew for each object. */
export type Obligation = (typeof OBLIGATIONS)[number]

/** What the service is about to do. */
export interface Power {
  /** As in the catalogue, e.g. `nav.pension`. */
  readonly service: string
  readonly action: Action
  /** Organisation number of the provider where it is done; null where the service has no providers. */
  readonly provider: string | null
  /** The case, property or other object it is done to; null where it concerns no particular one. */
  readonly object: string | null
}

export interface Ground {
  /** The ground's handle, pairwise for this service. */
  readonly handle: string
  readonly basis: Basis
}

/** The ground, and what it asks of the service for this power. */
export interface CoveringGround extends Ground {
  readonly obligations: readonly Obligation[]
}

interface Question {
  readonly issuer: string
  readonly audience: string
  readonly power: Power
  readonly now: Date
}

/**
 * Finds the one ground that the token stands on (RFC 9396; entries of other types are ignored) and demands that both it
 * and `scope` cover the power. The ground has an entry for each service, provider and object; one that names a provider
 * or an object covers only that one, compared byte for byte and without Unicode normalisation.
 */
export function readGround(claims: JsonObject, { issuer, audience, power, now }: Question): CoveringGround {
  const details = detailsOf(claims['authorization_details'], `${issuer}/rar/representation`)
  for (const detail of details) checkLocation(detail, audience)
  const ground = soleGround(details)
  const covering = details.filter((detail) => covers(detail, power))
  if (covering.length === 0) throw new TokenRefused('power_not_covered', 'authorization_details do not cover the power')
  for (const detail of covering) checkEnd(detail, now)
  if (!readText(claims, 'scope').split(' ').includes(`${power.service}.${power.action}`))
    throw new TokenRefused('power_not_covered', 'scope does not cover the power')
  return { ...ground, obligations: obligationsOf(covering) }
}

const NONE: readonly Obligation[] = Object.freeze([])

/** Whoever goes on must see to all of them, so one that is not known stops. */
function obligationsOf(covering: readonly JsonObject[]): readonly Obligation[] {
  const demanding = covering.filter((detail) => detail['obligations'] !== undefined)
  if (demanding.length === 0) return NONE
  const stated = new Set(demanding.flatMap((detail) => readTexts(detail, 'obligations')))
  const known = OBLIGATIONS.filter((obligation) => stated.has(obligation))
  if (known.length < stated.size) throw new TokenRefused('claims', 'obligations has one that is not known here')
  return Object.freeze(known)
}

function detailsOf(details: unknown, type: string): readonly JsonObject[] {
  if (!Array.isArray(details)) throw new TokenRefused('claims', 'authorization_details is missing or not an array')
  return details.filter(isObject).filter((entry) => entry['type'] === type)
}

function checkLocation(detail: JsonObject, audience: string): void {
  const [location, ...others] = readTexts(detail, 'locations')
  if (location !== audience || others.length > 0)
    throw new TokenRefused('audience', 'locations is not exactly this audience')
}

function soleGround(details: readonly JsonObject[]): Ground {
  const [ground, ...others] = details.map(groundOf)
  if (ground === undefined || others.some(({ handle, basis }) => handle !== ground.handle || basis !== ground.basis))
    throw new TokenRefused('claims', 'authorization_details does not speak of exactly one representation')
  return ground
}

function groundOf(detail: JsonObject): Ground {
  const handle = readText(detail, 'identifier')
  const basis = BASES.find((known) => known === detail['basis'])
  if (basis === undefined) throw new TokenRefused('claims', 'basis is missing or not a known one')
  return { handle, basis }
}

function covers(detail: JsonObject, { service, action, provider, object }: Power): boolean {
  return (
    readTexts(detail, 'datatypes').includes(service) &&
    readTexts(detail, 'actions').includes(action) &&
    withinLimit(detail, 'provider', provider) &&
    withinLimit(detail, 'object', object)
  )
}

function withinLimit(detail: JsonObject, name: 'provider' | 'object', asked: string | null): boolean {
  return detail[name] === undefined || readText(detail, name) === asked
}

/** No clock skew here: the end of a ground is a point in law, and a token that outlives it should not have been issued. */
function checkEnd(detail: JsonObject, now: Date): void {
  if (detail['valid_until'] === undefined) return
  const end = readText(detail, 'valid_until')
  const instant = INSTANT.test(end) ? Date.parse(end) : Number.NaN
  if (Number.isNaN(instant)) throw new TokenRefused('claims', 'valid_until is not an instant')
  if (instant <= now.getTime()) throw new TokenRefused('expired', 'the ground has ended')
}

/** RFC 3339, always with an offset. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

function readTexts(object: JsonObject, name: string): readonly string[] {
  const value: unknown = object[name]
  if (!Array.isArray(value) || !value.every((entry): entry is string => typeof entry === 'string'))
    throw new TokenRefused('claims', `${name} is missing or not an array of strings`)
  return value
}
