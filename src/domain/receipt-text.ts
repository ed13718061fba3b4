import type { Text } from './catalogue.js'
import type { MandateState } from './mandate.js'

/** What a mandate is, in a word or two. */
const STATES = {
  offered: [],
  held: [],
  active: [],
  not_yet_valid: [],
  frozen: [],
  ended: [],
  expired: [],
  declined: [],
  cancelled: [],
  lapsed: [],
} as const satisfies Readonly<Record<MandateState, readonly string[]>>

/** The words of `texts/receipt.yaml` and the placeholders that each must have, in every language. */
export const RECEIPT_PLACEHOLDERS = {
  title: [],
  number: [],
  giver: [],
  middle: [],
  representative: [],
  person: ['name', 'year'],
  organisation: ['name', 'number'],
  state: [],
  changed: [],
  confirmed: ['time'],
  hash: [],
  powers: [],
  power: ['action', 'day', 'service', 'state'],
  ending: ['address'],
  no_proof: [],
  page: ['page', 'pages'],
  ...STATES,
} as const satisfies Readonly<Record<string, readonly string[]>>
export type ReceiptTextKey = keyof typeof RECEIPT_PLACEHOLDERS
export type ReceiptSentences = Readonly<Record<ReceiptTextKey, Text>>
