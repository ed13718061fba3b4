import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Json } from '../domain/json.js'
import type { Digest } from '../domain/notice.js'
import type { Actor, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { type Contact, type Kontaktregisteret, noticeChannels } from '../registers/kontaktregisteret.js'
import { RegisterFault } from '../registers/register-fault.js'
import type { Database } from '../store/database.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { clock } from '../store/mandate-store.js'
import { firstUseDigest, putFirstUseDigest } from '../store/notice-setting-store.js'
import { numberedPersons } from '../store/party-store.js'
import { writeOnce } from '../store/write-once.js'

/** How a person is reached, and how often he wants to be. */
export class ContactDetails {
  /** @param register null where the installation has none: then no one gets e-mail or SMS. */
  constructor(
    private readonly db: Database,
    private readonly register: Pick<Kontaktregisteret, 'contacts'> | null,
  ) {}

  /**
   * What the register says of this person now, masked, and what he has chosen here. Asked for each time: addresses are
   * not kept.
   *
   * @throws Problem `contact_register_down`.
   */
  async of({ partyId }: Actor): Promise<Json> {
    const contact = await this.lookUp(partyId)
    const by = contact === null ? { email: null, mobile: null } : noticeChannels(contact, new Date())
    return {
      status: contact?.status ?? 'not_asked',
      reserved: contact?.reserved ?? null,
      language: contact?.language ?? null,
      email: channelView(contact?.email?.address ?? null, by.email, maskedMail),
      mobile: channelView(contact?.mobile?.address ?? null, by.mobile, maskedMobile),
      settings: { first_use: await firstUseDigest(this.db, partyId) },
    }
  }

  /** Chooses how often to have an e-mail of first uses. Answers 200 with the choice. */
  choose(actor: Actor, key: string, digest: Digest): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { noticeSettings: digest } }
    return writeOnce(this.db, request, async (tx) => {
      await putFirstUseDigest(tx, actor.partyId, digest)
      const { instant } = await clock(tx)
      const parties = { actor: actor.partyId, principal: actor.partyId, clientId: null }
      const content = { first_use: digest }
      await appendWithChange(
        tx,
        auditEntry({ kind: 'notice_settings_changed', occurredAt: instant, ...parties, content }),
      )
      return { status: 200, etag: null, body: { first_use: digest } }
    })
  }

  /** Null where no register can be asked, or it cannot know the person. */
  private async lookUp(partyId: PartyId): Promise<Contact | null> {
    const [person] = await numberedPersons(this.db, [partyId])
    const number = person?.number ?? null
    if (this.register === null || number === null) return null
    try {
      return (await this.register.contacts([number])).get(number) ?? null
    } catch (cause) {
      if (!(cause instanceof RegisterFault)) throw cause
      throw new Problem('contact_register_down', 'the contact register cannot be asked just now', {}, { cause })
    }
  }
}

function channelView(address: string | null, usable: string | null, mask: (address: string) => string): Json {
  return address === null ? null : { masked: mask(address), used_for_notices: usable !== null }
}

/** `k***@e***.no`: enough for the person to know it by, too little for anyone else. */
function maskedMail(address: string): string {
  const [local = '', domain = ''] = address.split('@')
  const end = domain.includes('.') ? domain.slice(domain.lastIndexOf('.')) : ''
  return `${first(local)}***@${first(domain)}***${end}`
}

function first(text: string): string {
  return Array.from(text)[0] ?? ''
}

function maskedMobile(number: string): string {
  return `*** ** *${number.replaceAll(/\D/g, '').slice(-2)}`
}
