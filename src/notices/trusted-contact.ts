import { createHmac } from 'node:crypto'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { recordRefusal, refuseSearching } from '../audit/seeking.js'
import type { Identifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import type { Actor, PartyId } from '../domain/party.js'
import { isCalled } from '../domain/person-name.js'
import { Problem } from '../domain/problem.js'
import { canBeTrusted } from '../domain/trusted-contact.js'
import type { Database, Queryable, Transaction } from '../store/database.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { clock } from '../store/mandate-store.js'
import { causeNotices } from '../store/notice-cause-store.js'
import { findParty, namedParties } from '../store/party-store.js'
import {
  type EndedContact,
  type SeenContact,
  hasLaidDown,
  holdTrustedContact,
  insertTrustedContact,
  layDownTrustedContact,
  namedLately,
  takeBackTrustedContact,
  trustedBy,
  whoTrust,
} from '../store/trusted-contact-store.js'
import { writeOnce } from '../store/write-once.js'

/** Each one who is named gets a message: no one sends many of them. Proposed, as is the year after someone has said no. */
const MOST_NAMED_IN_A_DAY = 5

/** Someone as he is named: the family name guards against a mistyped number. */
export interface WantedContact {
  readonly identifier: Identifier
  readonly familyName: string
}

/** The one whom a person trusts, who is told when something weighty happens to his mandates; and for whom one is that. */
export class TrustedContacts {
  constructor(
    private readonly db: Database,
    /** Key under which the numbers of who is named are kept with what was asked. */
    private readonly numberKey: Buffer,
  ) {}

  of({ partyId }: Actor): Promise<Json> {
    return viewOf(this.db, partyId)
  }

  /**
   * Names someone, in the place of whoever was named before; the same one again changes nothing. Answers 201 with both sides.
   *
   * @throws Problem `contact_not_available` where no other adult has this number and name, or who has them laid it down
   * within a year; `too_many_requests`.
   */
  async name(actor: Actor, key: string, wanted: WantedContact): Promise<WriteAnswer> {
    const { scheme, value } = wanted.identifier
    const number = createHmac('sha256', this.numberKey).update(`trusted:${scheme}:${value}`).digest('base64url')
    const content = { trust: number, familyName: wanted.familyName }
    const { instant } = await clock(this.db)
    try {
      return await writeOnce(this.db, { owner: actor.partyId, key, content }, async (tx) => {
        await refuseSearching(tx, actor)
        await holdTrustedContact(tx, actor.partyId)
        const contact = await findContact(tx, actor.partyId, wanted, instant)
        await replace(tx, actor.partyId, contact)
        return { status: 201, etag: null, body: await viewOf(tx, actor.partyId) }
      })
    } catch (refusal) {
      if (refusal instanceof Problem && refusal.code === 'contact_not_available') await recordRefusal(this.db, actor)
      throw refusal
    }
  }

  /** Names no one any more; again changes nothing. The one who was named is told: it may not be of one's own will. */
  takeBack({ partyId }: Actor): Promise<Json> {
    return this.db.transaction(async (tx) => {
      const ended = await takeBackTrustedContact(tx, partyId)
      if (ended !== null) await tellEnd(tx, ended)
      return viewOf(tx, partyId)
    })
  }

  /** The one who was named will not be told; again changes nothing. Whoever named him is told so. @throws Problem `no_such_contact`. */
  layDown({ partyId }: Actor, contactId: string): Promise<Json> {
    return this.db.transaction(async (tx) => {
      const ended = await layDownTrustedContact(tx, partyId, contactId)
      if (ended === null) throw new Problem('no_such_contact', 'no one has named you so')
      if (ended !== 'over') {
        await recordEnd(tx, partyId, ended)
        const told = { partyId: ended.person, subject: contactId, edition: '1', other: partyId }
        await causeNotices(tx, [{ kind: 'contact_laid_down', ...told }])
      }
      return viewOf(tx, partyId)
    })
  }
}

/** @throws Problem `contact_not_available`, whatever it is that stands in the way. */
async function findContact(
  tx: Transaction,
  person: PartyId,
  { identifier, familyName }: WantedContact,
  instant: Date,
): Promise<PartyId> {
  const found = await findParty(tx, identifier)
  const [party] = await namedParties(tx, found === null ? [] : [found])
  if (
    party === undefined ||
    party.partyId === person ||
    !isCalled(party, familyName) ||
    !canBeTrusted(party, instant) ||
    (await hasLaidDown(tx, person, party.partyId))
  ) {
    throw new Problem('contact_not_available', 'no one by that number and name can be named')
  }
  return party.partyId
}

async function replace(tx: Transaction, person: PartyId, contact: PartyId): Promise<void> {
  const before = await trustedBy(tx, person)
  if (before?.partyId === contact) return
  if ((await namedLately(tx, person)) >= MOST_NAMED_IN_A_DAY) {
    throw new Problem('too_many_requests', 'too many were named within a day: wait until tomorrow')
  }
  const ended = await takeBackTrustedContact(tx, person)
  if (ended !== null) await tellEnd(tx, ended)
  const { contactId, at } = await insertTrustedContact(tx, person, contact)
  const who = { actor: person, principal: person, clientId: null }
  const content = { contact_id: contactId, contact }
  await appendWithChange(tx, auditEntry({ kind: 'trusted_contact_named', occurredAt: at, ...who, content }))
  await causeNotices(tx, [{ kind: 'contact_named', partyId: contact, subject: contactId, edition: '1', other: person }])
}

/** Ended by whoever named. */
async function tellEnd(tx: Transaction, ended: EndedContact): Promise<void> {
  const { person, contact, contactId } = ended
  await recordEnd(tx, person, ended)
  const told = { partyId: contact, subject: contactId, edition: '1', other: person }
  await causeNotices(tx, [{ kind: 'contact_no_longer', ...told }])
}

async function recordEnd(tx: Transaction, actor: PartyId, ended: EndedContact): Promise<void> {
  const { contactId, person, contact, at } = ended
  const who = { actor, principal: person, clientId: null }
  const content = { contact_id: contactId, contact }
  await appendWithChange(tx, auditEntry({ kind: 'trusted_contact_ended', occurredAt: at, ...who, content }))
}

async function viewOf(db: Queryable, partyId: PartyId): Promise<Json> {
  const trusted = await trustedBy(db, partyId)
  return {
    trusted_contact: trusted === null ? null : contactView(trusted),
    contact_for: (await whoTrust(db, partyId)).map(contactView),
  }
}

function contactView({ contactId, name, bornYear, namedAt }: SeenContact): Json {
  return { contact_id: contactId, name, born_year: bornYear, named_at: namedAt.toISOString() }
}
