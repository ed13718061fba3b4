import type { NumberSeries } from '../domain/identifier.js'
import type { StagedParty, StagedRelation } from '../store/staged-rows.js'
import type { RegisteredOrganisation } from './enhetsregisteret.js'
import type { RegisteredRole, RoleHolder } from './role-document.js'
import { personNumber } from './staged-person.js'

/** What we keep of an organisation: its name, whether it still is, and who has which role in it. */
export function stagedOrganisation(
  { orgnr, name, ceased, roles }: RegisteredOrganisation,
  series: NumberSeries,
): StagedParty {
  return {
    identifiers: [{ scheme: 'orgnr', value: orgnr, current: true }],
    name: name ?? '',
    familyName: null,
    bornOn: null,
    diedOn: null,
    dead: false,
    ceased,
    protectedAddress: false,
    capacityLost: [],
    residences: [],
    relations: roles.map((role) => roleOf(role, series)),
  }
}

function roleOf({ code, holder }: RegisteredRole, series: NumberSeries): StagedRelation {
  return {
    basis: 'organisation_role',
    says: code,
    tasks: [],
    validFrom: null,
    validUntil: null,
    holder: holderOf(holder, series),
  }
}

function holderOf(holder: RoleHolder, series: NumberSeries): StagedRelation['holder'] {
  switch (holder.by) {
    case 'person':
      return personNumber(holder.number, series) ?? { reference: 'unidentified' }
    case 'organisation':
      return { scheme: 'orgnr', value: holder.orgnr }
    case 'unidentified':
      return { reference: 'unidentified' }
  }
}
