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

/** What one entry of `authorization_details` says. */
interface Detail {
  readonly services: readonly string[]
  readonly actions: readonly string[]
  /** Undefined where it covers any. */
  readonly provider: string | undefined
  readonly object: string | undefined
  /** Milliseconds since 1970; Infinity where none is stated, NaN for what is no instant. */
  readonly until: number
  /** Undefined where none are stated, null for what is no array of texts. */
  readonly obligations: readonly string[] | null | undefined
}

/** What a token says of its ground, whatever is asked: it is read once however often the token comes. */
export interface StatedGround extends Ground {
  readonly details: readonly Detail[]
  readonly scopes: readonly string[]
}

/**
 * Reads the one ground that the token stands on (RFC 9396; entries of other types are ignored), with an entry for each
 * service, provider and object.
 */
export function readGround(claims: JsonObject, issuer: string, audience: string): StatedGround {
  const entries = entriesOf(claims['authorization_details'], `${issuer}/rar/representation`)
  for (const entry of entries) checkLocation(entry, audience)
  const ground = soleGround(entries)
  return { ...ground, details: entries.map(detailOf), scopes: readText(claims, 'scope').split(' ') }
}

/**
 * Demands that both an entry and `scope` cover the power. An entry that names a provider or an object covers only that one,
 * compared byte for byte and without Unicode normalisation.
 */
export function covering({ handle, basis, details, scopes }: StatedGround, power: Power, now: Date): CoveringGround {
  const fitting = details.filter((detail) => covers(detail, power))
  if (fitting.length === 0) throw new TokenRefused('power_not_covered', 'authorization_details do not cover the power')
  for (const detail of fitting) checkEnd(detail, now)
  if (!scopes.includes(`${power.service}.${power.action}`))
    throw new TokenRefused('power_not_covered', 'scope does not cover the power')
  return { handle, basis, obligations: obligationsOf(fitting) }
}

const NONE: readonly Obligation[] = Object.freeze([])

/** Whoever goes on must see to all of them, so one that is not known stops. */
function obligationsOf(fitting: readonly Detail[]): readonly Obligation[] {
  const demanding = fitting.filter(({ obligations }) => obligations !== undefined)
  if (demanding.length === 0) return NONE
  const stated = new Set(demanding.flatMap(({ obligations }) => obligations ?? [MALFORMED]))
  const known = OBLIGATIONS.filter((obligation) => stated.has(obligation))
  if (known.length < stated.size) throw new TokenRefused('claims', 'obligations has one that is not known here')
  return Object.freeze(known)
}

/** No obligation is called so. */
const MALFORMED = ''

function entriesOf(details: unknown, type: string): readonly JsonObject[] {
  if (!Array.isArray(details)) throw new TokenRefused('claims', 'authorization_details is missing or not an array')
  return details.filter(isObject).filter((entry) => entry['type'] === type)
}

function checkLocation(entry: JsonObject, audience: string): void {
  const [location, ...others] = readTexts(entry, 'locations')
  if (location !== audience || others.length > 0)
    throw new TokenRefused('audience', 'locations is not exactly this audience')
}

function soleGround(entries: readonly JsonObject[]): Ground {
  const [ground, ...others] = entries.map(groundOf)
  if (ground === undefined || others.some(({ handle, basis }) => handle !== ground.handle || basis !== ground.basis))
    throw new TokenRefused('claims', 'authorization_details does not speak of exactly one representation')
  return ground
}

function groundOf(entry: JsonObject): Ground {
  const handle = readText(entry, 'identifier')
  const basis = BASES.find((known) => known === entry['basis'])
  if (basis === undefined) throw new TokenRefused('claims', 'basis is missing or not a known one')
  return { handle, basis }
}

function detailOf(entry: JsonObject): Detail {
  return {
    services: readTexts(entry, 'datatypes'),
    actions: readTexts(entry, 'actions'),
    provider: readLimit(entry, 'provider'),
    object: readLimit(entry, 'object'),
    until: readEnd(entry),
    obligations: entry['obligations'] === undefined ? undefined : textsIn(entry['obligations']),
  }
}

function readLimit(entry: JsonObject, name: 'provider' | 'object'): string | undefined {
  return entry[name] === undefined ? undefined : readText(entry, name)
}

function readEnd(entry: JsonObject): number {
  const end = entry['valid_until']
  if (end === undefined) return Infinity
  return typeof end === 'string' && INSTANT.test(end) ? Date.parse(end) : Number.NaN
}

function covers({ services, actions, provider, object }: Detail, power: Power): boolean {
  return (
    services.includes(power.service) &&
    actions.includes(power.action) &&
    (provider === undefined || provider === power.provider) &&
    (object === undefined || object === power.object)
  )
}

/** No clock skew here: the end of a ground is a point in law, and a token that outlives it should not have been issued. */
function checkEnd({ until }: Detail, now: Date): void {
  if (Number.isNaN(until)) throw new TokenRefused('claims', 'valid_until is not an instant')
  if (until <= now.getTime()) throw new TokenRefused('expired', 'the ground has ended')
}

/** RFC 3339, always with an offset. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

function readTexts(entry: JsonObject, name: string): readonly string[] {
  const texts = textsIn(entry[name])
  if (texts === null) throw new TokenRefused('claims', `${name} is missing or not an array of strings`)
  return texts
}

function textsIn(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : null
}
