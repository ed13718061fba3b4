import { RegisterFault } from './register-fault.js'
import { RegisterRecord } from './register-record.js'

/** Who has a role. `unidentified`: the register gives a name and a birth date at most, so no login can ever be that person. */
export type RoleHolder =
  | { readonly by: 'person'; readonly number: string }
  | { readonly by: 'organisation'; readonly orgnr: string }
  | { readonly by: 'unidentified' }

/** A role that is held now. Its code is the register's, `DAGL`, `LEDE`, `SIGN`: what it gives stands in the catalogue. */
export interface RegisteredRole {
  readonly code: string
  readonly holder: RoleHolder
  /** `rekkefolge`: the register's own order within the group; null where it gives none. */
  readonly order: number | null
}

/**
 * Reads the answer to `autorisert-api/enheter/{orgnr}/roller`. Roles that were resigned (`fratraadt`) or struck
 * (`avregistrert`), and those of the dead and of organisations that are no more, are left out. The marks stand with `true`
 * where they hold; one that is missing does not hold.
 *
 * @throws RegisterFault `malformed`
 */
export function readRoleDocument(value: unknown): readonly RegisteredRole[] {
  const document = RegisterRecord.read('enhetsregisteret', value, '')
  // A document without groups is one that we do not understand; one with none of them says that nobody has a role.
  if (!Array.isArray(document.raw('rollegrupper'))) return document.refuse('rollegrupper')
  const roles = document
    .records('rollegrupper')
    .flatMap((group) => group.records('roller'))
    .filter(isHeld)
    .map(readRole)
  return [...new Map(roles.map((role) => [JSON.stringify([role.code, role.holder]), role])).values()]
}

function isHeld(role: RegisterRecord): boolean {
  const ended = [
    role.flag('fratraadt'),
    role.flag('avregistrert'),
    role.record('person')?.flag('erDoed'),
    role.record('enhet')?.flag('erSlettet'),
  ]
  return !ended.includes(true)
}

function readRole(role: RegisterRecord): RegisteredRole {
  const code = role.record('type')?.matching('kode', /^[\p{Lu}\d_]{2,10}$/u) ?? role.refuse('type')
  return { code, holder: holderOf(role), order: role.whole('rekkefolge') }
}

function holderOf(role: RegisterRecord): RoleHolder {
  const person = role.record('person')
  const unit = role.record('enhet')
  if (person !== null && unit !== null) return role.refuse('enhet')
  const number = person?.number('fodselsnummer') ?? person?.number('foedselsnummer') ?? null
  if (number !== null) return { by: 'person', number }
  const orgnr = unit?.orgnr('organisasjonsnummer') ?? null
  return orgnr === null ? { by: 'unidentified' } : { by: 'organisation', orgnr }
}

export interface RegisteredUnit {
  readonly name: string
  /** Struck off: `slettedato` stands in it. */
  readonly ceased: boolean
}

/** Reads the answer to `api/enheter/{orgnr}`. @throws RegisterFault `malformed`, `unasked` when it is about another unit. */
export function readUnit(value: unknown, orgnr: string): RegisteredUnit {
  const unit = RegisterRecord.read('enhetsregisteret', value, '')
  if (unit.orgnr('organisasjonsnummer') !== orgnr) throw new RegisterFault('enhetsregisteret', 'unasked')
  const ceased = unit.day('slettedato') !== null || unit.flag('erSlettet') === true
  return { name: unit.text('navn') ?? unit.refuse('navn'), ceased }
}
