import { createHmac } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.js'
import { type Identifier, type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { StagedParty, StagedRelation } from '../store/staged-rows.js'
import type { RegisteredPerson } from './person-document.js'
import type { RegisteredGuardian, RegisteredHolder, RegisteredResponsibility } from './person-relations.js'

export interface StagingOptions {
  readonly series: NumberSeries
  /** For the names under which holders without a number are kept. Changing it means reading everyone anew. */
  readonly secret: string
}

/**
 * What we keep of a person: facts as the register says them, and who acts for him by its word. What follows from it is
 * not kept but decided anew each time. Null for a person with a number that is none, or of the other series.
 *
 * A grade of protection, the mildest too, protects the address; a capacity that was lost in words that we do not know
 * counts in every field; one who died on a day that no one knows is nobody any more, from now on.
 */
export function stagedPerson(person: RegisteredPerson, options: StagingOptions): StagedParty | null {
  const identifiers = person.numbers.map(({ value, current }) => {
    const identifier = personNumber(value, options.series)
    return identifier === null ? null : { ...identifier, current }
  })
  if (!identifiers.every((identifier) => identifier !== null)) return null
  const dead = person.status === 'dead' || person.diedOn !== null
  return {
    identifiers,
    name: person.name ?? '',
    familyName: person.familyName,
    bornOn: person.bornOn,
    diedOn: person.diedOn,
    dead,
    ceased: person.status === 'ceased' || (dead && person.diedOn === null),
    protectedAddress: person.protection !== 'none',
    capacityLost: person.capacityLost.length === 0 ? [] : ['unknown'],
    residences: person.residences,
    relations: [
      ...person.responsibilities.map((row) => parentOf(row, options)),
      ...person.guardians.map((row) => guardianOf(row, options)),
    ],
  }
}

/** Null for what is no number of a person of this series. */
export function personNumber(value: string, series: NumberSeries): Identifier | null {
  const identifier = readIdentifier(value, series)
  return typeof identifier === 'string' || !['fnr', 'dnr'].includes(identifier.scheme) ? null : identifier
}

function parentOf({ kind, holder, from, until }: RegisteredResponsibility, options: StagingOptions): StagedRelation {
  return {
    basis: 'parent',
    says: kind,
    tasks: [],
    validFrom: from,
    validUntil: until,
    holder: holderOf(holder, options),
  }
}

function guardianOf(row: RegisteredGuardian, options: StagingOptions): StagedRelation {
  const isLastingPower = row.kind === 'stadfestetFremtidsfullmakt'
  return {
    basis: isLastingPower ? 'lasting_power' : 'guardian',
    says: row.kind,
    tasks: isLastingPower ? [] : [...row.tasks].sort(),
    validFrom: row.from,
    validUntil: row.until,
    holder: holderOf(row.holder, options),
  }
}

/** An organisation with parental responsibility acts through no login: it counts as a co-holder and nothing more. */
function holderOf(holder: RegisteredHolder, { series, secret }: StagingOptions): StagedRelation['holder'] {
  switch (holder.by) {
    case 'number':
      return personNumber(holder.value, series) ?? { reference: 'unknown' }
    case 'name': {
      const named = canonicalJson([holder.name, holder.bornOn])
      return { reference: `name:${createHmac('sha256', secret).update(named).digest('base64url').slice(0, 22)}` }
    }
    case 'organisation':
      return { reference: holder.orgnr === null ? 'unknown' : `organisation:${holder.orgnr}` }
    case 'unknown':
      return { reference: 'unknown' }
  }
}
