import { type Queryable, statement } from './database.js'

/** An attempt to log in: which browser began it, and what only we know until the provider has answered. */
export interface LoginAttempt {
  /** SHA-256 of what the provider sends back to us and of what the browser holds. */
  readonly stateHash: Buffer
  readonly browserHash: Buffer
  readonly nonce: string
  readonly codeVerifier: string
  /** Where the browser goes afterwards: path, query and fragment within our own origin. */
  readonly returnTo: string
  /** The text that the login confirms; null where it is a login and no more. */
  readonly draftId: string | null
}

/** An attempt as it is taken out again. */
export interface TakenAttempt extends Omit<LoginAttempt, 'stateHash' | 'browserHash'> {
  /** Since it was begun. */
  readonly seconds: number
}

const BEGIN = statement(
  'begin_login_attempt',
  `insert into login_attempt (state_hash, browser_hash, nonce, code_verifier, return_to, draft_id)
   values ($1, $2, $3, $4, $5, $6)`,
)

export async function beginAttempt(db: Queryable, attempt: LoginAttempt): Promise<void> {
  const { stateHash, browserHash, nonce, codeVerifier, returnTo, draftId } = attempt
  await db.query(BEGIN, [stateHash, browserHash, nonce, codeVerifier, returnTo, draftId])
}

const TAKE = statement(
  'take_login_attempt',
  `delete from login_attempt
    where state_hash = $1 and browser_hash = $2 and created_at > clock_timestamp() - interval '10 minutes'
   returning nonce, code_verifier as "codeVerifier", return_to as "returnTo", draft_id as "draftId",
             extract(epoch from clock_timestamp() - created_at)::float8 as seconds`,
)

/**
 * Takes the attempt out, so that of two callers at most one gets it. Null when there is none, it is older than ten
 * minutes, or another browser began it; then it stays, so that no one can spoil another's login.
 */
export async function takeAttempt(
  db: Queryable,
  stateHash: Buffer,
  browserHash: Buffer,
): Promise<TakenAttempt | null> {
  const rows = await db.query<TakenAttempt>(TAKE, [stateHash, browserHash])
  return rows[0] ?? null
}

const FORGET = statement(
  'forget_login_attempts',
  `delete from login_attempt where created_at < clock_timestamp() - interval '10 minutes'`,
)

/** Forgets the attempts that can no longer succeed. */
export async function forgetOldAttempts(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
