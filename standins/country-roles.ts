import { chosen, happens } from './country-chance.js'
import type { Country } from './country.js'
import { dayText } from './country-days.js'
import { HOUSEHOLD } from './country-numbers.js'
import { organisationNumber } from './country-organisation-numbers.js'
import type { Plan } from './country-plan.js'
import { currentNumber } from './person-documents.js'

/** A role as the register knows it, national number included; the open answer leaves that out. */
export interface Rolle {
  readonly type: { readonly kode: string; readonly beskrivelse: string }
  readonly person?: {
    readonly fodselsdato: string
    /** Absent where the register knows none, and in open answers. */
    readonly fodselsnummer?: string
    readonly navn: { readonly fornavn: string; readonly etternavn: string }
    readonly erDoed: boolean
  }
  readonly enhet?: {
    readonly organisasjonsnummer: string
    readonly organisasjonsform: { readonly kode: string }
    readonly navn: readonly string[]
    readonly erSlettet: boolean
  }
  readonly fratraadt: boolean
  readonly avregistrert: boolean
  readonly rekkefolge: number
}

export interface Rollegruppe {
  readonly type: { readonly kode: string; readonly beskrivelse: string }
  readonly sistEndret: string
  readonly roller: readonly Rolle[]
}

/** Role codes and what they are called. A code on no list is among them on purpose. */
export const ROLE_NAMES: Readonly<Record<string, string>> = {
  DAGL: 'Daglig leder',
  LEDE: 'Styrets leder',
  NEST: 'Nestleder',
  MEDL: 'Styremedlem',
  VARA: 'Varamedlem',
  OBS: 'Observatør',
  INNH: 'Innehaver',
  DTSO: 'Deltaker med solidarisk ansvar',
  DTPR: 'Deltaker med proratarisk ansvar',
  REGN: 'Regnskapsfører',
  REVI: 'Revisor',
  KONT: 'Kontaktperson',
  SIGN: 'Signatur',
  SIFE: 'Signatur i fellesskap',
  SIHV: 'Signatur hver for seg',
  PROK: 'Prokura',
  POFE: 'Prokura i fellesskap',
  BOBE: 'Bostyrer',
  KDEB: 'Konkursdebitor',
  STYR: 'Styre',
  DELT: 'Deltakere',
  KOMI: 'Ukjent rolle',
}

/** Writes the roles of one organisation. The people are adults of one household or of several. */
export class RoleWriter {
  constructor(
    private readonly country: Country,
    private readonly plan: Plan,
    private readonly place: number,
  ) {}

  company(): readonly Rollegruppe[] {
    const board = [this.role('LEDE', 1), this.role('MEDL', 2), ...(this.place % 3 === 0 ? [this.role('VARA', 3)] : [])]
    const accountant = this.country.organisations > 20 && happens(6000, this.plan.seed, this.place, 71)
    return [
      this.group('DAGL', this.role('DAGL', 0)),
      this.group('STYR', ...board),
      ...(accountant ? [this.group('REGN', this.office('REGN'))] : []),
    ]
  }

  group(kode: string, ...roller: readonly Rolle[]): Rollegruppe {
    const numbered = roller.map((role, rekkefolge) => ({ ...role, rekkefolge }))
    return {
      type: named(kode),
      sistEndret: dayText(this.country.today - chosen(2000, this.plan.seed, this.place, 72)),
      roller: numbered,
    }
  }

  /** `which` tells the holders of one organisation apart: the same `which` is the same person. */
  role(kode: string, which: number, how: 'identified' | 'without number' = 'identified'): Rolle {
    const person = this.country.personAt(this.holder(which))
    const [name] = person.navn ?? []
    return {
      type: named(kode),
      person: {
        fodselsdato: person.foedsel?.[0]?.foedselsdato ?? '',
        ...(how === 'identified' ? { fodselsnummer: currentNumber(person) } : {}),
        navn: { fornavn: name?.fornavn ?? '', etternavn: name?.etternavn ?? '' },
        erDoed: person.doedsfall !== undefined,
      },
      fratraadt: false,
      avregistrert: false,
      rekkefolge: 0,
    }
  }

  /** A role that another organisation has: the accountant. */
  office(kode: string): Rolle {
    const place = 12 + (this.place % 8)
    const enhet = {
      organisasjonsnummer: organisationNumber(place),
      organisasjonsform: { kode: 'AS' },
      navn: ['REGNSKAP'],
      erSlettet: false,
    }
    return { type: named(kode), enhet, fratraadt: false, avregistrert: false, rekkefolge: 0 }
  }

  /** The mother, the father or someone of the couple, in households that chance picks past the traps. */
  holder(which: number): number {
    const households = Math.floor(this.plan.persons / HOUSEHOLD)
    const calm = Math.min(80, households - 1)
    const household = calm + chosen(households - calm, this.plan.seed, this.place * 4 + which, 73)
    return household * HOUSEHOLD + ([2, 3, 7, 8][which] ?? 2)
  }
}

function named(kode: string) {
  return { kode, beskrivelse: ROLE_NAMES[kode] ?? kode }
}
