import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { NoticeSentences } from '../domain/notice-text.js'
import { type Kontaktregisteret, type Contact, noticeChannels } from '../registers/kontaktregisteret.js'
import type { Database } from '../store/database.js'
import {
  type ClaimedDelivery,
  type DeliveryEnd,
  claimDeliveries,
  endDeliveries,
  putOffDeliveries,
} from '../store/notice-delivery-store.js'
import { numberedPersons } from '../store/party-store.js'
import type { Carrier, Message } from './carrier.js'

/** Taken at once, and asked for in one question to the register. */
const AT_ONCE = 25
const SIDE_BY_SIDE = 5
/** Longer than all of them can take: milliseconds. */
const LEASE = 10 * 60_000
const FIRST_WAIT = 60_000
const LONGEST_WAIT = 4 * 3_600_000
/** What cannot be sent within three days is news no more; it stands in the inbox. */
const LONGEST_TRIED = 3 * 24 * 3_600_000
/** Between two looks at what is due: milliseconds. */
const BEAT = 2_000

export interface Sending {
  readonly db: Database
  readonly contacts: Pick<Kontaktregisteret, 'contacts'>
  readonly carrier: Carrier
  readonly sentences: NoticeSentences
  /** Where people log in. */
  readonly address: string
  readonly onFault: (error: unknown) => void
  /** For tests: how long a claim holds, milliseconds. */
  readonly lease?: number
}

/**
 * Sends what is due by one channel from now on, beside all other instances: each message is claimed before it is sent. A
 * channel that is down holds up no other, and no one who changes something. Returns what stops it.
 */
export function keepSending(sending: Sending): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const taken = await sendDue(sending, signal).catch((error: unknown) => {
        sending.onFault(error)
        return 0
      })
      if (taken < AT_ONCE) await setTimeout(BEAT, undefined, { signal }).catch(() => undefined)
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
    sending.carrier.close()
  }
}

/**
 * Takes some of what is due, looks up in one question where each person may be reached, and sends. The address lives no
 * longer than this. Who is stopped between a sending and its record sends the same message again under the same id.
 *
 * @returns how many were taken.
 */
export async function sendDue(sending: Sending, signal?: AbortSignal): Promise<number> {
  const { db, carrier } = sending
  const claim = randomUUID()
  const claimed = await claimDeliveries(db, carrier.channel, AT_ONCE, claim, sending.lease ?? LEASE)
  if (claimed.length === 0) return 0
  const contacts = await contactsOf(sending, claimed).catch(async (error: unknown) => {
    await putOff(db, claimed, claim)
    throw error
  })
  const ready = await settle(sending, claimed, contacts, claim)
  for (let start = 0; start < ready.length; start += SIDE_BY_SIDE) {
    const some = ready.slice(start, start + SIDE_BY_SIDE)
    const outcomes = await Promise.all(some.map((one) => sendOne(sending, one, claim)))
    const left = ready.slice(start + SIDE_BY_SIDE).map(({ delivery }) => delivery)
    if (outcomes.includes('down')) {
      await putOff(db, left, claim)
      break
    }
    if (signal?.aborted === true) {
      await putOffDeliveries(
        db,
        left.map(({ deliveryId }) => ({ deliveryId, milliseconds: 0 })),
        claim,
      )
      break
    }
  }
  return claimed.length
}

interface Ready {
  readonly delivery: ClaimedDelivery
  readonly message: Message
}

type Contacts = ReadonlyMap<string, Contact>

/** What the register says of each, by party. Of whom no number is known, nothing. */
async function contactsOf({ db, contacts }: Sending, claimed: readonly ClaimedDelivery[]): Promise<Contacts> {
  const persons = await numberedPersons(db, [...new Set(claimed.map(({ partyId }) => partyId))])
  const numbers = persons.flatMap(({ number }) => (number === null ? [] : [number]))
  const found = numbers.length === 0 ? new Map<string, Contact>() : await contacts.contacts(numbers)
  return new Map(
    persons.flatMap(({ partyId, number }) => {
      const contact = found.get(number ?? '')
      return contact === undefined ? [] : [[partyId, contact] as const]
    }),
  )
}

/** Notes those that need not or cannot go, and gives the others their words. */
async function settle(
  { db, carrier, sentences, address }: Sending,
  claimed: readonly ClaimedDelivery[],
  contacts: Contacts,
  claim: string,
): Promise<Ready[]> {
  const now = new Date()
  const ready: Ready[] = []
  const ends: Record<'not_needed' | 'not_reachable', string[]> = { not_needed: [], not_reachable: [] }
  for (const delivery of claimed) {
    const { deliveryId, partyId, createdAt } = delivery
    const contact = contacts.get(partyId)
    const by = contact === undefined ? { email: null, mobile: null } : noticeChannels(contact, now)
    const email = by.email !== null && isMailAddress(by.email) ? by.email : null
    const to = carrier.channel === 'email' ? email : mobileNumber(by.mobile)
    if (delivery.insteadOfEmail && email !== null) ends.not_needed.push(deliveryId)
    else if (to === null) ends.not_reachable.push(deliveryId)
    else {
      const language = contact?.language ?? 'nb'
      const text = carrier.channel === 'email' ? sentences.mail_text : sentences.sms_text
      const words = { subject: sentences.mail_subject[language], text: text[language].replace('{address}', address) }
      ready.push({ delivery, message: { id: deliveryId, writtenAt: createdAt, to, language, ...words } })
    }
  }
  await endDeliveries(db, ends.not_needed, claim, 'not_needed')
  await endDeliveries(db, ends.not_reachable, claim, 'not_reachable')
  return ready
}

async function sendOne({ db, carrier }: Sending, { delivery, message }: Ready, claim: string) {
  const outcome = await carrier.send(message)
  if (outcome === 'sent' || outcome === 'refused') await endDeliveries(db, [delivery.deliveryId], claim, outcome)
  else await putOff(db, [delivery], claim)
  return outcome
}

/** To be tried later, each time twice as long, or never again. */
async function putOff(db: Database, deliveries: readonly ClaimedDelivery[], claim: string): Promise<void> {
  const isOld = ({ createdAt }: ClaimedDelivery): boolean => Date.now() - createdAt.getTime() > LONGEST_TRIED
  const end: DeliveryEnd = 'given_up'
  const old = deliveries.filter(isOld).map(({ deliveryId }) => deliveryId)
  await endDeliveries(db, old, claim, end)
  const later = deliveries
    .filter((delivery) => !isOld(delivery))
    .map(({ deliveryId, attempts }) => ({
      deliveryId,
      milliseconds: Math.min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT),
    }))
  await putOffDeliveries(db, later, claim)
}

/** One address and nothing besides: the register's text goes into the envelope of a mail. */
function isMailAddress(text: string): boolean {
  return /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,190}$/u.test(text)
}

/** With its country, without spaces; null when it is no number. The register writes Norwegian ones with or without `+47`. */
function mobileNumber(text: string | null): string | null {
  const digits = text?.replaceAll(/[\s-]/g, '') ?? ''
  if (/^\d{8}$/.test(digits)) return `+47${digits}`
  const international = digits.replace(/^00/, '+')
  return /^\+[1-9]\d{6,14}$/.test(international) ? international : null
}
