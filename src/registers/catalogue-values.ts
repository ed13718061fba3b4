import { isMap } from 'yaml'
import { ACTIONS, type Action, type LegalSource, type Text } from '../domain/catalogue.js'
import { hasValidCheckDigit } from '../domain/identifier.js'
import {
  type Complaint,
  type Reader,
  checked,
  list,
  mapped,
  matching,
  oneOf,
  optional,
  record,
  text,
  whole,
} from './yaml-reader.js'

/** A text for citizens as the file has it: `se_read_by` names the speaker who has read the Sámi one. */
export interface CitizenText {
  readonly text: Text
  readonly samiUnread: boolean
}

export const words: Reader<CitizenText> = mapped(
  record({ nb: text, nn: text, en: text, se: text, seReadBy: optional<string | null>(text, null) }),
  ({ seReadBy, ...languages }) => ({ text: languages, samiUnread: seReadBy === null }),
)

/** At least one action, none twice. */
export const actions: Reader<readonly Action[]> = checked(someActions(), (found) =>
  found.length > 0 ? null : { at: [], reason: 'at least one action is needed' },
)

/** Actions, none twice, perhaps none at all. */
export function someActions(): Reader<readonly Action[]> {
  return list(oneOf('action', ACTIONS), String)
}

export const age = whole(0, 25)

/** Nine digits that pass modulo 11. */
export const orgnr: Reader<string> = checked(
  matching(/^\d{9}$/, 'an organisation number of nine digits'),
  (number): Complaint | null =>
    hasValidCheckDigit(number)
      ? null
      : { at: [], reason: `${number} fails the modulo 11 check of organisation numbers` },
)

const day = checked(matching(/^\d{4}-\d\d-\d\d$/, 'a day like 2027-01-31'), (value) => {
  const date = new Date(`${value}T00:00:00Z`)
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
  return exists ? null : { at: [], reason: `${value} is no day of the calendar` }
})

const confirmed = mapped(record({ confirmedBy: text, confirmedOn: day }), ({ confirmedBy, confirmedOn }) => ({
  kind: 'confirmed' as const,
  by: confirmedBy,
  on: confirmedOn,
}))

const proposed = mapped(oneOf('mark', ['proposed']), () => ({ kind: 'proposed' as const }))

/** `proposed`, or `{ confirmed_by: who, confirmed_on: 2027-01-31 }`. */
const mark: Reader<LegalSource['mark']> = (place) => (isMap(place.node) ? confirmed(place) : proposed(place))

/** Where a rule comes from and whether our reading of it is confirmed. */
export const legal = { source: text, mark }
