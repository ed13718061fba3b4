import type { Language } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** A text that was shown to the giver and may be confirmed, once, while it lives. `Content` is what it would do. */
export interface Draft<Content> {
  readonly draftId: string
  readonly giver: PartyId
  readonly content: Content
  readonly language: Language
  readonly text: string
  readonly textHash: Buffer
  readonly catalogueVersion: number
  readonly expiresAt: Date
}

const INSERT = statement(
  'insert_draft',
  `insert into mandate_draft (draft_id, giver, content, language, text, text_hash, catalogue_version, expires_at)
   select $1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(mins => $8)
    where (select count(*) from mandate_draft where giver = $2 and created_at > clock_timestamp() - interval '1 hour') < $9
   returning expires_at as "expiresAt"`,
)

/** Keeps a draft for so many minutes. Null when this giver has made too many within the hour. */
export async function insertDraft<Content>(
  db: Queryable,
  draft: Omit<Draft<Content>, 'expiresAt'>,
  minutes: number,
  mostInAnHour: number,
): Promise<Date | null> {
  const { draftId, giver, content, language, text, textHash, catalogueVersion } = draft
  const values = [draftId, giver, JSON.stringify(content), language, text, textHash, catalogueVersion]
  const rows = await db.query<{ expiresAt: Date }>(INSERT, [...values, minutes, mostInAnHour])
  return rows[0]?.expiresAt ?? null
}

const TAKE = statement(
  'take_draft',
  `select draft_id as "draftId", giver, content, language, text, text_hash as "textHash",
          catalogue_version as "catalogueVersion", expires_at as "expiresAt"
     from mandate_draft
    where draft_id = $1 and giver = $2 and confirmed_as is null and expires_at > clock_timestamp()
      for update`,
)

/** The giver's own draft, locked, if it can still be confirmed; else null. */
export async function takeDraft<Content>(
  tx: Transaction,
  draftId: string,
  giver: PartyId,
): Promise<Draft<Content> | null> {
  const rows = await tx.query<Draft<Content>>(TAKE, [draftId, giver])
  return rows[0] ?? null
}

const CONFIRM = statement('confirm_draft', 'update mandate_draft set confirmed_as = $2 where draft_id = $1')

/** Marks the draft as used: it cannot be confirmed a second time. */
export async function confirmDraft(tx: Transaction, draftId: string, mandateId: string): Promise<void> {
  await tx.query(CONFIRM, [draftId, mandateId])
}

const FORGET = statement(
  'forget_drafts',
  `delete from mandate_draft where confirmed_as is null and expires_at < clock_timestamp() - interval '1 day'`,
)

/** Forgets drafts that no one confirmed. */
export async function forgetDrafts(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
