import { addMonths, osloDay, startOfDay } from '../domain/calendar.js'
import { RegisterFault } from './register-fault.js'
import { type RegisterAccess, RegisterHttp } from './register-http.js'
import { RegisterRecord } from './register-record.js'

const SCOPE = 'krr:global/kontaktinformasjon.read'

/** As many numbers as one question takes. */
const MOST_NUMBERS = 1000

export const CONTACT_LANGUAGES = ['nb', 'nn', 'en', 'se'] as const
export type ContactLanguage = (typeof CONTACT_LANGUAGES)[number]

/** One way to reach a person, and when the person last wrote it or said that it holds. */
export interface ContactChannel {
  readonly address: string
  readonly updatedAt: Date | null
  readonly verifiedAt: Date | null
}

/** What Kontakt- og reservasjonsregisteret says of one person. */
export interface Contact {
  readonly status: 'active' | 'deleted' | 'not_registered'
  /** Reserved against digital communication: letters go on paper. */
  readonly reserved: boolean
  /** The register's own word on whether the person may be notified; null where it gives none. */
  readonly notifiable: boolean | null
  readonly language: ContactLanguage | null
  /** Of an active person only. */
  readonly email: ContactChannel | null
  readonly mobile: ContactChannel | null
}

/** Kontakt- og reservasjonsregisteret. Foreign users are not in it, and few children. */
export class Kontaktregisteret {
  private readonly http: RegisterHttp

  /** The address ends with the version, `…/rest/v2/`. */
  constructor(access: RegisterAccess) {
    this.http = new RegisterHttp('kontaktregisteret', access)
  }

  /**
   * Everyone asked for, those whom the register does not know among them (`not_registered`).
   *
   * @throws RegisterFault `incomplete`, `unasked` and what `RegisterHttp` throws. There is no half result.
   */
  async contacts(numbers: readonly string[]): Promise<ReadonlyMap<string, Contact>> {
    const asked = [...new Set(numbers)]
    const found = new Map<string, Contact>()
    for (let start = 0; start < asked.length; start += MOST_NUMBERS) {
      const some = asked.slice(start, start + MOST_NUMBERS)
      const { body } = await this.http.ask({ path: 'personer', body: { personidentifikatorer: some }, scope: SCOPE })
      for (const [number, contact] of readContacts(body, new Set(some))) found.set(number, contact)
    }
    return found
  }
}

function readContacts(body: unknown, asked: ReadonlySet<string>): ReadonlyMap<string, Contact> {
  const contacts = new Map<string, Contact>()
  for (const row of RegisterRecord.read('kontaktregisteret', body, '').records('personer')) {
    const number = row.number('personidentifikator') ?? row.refuse('personidentifikator')
    if (!asked.has(number)) throw new RegisterFault('kontaktregisteret', 'unasked')
    if (contacts.has(number)) row.refuse('personidentifikator')
    contacts.set(number, readContact(row))
  }
  const missing = asked.size - contacts.size
  if (missing > 0) throw new RegisterFault('kontaktregisteret', 'incomplete', `${missing} of ${asked.size} left out`)
  return contacts
}

const STATUSES = new Map([
  ['AKTIV', 'active'],
  ['SLETTET', 'deleted'],
  ['IKKE_REGISTRERT', 'not_registered'],
] as const)

function readContact(row: RegisterRecord): Contact {
  const status = coded(row, 'status', STATUSES) ?? row.refuse('status')
  const reserved = coded(row, 'reservasjon', YES_OR_NO)
  // Someone whom the register knows has always said yes or no, or it has been said for him.
  if (reserved === null && status === 'active') return row.refuse('reservasjon')
  const known = status === 'active' ? row.record('kontaktinformasjon') : null
  const language = row.text('spraak') ?? row.text('sprak')
  return {
    status,
    reserved: reserved ?? false,
    notifiable: coded(row, 'varslingsstatus', NOTIFIABLE),
    language: CONTACT_LANGUAGES.find((each) => each === language) ?? null,
    email: readChannel(known, 'epostadresse'),
    mobile: readChannel(known, 'mobiltelefonnummer'),
  }
}

const YES_OR_NO = new Map([
  ['JA', true],
  ['NEI', false],
] as const)

const NOTIFIABLE = new Map([
  ['KAN_VARSLES', true],
  ['KAN_IKKE_VARSLES', false],
] as const)

function coded<T>(row: RegisterRecord, name: string, codes: ReadonlyMap<string, T>): T | null {
  const code = row.text(name)
  return code === null ? null : (codes.get(code) ?? row.refuse(name))
}

function readChannel(information: RegisterRecord | null, name: string): ContactChannel | null {
  const address = information?.text(name) ?? null
  if (information === null || address === null) return null
  return {
    address,
    updatedAt: information.instant(`${name}_oppdatert`),
    verifiedAt: information.instant(`${name}_sist_verifisert`),
  }
}

const MONTHS_THAT_A_CHANNEL_HOLDS = 18
const DAY = 24 * 3_600_000

/** What a person may be notified by at an instant; null where not by that. */
export interface NoticeChannels {
  readonly email: string | null
  readonly mobile: string | null
}

/**
 * By what this person may be notified then. By nothing when reserved, not active, or not notifiable by the register's own
 * word; else by each channel that the person has written or verified within 18 months (eForvaltningsforskriften § 32).
 */
export function noticeChannels(contact: Contact, instant: Date): NoticeChannels {
  const { status, reserved, notifiable, email, mobile } = contact
  if (status !== 'active' || reserved || notifiable === false) return { email: null, mobile: null }
  return {
    email: email !== null && isRecent(email, instant) ? email.address : null,
    mobile: mobile !== null && isRecent(mobile, instant) ? mobile.address : null,
  }
}

/**
 * Whether the later of the two dates lies within 18 months, by the days of Oslo: it ends as the day begins 18 months later.
 * A channel without a date is too old, and so is one that claims to be confirmed in more than a day from now.
 */
export function isRecent({ updatedAt, verifiedAt }: ContactChannel, instant: Date): boolean {
  const confirmed = Math.max(updatedAt?.getTime() ?? -Infinity, verifiedAt?.getTime() ?? -Infinity)
  if (confirmed === -Infinity || confirmed > instant.getTime() + DAY) return false
  return instant < startOfDay(addMonths(osloDay(new Date(confirmed)), MONTHS_THAT_A_CHANNEL_HOLDS))
}
