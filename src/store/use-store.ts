import type { ReportedUse, UseOutcome } from '../domain/reported-use.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** A use as it is kept. Nothing of it is ever changed. */
export interface NewUse extends ReportedUse {
  readonly clientId: string
  readonly reportedAt: Date
  /** SHA-256 of what was reported. */
  readonly contentHash: Buffer
}

const INSERT = statement(
  'insert_uses',
  `insert into reported_use (client_id, use_id, evaluation_id, service_id, action, provider, object, outcome, reference,
     happened_at, reported_at, content_hash)
   select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
     $9::text[], $10::timestamptz[], $11::timestamptz[], $12::bytea[])
   on conflict do nothing returning use_id as "useId"`,
)

/**
 * Keeps those that are not there yet, and answers with their ids. One that another transaction is writing is waited for.
 * They are written in order of id, so that two that have some in common do not wait for each other.
 */
export async function insertUses(tx: Transaction, uses: readonly NewUse[]): Promise<ReadonlySet<string>> {
  if (uses.length === 0) return new Set()
  const sorted = uses.toSorted((one, other) => (one.useId < other.useId ? -1 : 1))
  const rows = await tx.query<{ useId: string }>(INSERT, [
    sorted.map(({ clientId }) => clientId),
    sorted.map(({ useId }) => useId),
    sorted.map(({ evaluationId }) => evaluationId),
    sorted.map(({ power }) => power.service),
    sorted.map(({ power }) => power.action),
    sorted.map(({ power }) => power.provider),
    sorted.map(({ power }) => power.object),
    sorted.map(({ outcome }) => outcome),
    sorted.map(({ reference }) => reference),
    sorted.map(({ happenedAt }) => happenedAt.toISOString()),
    sorted.map(({ reportedAt }) => reportedAt.toISOString()),
    sorted.map(({ contentHash }) => contentHash),
  ])
  return new Set(rows.map(({ useId }) => useId))
}

const HASHES = statement(
  'find_uses',
  `select use_id as "useId", content_hash as "contentHash" from reported_use
    where client_id = $1 and use_id = any($2::uuid[])`,
)

/** What this client has reported under these ids: the hash of each that is kept. */
export async function findUses(
  db: Queryable,
  clientId: string,
  useIds: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await db.query<{ useId: string; contentHash: Buffer }>(HASHES, [clientId, [...useIds]])
  return new Map(rows.map(({ useId, contentHash }) => [useId, contentHash]))
}

/** What was reported of one token. */
export interface UsesOfToken extends Readonly<Record<UseOutcome, number>> {
  readonly evaluationId: string
  /** The latest of them, latest first. Times as PostgreSQL writes them in JSON. */
  readonly latest: readonly ShownUse[]
}

export interface ShownUse {
  readonly service: string
  readonly action: string
  readonly provider: string | null
  readonly outcome: UseOutcome
  readonly reference: string | null
  readonly happenedAt: string
  readonly reportedAt: string
}

const OF_TOKENS = statement(
  'uses_of_tokens',
  `select t.evaluation_id as "evaluationId", n.done, n.failed, n.refused, l.latest
     from unnest($1::uuid[]) as t (evaluation_id)
     cross join lateral (
       select count(*) filter (where u.outcome = 'done')::int as done,
              count(*) filter (where u.outcome = 'failed')::int as failed,
              count(*) filter (where u.outcome = 'refused')::int as refused
         from reported_use u where u.evaluation_id = t.evaluation_id) n
     cross join lateral (
       select json_agg(json_build_object('service', u.service_id, 'action', u.action, 'provider', u.provider,
                'outcome', u.outcome, 'reference', u.reference, 'happenedAt', u.happened_at, 'reportedAt', u.reported_at)
                order by u.happened_at desc, u.use_id desc) as latest
         from (select * from reported_use r where r.evaluation_id = t.evaluation_id
                order by r.happened_at desc, r.use_id desc limit $2) u) l
    where l.latest is not null`,
)

/** What was reported of these tokens, at most so many of each; nothing of one of which nothing was. */
export async function usesOfTokens(
  db: Queryable,
  evaluationIds: readonly string[],
  most: number,
): Promise<readonly UsesOfToken[]> {
  if (evaluationIds.length === 0) return []
  return db.query<UsesOfToken>(OF_TOKENS, [[...evaluationIds], most])
}
