import { chosen } from './country-chance.js'
import { dayNumber, startOfDayText } from './country-days.js'
import { currentNumber, type PersonDocument } from './person-documents.js'

/** A channel as the contact register has it; instants are ISO 8601. */
export interface Kontaktinformasjon {
  readonly epostadresse?: string
  readonly epostadresse_oppdatert?: string
  readonly epostadresse_sist_verifisert?: string
  readonly mobiltelefonnummer?: string
  readonly mobiltelefonnummer_oppdatert?: string
  readonly mobiltelefonnummer_sist_verifisert?: string
}

/** A person as the contact register answers. */
export interface Contact {
  readonly personidentifikator: string
  readonly reservasjon?: 'JA' | 'NEI'
  readonly reservasjonstidspunkt?: string
  readonly status: 'AKTIV' | 'SLETTET' | 'IKKE_REGISTRERT'
  readonly varslingsstatus?: 'KAN_VARSLES' | 'KAN_IKKE_VARSLES'
  readonly kontaktinformasjon?: Kontaktinformasjon
  readonly digital_post?: {
    readonly postkasseadresse: string
    readonly postkasseleverandoeradresse: string
    readonly sertifikat: string
  }
  readonly spraak?: 'nb' | 'nn' | 'en' | 'se'
}

const MONTH = 30
/** Older data must not be used for notices by law (eForvaltningsforskriften § 32). */
const TOO_OLD = 18 * MONTH
const FIFTEEN_YEARS = 5479

/**
 * What the contact register says of someone: children below 15 and one adult in ten are not in it, three in a hundred
 * have reserved themselves, one in eight has only data that are too old.
 */
export function contactOf(seed: number, today: number, index: number, person: PersonDocument): Contact {
  const personidentifikator = currentNumber(person)
  const born = person.foedsel?.[0]?.foedselsdato
  const child = born !== undefined && dayNumber(born) > today - FIFTEEN_YEARS
  const roll = chosen(1000, seed, index, 60)
  if (child || roll < 100) return { personidentifikator, status: 'IKKE_REGISTRERT' }
  if (roll < 120 || person.doedsfall !== undefined)
    return { personidentifikator, status: 'SLETTET', reservasjon: 'NEI' }
  const reserved = roll < 150
  const age = roll < 270 ? TOO_OLD + 30 + (roll % 12) * MONTH : chosen(TOO_OLD - 30, seed, index, 61)
  return {
    personidentifikator,
    reservasjon: reserved ? 'JA' : 'NEI',
    ...(reserved ? { reservasjonstidspunkt: startOfDayText(today - 400) } : {}),
    status: 'AKTIV',
    varslingsstatus: reserved || age >= TOO_OLD ? 'KAN_IKKE_VARSLES' : 'KAN_VARSLES',
    kontaktinformasjon: channels(roll, index, today, age),
    spraak: roll % 50 === 0 ? 'se' : roll % 20 === 1 ? 'en' : roll % 8 === 2 ? 'nn' : 'nb',
  }
}

/** Addresses end in `example.no` and telephone numbers begin with a zero, so that nobody has them. */
function channels(roll: number, index: number, today: number, age: number): Kontaktinformasjon {
  const recent = startOfDayText(today - age)
  const old = startOfDayText(today - TOO_OLD - 200)
  const email = {
    epostadresse: `person${index}@example.no`,
    epostadresse_oppdatert: recent,
    epostadresse_sist_verifisert: recent,
  }
  // In one of seven the two channels differ in age: each has to be looked at by itself.
  const phoneDay = roll % 7 === 3 ? old : recent
  const phone = {
    mobiltelefonnummer: `+470${String(index).padStart(7, '0')}`,
    mobiltelefonnummer_oppdatert: phoneDay,
    mobiltelefonnummer_sist_verifisert: phoneDay,
  }
  return roll % 10 === 5 ? email : roll % 10 === 6 ? phone : { ...email, ...phone }
}
