import type { CatalogueVersion, Service } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import type { Transaction } from '../store/database.js'
import { type NumberedPerson, numberedPersons } from '../store/party-store.js'
import type { AllowedPower } from './delegation-token.js'

/** A ground as ID-porten tells of one (`idporten:fullmakt`, pilot of 2025), for services that read it there already. */
export interface IdportenDetail {
  readonly type: 'idporten:fullmakt'
  readonly authorizer: IdportenPerson
  readonly authorized_representative: IdportenPerson
  readonly permissions: readonly IdportenPermission[]
}

interface IdportenPerson {
  readonly name: string
  /** Identity number. */
  readonly pid: string
}

/** A guardian task of Folkeregisteret: `nav`, `pensjon`. */
interface IdportenPermission {
  readonly owner: string
  readonly role: string
}

/** What the entry is made of, beside the persons. */
export interface IdportenGround {
  readonly principal: PartyId
  readonly representative: PartyId
  readonly powers: readonly AllowedPower[]
  /** Of the audience. */
  readonly services: readonly string[]
}

/**
 * The entry, or null where there is nothing to tell in that shape: no role in full, one of the two without a Norwegian
 * number, or with a protected address.
 */
export async function idportenDetail(
  tx: Transaction,
  { principal, representative, powers, services }: IdportenGround,
  catalogue: CatalogueVersion,
): Promise<IdportenDetail | null> {
  const permissions = permissionsOf(powers, services, catalogue)
  const persons = await numberedPersons(tx, [principal, representative])
  const [authorizer, authorized] = [principal, representative].map((party) => personIn(persons, party))
  if (permissions.length === 0 || !authorizer || !authorized) return null
  return { type: 'idporten:fullmakt', authorizer, authorized_representative: authorized, permissions }
}

/**
 * A role there is a whole task and knows of no actions, providers or objects. So it is told only where the powers are all
 * that the task gives in the audience's services: whoever reads the role must not let more be done than was granted.
 */
export function permissionsOf(
  powers: readonly Pick<AllowedPower, 'power'>[],
  audienceServices: readonly string[],
  { services }: CatalogueVersion,
): readonly IdportenPermission[] {
  const here = services.filter(({ id }) => audienceServices.includes(id))
  const tasks = new Map(here.flatMap(tasksOf).map((task) => [`${task.owner}/${task.role}`, task]))
  return [...tasks.values()].filter((task) => here.every((service) => givesAll(task, service, powers)))
}

function tasksOf({ guardians }: Service): readonly IdportenPermission[] {
  return guardians.map(({ business, task }) => ({ owner: business, role: task }))
}

function givesAll(
  { owner, role }: IdportenPermission,
  { id, guardians }: Service,
  powers: readonly Pick<AllowedPower, 'power'>[],
): boolean {
  const actions = guardians
    .filter(({ business, task }) => business === owner && task === role)
    .flatMap((one) => one.actions)
  return actions.every((action) =>
    powers.some(
      ({ power }) =>
        power.service === id && power.action === action && power.provider === null && power.object === null,
    ),
  )
}

function personIn(persons: readonly NumberedPerson[], party: PartyId): IdportenPerson | null {
  const person = persons.find(({ partyId }) => partyId === party)
  if (person === undefined || person.number === null || person.protectedAddress) return null
  return { name: person.name, pid: person.number }
}
