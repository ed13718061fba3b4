import type { JWK } from 'jose'
import type { AssuranceLevel, Language } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { ProviderAnswer } from './evidence-store.js'

/** How the login must be whose answer confirms a text. */
export interface AskedLogin {
  readonly level: Extract<AssuranceLevel, 'substantial' | 'high'>
  /** Whether the person has to log in anew, however lately that was done. */
  readonly isNew: boolean
}

/** A text that was shown to someone and may be confirmed, once, while it lives. `Content` is what it would do. */
export interface Draft<Content> {
  readonly draftId: string
  readonly owner: PartyId
  readonly content: Content
  readonly language: Language
  readonly text: string
  readonly textHash: Buffer
  readonly catalogueVersion: number
  readonly login: AskedLogin
  readonly expiresAt: Date
}

/** A draft, what the login provider has answered to it, and what it has become. */
export interface KnownDraft<Content> extends Draft<Content> {
  readonly answer: ProviderAnswer | null
  readonly isExpired: boolean
  /** The mandate it was confirmed as; null where it was not. */
  readonly confirmedAs: string | null
}

const INSERT = statement(
  'insert_draft',
  `insert into mandate_draft (draft_id, giver, content, language, text, text_hash, catalogue_version, level, new_login, expires_at)
   select $1, $2, $3, $4, $5, $6, $7, $10, $11, clock_timestamp() + make_interval(mins => $8)
    where (select count(*) from mandate_draft where giver = $2 and created_at > clock_timestamp() - interval '1 hour') < $9
   returning expires_at as "expiresAt"`,
)

/** Keeps a draft for so many minutes. Null when its owner has made too many within the hour. */
export async function insertDraft<Content>(
  db: Queryable,
  draft: Omit<Draft<Content>, 'expiresAt'>,
  minutes: number,
  mostInAnHour: number,
): Promise<Date | null> {
  const { draftId, owner, content, language, text, textHash, catalogueVersion, login } = draft
  const values = [draftId, owner, JSON.stringify(content), language, text, textHash, catalogueVersion]
  const rows = await db.query<{ expiresAt: Date }>(INSERT, [
    ...[...values, minutes, mostInAnHour],
    ...[login.level, login.isNew],
  ])
  return rows[0]?.expiresAt ?? null
}

const SELECT = `
  select draft_id as "draftId", giver as owner, content, language, text, text_hash as "textHash",
         catalogue_version as "catalogueVersion", expires_at as "expiresAt", level, new_login as "isNew",
         id_token as "idToken", provider_key as "providerKey", answered_at as "answeredAt",
         expires_at <= clock_timestamp() as "isExpired", confirmed_as as "confirmedAs"
    from mandate_draft`

interface Row<Content> extends Omit<KnownDraft<Content>, 'login' | 'answer'>, AskedLogin {
  readonly idToken: string | null
  readonly providerKey: JWK | null
  readonly answeredAt: Date | null
}

function draftOf<Content>(row: Row<Content>): KnownDraft<Content> {
  const { level, isNew, idToken, providerKey, answeredAt, ...draft } = row
  const isAnswered = idToken !== null && providerKey !== null && answeredAt !== null
  return { ...draft, login: { level, isNew }, answer: isAnswered ? { idToken, providerKey, answeredAt } : null }
}

const SEE = statement('see_draft', `${SELECT} where draft_id = $1 and giver = $2`)

/** The person's own draft, whatever has become of it; null also when it is another's. */
export async function seeDraft<Content>(
  db: Queryable,
  draftId: string,
  owner: PartyId,
): Promise<KnownDraft<Content> | null> {
  const [row] = await db.query<Row<Content>>(SEE, [draftId, owner])
  return row === undefined ? null : draftOf(row)
}

const TAKE = statement(
  'take_draft',
  `${SELECT} where draft_id = $1 and giver = $2 and confirmed_as is null and expires_at > clock_timestamp() for update`,
)

/** The person's own draft, locked, if it can still be confirmed; else null. */
export async function takeDraft<Content>(
  tx: Transaction,
  draftId: string,
  owner: PartyId,
): Promise<KnownDraft<Content> | null> {
  const [row] = await tx.query<Row<Content>>(TAKE, [draftId, owner])
  return row === undefined ? null : draftOf(row)
}

const ANSWER = statement(
  'answer_draft',
  `update mandate_draft set id_token = $3, provider_key = $4, answered_at = $5
    where draft_id = $1 and giver = $2 and text_hash = $6 and confirmed_as is null and expires_at > clock_timestamp()
   returning draft_id`,
)

/** Keeps the provider's answer to the draft's very text. False where the draft is another's, over, or of another text. */
export async function answerDraft(
  db: Queryable,
  draftId: string,
  owner: PartyId,
  textHash: Buffer,
  { idToken, providerKey, answeredAt }: ProviderAnswer,
): Promise<boolean> {
  const answer = [idToken, JSON.stringify(providerKey), answeredAt.toISOString()]
  return (await db.query(ANSWER, [draftId, owner, ...answer, textHash])).length === 1
}

const CONFIRM = statement(
  'confirm_draft',
  `update mandate_draft set confirmed_as = $2, id_token = null, provider_key = null, answered_at = null
    where draft_id = $1`,
)

/** Marks the draft as used: it cannot be confirmed a second time. The provider's answer is with the mandate by now. */
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
