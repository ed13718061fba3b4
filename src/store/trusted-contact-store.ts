import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { SeenParty } from './mandate-view-store.js'

/** A naming as either of the two sees it: with the other one. */
export interface SeenContact extends Pick<SeenParty, 'name' | 'bornYear'> {
  readonly contactId: string
  readonly partyId: PartyId
  readonly namedAt: Date
}

const seen = (self: string, other: string): string =>
  `select c.contact_id as "contactId", c.${other} as "partyId", c.named_at as "namedAt", coalesce(f.name, '') as name,
          extract(year from f.born_on)::int as "bornYear"
     from trusted_contact c left join party_fact f on f.party_id = c.${other} and upper_inf(f.recorded)
    where c.${self} = $1 and c.ended_at is null and f.died_on is null
    order by c.named_at`

const TRUSTED = statement('see_trusted_contact', seen('person', 'contact'))
const TRUSTING = statement('see_who_trusts', seen('contact', 'person'))

/** Whom this person trusts now; null when no one, or one who has died. */
export async function trustedBy(db: Queryable, person: PartyId): Promise<SeenContact | null> {
  const [one] = await db.query<SeenContact>(TRUSTED, [person])
  return one ?? null
}

/** The living who trust this one now, the first first. */
export function whoTrust(db: Queryable, contact: PartyId): Promise<SeenContact[]> {
  return db.query<SeenContact>(TRUSTING, [contact])
}

const HOLD = statement(
  'hold_trusted_contact',
  `select pg_advisory_xact_lock(hashtextextended('trusted contact' || $1::uuid::text, 0))`,
)

/** Until the transaction ends no one else names anyone for this person. */
export async function holdTrustedContact(tx: Transaction, person: PartyId): Promise<void> {
  await tx.query(HOLD, [person])
}

const NAMED_LATELY = statement(
  'count_named_lately',
  `select count(*)::int as count from trusted_contact where person = $1 and named_at > clock_timestamp() - interval '1 day'`,
)

/** How many this person has named within a day. */
export async function namedLately(db: Queryable, person: PartyId): Promise<number> {
  const [row] = await db.query<{ count: number }>(NAMED_LATELY, [person])
  return row?.count ?? 0
}

const HAS_DECLINED = statement(
  'has_laid_down',
  `select exists (select from trusted_contact where person = $1 and contact = $2 and ended_by = contact
                     and ended_at > clock_timestamp() - interval '1 year') as declined`,
)

/** Whether the one who was named has laid it down within a year. */
export async function hasLaidDown(db: Queryable, person: PartyId, contact: PartyId): Promise<boolean> {
  const [row] = await db.query<{ declined: boolean }>(HAS_DECLINED, [person, contact])
  return row?.declined === true
}

const NAME = statement(
  'name_trusted_contact',
  `insert into trusted_contact (person, contact) values ($1, $2) returning contact_id as "contactId", named_at as at`,
)

/** Names someone for a person who has no one. */
export async function insertTrustedContact(
  tx: Transaction,
  person: PartyId,
  contact: PartyId,
): Promise<{ readonly contactId: string; readonly at: Date }> {
  const [row] = await tx.query<{ contactId: string; at: Date }>(NAME, [person, contact])
  if (row === undefined) throw new Error('no one was named')
  return row
}

/** A naming that has just come to its end. */
export interface EndedContact {
  readonly contactId: string
  readonly person: PartyId
  readonly contact: PartyId
  readonly at: Date
}

const ended = (which: string): string =>
  `update trusted_contact set ended_at = clock_timestamp(), ended_by = $1 where ${which} and ended_at is null
   returning contact_id as "contactId", person, contact, ended_at as at`

const TAKE_BACK = statement('take_back_trusted_contact', ended('person = $1'))
const LAY_DOWN = statement('lay_down_trusted_contact', ended('contact = $1 and contact_id = $2'))

/** Null when this person has named no one. Of two at once one ends it. */
export async function takeBackTrustedContact(tx: Transaction, person: PartyId): Promise<EndedContact | null> {
  const [row] = await tx.query<EndedContact>(TAKE_BACK, [person])
  return row ?? null
}

const WAS_NAMED = statement(
  'was_named_trusted_contact',
  'select exists (select from trusted_contact where contact = $1 and contact_id = $2) as was',
)

/** @returns `over` when it has ended already; null when this one was never named so. Of two at once one ends it. */
export async function layDownTrustedContact(
  tx: Transaction,
  contact: PartyId,
  contactId: string,
): Promise<EndedContact | 'over' | null> {
  const [row] = await tx.query<EndedContact>(LAY_DOWN, [contact, contactId])
  if (row !== undefined) return row
  const [found] = await tx.query<{ was: boolean }>(WAS_NAMED, [contact, contactId])
  return found?.was === true ? 'over' : null
}

const FORGET = statement(
  'forget_old_trusted_contacts',
  `delete from trusted_contact where ended_at < clock_timestamp() - interval '3 years'`,
)

/** Forgets whom someone trusted once, when the notices of it are forgotten too. */
export async function forgetOldTrustedContacts(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
