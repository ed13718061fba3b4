import type { Action, LegalSource } from './catalogue.js'

/** A rule of law that holds for every service. */
export interface LegalRule<Value> extends LegalSource {
  readonly rule: string
  readonly value: Value
}

/**
 * The rules that no service chooses for itself. What a service chooses stands in the catalogue. All of them are public in
 * `docs/unconfirmed-rules.md` until someone with the authority to do so has confirmed them.
 */
export const LEGAL_RULES = {
  representativeFromAge: {
    rule: 'who acts for another by law must be of age',
    value: 18,
    source: 'vergemålsloven § 28 (guardians), § 79 (lasting powers), barnelova § 30 with vergemålsloven § 16 (parents)',
    mark: { kind: 'proposed' },
  },
  childUntilAge: {
    rule: 'parental responsibility and guardianship for a minor end at this age, at the beginning of the birthday in Oslo',
    value: 18,
    source: 'vergemålsloven § 8, barnelova § 30',
    mark: { kind: 'proposed' },
  },
  needCapacity: {
    rule: 'these actions need legal capacity in the field; to read and to write letters do not',
    value: ['write', 'sign', 'receive', 'consent'],
    source: 'vergemålsloven § 22',
    mark: { kind: 'proposed' },
  },
  actsOfConsent: {
    rule: 'where a guardian’s task needs the consent of the Statsforvalter, these actions need it; to see and to apply do not',
    value: ['sign'],
    source: 'vergemålsloven §§ 39–41; the fullmaktstekst of the tasks: «dette krever statsforvalterens samtykke»',
    mark: { kind: 'proposed' },
  },
  lookFromAge: {
    rule: 'from this age a minor sees who acts for him and what they did',
    value: 12,
    source: 'barnelova § 31, pasient- og brukerrettighetsloven § 3-4, personopplysningsloven',
    mark: { kind: 'proposed' },
  },
  employeeActions: {
    rule: 'an organisation leaves these actions to its employees; to sign and to consent take a role that the register tells of',
    value: ['read', 'communicate', 'write', 'receive'],
    source:
      'avtaleloven § 10 second paragraph (stillingsfullmakt), aksjeloven §§ 6-30 and 6-31 (who signs for a company)',
    mark: { kind: 'proposed' },
  },
  setGuardianAloneActs: {
    rule: 'where the Statsforvalter has set a guardian for a matter, no parent and no other guardian acts in it',
    value: ['parent', 'guardian'],
    source: 'vergemålsloven §§ 16, 27 and 34',
    mark: { kind: 'proposed' },
  },
  careOrderRestsPowers: {
    rule: 'while a child is in care by order, parents act for it through the services’ staff only',
    value: ['parent'],
    source: 'barnevernsloven § 5-1',
    mark: { kind: 'proposed' },
  },
} as const satisfies Readonly<Record<string, LegalRule<number | readonly Action[] | readonly string[]>>>
