import { chosen } from './country-chance.js'
import type { Country } from './country.js'
import { dayText } from './country-days.js'
import { familyName } from './country-names.js'
import { organisationNumber } from './country-organisation-numbers.js'
import type { Plan } from './country-plan.js'
import { RoleWriter, type Rolle, type Rollegruppe } from './country-roles.js'

export interface Organisation {
  readonly organisasjonsnummer: string
  readonly navn: string
  readonly organisasjonsform: { readonly kode: string }
  /** `YYYY-MM-DD`; absent while it is registered. */
  readonly slettedato?: string
  readonly konkurs: boolean
  readonly rollegrupper: readonly Rollegruppe[]
}

/** What the first organisations are, one each; after them chance decides. */
const SPECIAL = [
  'municipality',
  'sole',
  'company',
  'partnership',
  'joint_signature',
  'bankrupt',
  'deregistered',
  'resigned_manager',
  'dead_chair',
  'unknown_role',
  'unidentified_person',
  'no_roles',
] as const
export type OrganisationCase = (typeof SPECIAL)[number]

/** What is special about the organisation at that place. */
export function caseOf(seed: number, place: number): OrganisationCase {
  const first = SPECIAL[place]
  if (first !== undefined) return first
  const roll = chosen(1000, seed, place, 70)
  if (roll < 480) return 'sole'
  if (roll < 900) return 'company'
  if (roll < 940) return 'partnership'
  if (roll < 970) return 'joint_signature'
  return SPECIAL[5 + (roll % 7)] ?? 'company'
}

/** The place of the first organisation of that case. */
export function firstOrganisation(wanted: OrganisationCase): number {
  return SPECIAL.indexOf(wanted)
}

/** @throws RangeError outside the country. */
export function organisationOf(country: Country, plan: Plan, place: number): Organisation {
  if (!Number.isInteger(place) || place < 0 || place >= country.organisations)
    throw new RangeError('no organisation there')
  const what = caseOf(plan.seed, place)
  const form = { municipality: 'KOMM', sole: 'ENK', partnership: 'ANS' }[what as string] ?? 'AS'
  return {
    organisasjonsnummer: organisationNumber(place),
    navn: `${familyName(plan.seed, 900_000_000 + place)} ${['Bygg', 'Fisk', 'Data', 'Handel', 'Helse'][place % 5] ?? ''} ${form}`.toUpperCase(),
    organisasjonsform: { kode: form },
    ...(what === 'deregistered' ? { slettedato: dayText(country.today - 100) } : {}),
    konkurs: what === 'bankrupt',
    rollegrupper: what === 'no_roles' ? [] : groupsOf(new RoleWriter(country, plan, place), what),
  }
}

function groupsOf(write: RoleWriter, what: OrganisationCase): readonly Rollegruppe[] {
  switch (what) {
    case 'sole':
      return [write.group('INNH', write.role('INNH', 0))]
    case 'partnership':
      return [write.group('DELT', write.role('DTSO', 0), write.role('DTPR', 1))]
    case 'bankrupt':
      return [write.group('BOBE', write.role('BOBE', 0)), write.group('KDEB', write.role('KDEB', 1))]
    case 'unknown_role':
      return [write.group('DAGL', write.role('DAGL', 0)), write.group('KOMI', write.role('KOMI', 1))]
    case 'resigned_manager':
      return [write.group('DAGL', { ...write.role('DAGL', 0), fratraadt: true }, write.role('DAGL', 1))]
    case 'dead_chair':
      return [
        write.group('DAGL', write.role('DAGL', 0)),
        write.group('STYR', dead(write.role('LEDE', 1)), write.role('MEDL', 2)),
      ]
    case 'unidentified_person':
      return [write.group('DAGL', write.role('DAGL', 0, 'without number'))]
    case 'joint_signature':
      return [
        ...write.company(),
        write.group('SIGN', write.role('SIFE', 1), write.role('SIFE', 2)),
        write.group('PROK', write.role('POFE', 0), write.role('POFE', 3)),
      ]
    case 'municipality':
    case 'company':
    case 'deregistered':
    case 'no_roles':
      return write.company()
  }
}

function dead(role: Rolle): Rolle {
  return role.person === undefined ? role : { ...role, person: { ...role.person, erDoed: true } }
}
