import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.js'
import type { Day } from '../domain/calendar.js'
import type { WantedPower } from '../domain/giving.js'
import type { PartyId } from '../domain/party.js'
import type { Answered } from './named-helper.js'

/** A new mandate. Days are settled when the text is made, so that the text stays true. */
export interface GiveContent {
  readonly kind: 'give'
  /** The mandate that it is passed on from; null where the giver gives of his own. */
  readonly parent: string | null
  readonly representative: PartyId
  /** As the text names him. */
  readonly representativeName: string
  readonly powers: readonly (WantedPower & { readonly until: Day })[]
  /** What confirming it answers or uses up. */
  readonly answers: Answered
}

/** A later end for powers of a mandate. */
export interface ExtendContent {
  readonly kind: 'extend'
  readonly mandateId: string
  readonly parent: string | null
  /** The version that the text was made from: a change in between makes the draft void. */
  readonly version: number
  readonly powerIds: readonly string[]
  readonly until: Day
}

/** The representative's yes to an offer. */
export interface AcceptContent {
  readonly kind: 'accept'
  readonly mandateId: string
  /** As above. */
  readonly version: number
}

/** What confirming a draft would do. */
export type DraftContent = (GiveContent | ExtendContent | AcceptContent) & {
  /** The organisation that its owner confirms it for; absent where he does so for himself. */
  readonly organisation?: PartyId
}

/** The organisation that a draft was made for; null where its owner made it for himself. */
export function madeFor({ organisation = null }: { readonly organisation?: PartyId | null }): PartyId | null {
  return organisation
}

/** What the number of a text is made of. */
export interface Referred {
  readonly draftId: string
  readonly owner: PartyId
  readonly catalogueVersion: number
  readonly content: DraftContent
}

/** Neither I, L, O nor U: read aloud or written by hand, none is taken for another (Crockford's base 32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The number of a text, such as `7Q4KD-M2X9B-0TZ3H-C8VRE`: the first 100 bits of the SHA-256 of what confirming it does, as
 * canonical JSON. It makes every text another, and ties what the text does to the hash that the login provider signs.
 */
export function textNumber({ draftId, owner, catalogueVersion, content }: Referred): string {
  const bound = canonicalJson({ draft: draftId, owner, catalogue_version: catalogueVersion, content: { ...content } })
  const bits = [...createHash('sha256').update(bound).digest()]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  const letters = Array.from({ length: 20 }, (_, i) => LETTERS[Number.parseInt(bits.slice(5 * i, 5 * i + 5), 2)])
  return [0, 5, 10, 15].map((from) => letters.slice(from, from + 5).join('')).join('-')
}
