import type { Decision } from '../domain/decide.js'

/** Where a page begins, and how many it may find. */
export interface Page {
  /** The key of the last one that the page before has looked at; null for the first page. */
  readonly after: string | null
  readonly limit: number
}

interface Candidate {
  readonly key: string
  readonly decision: Decision
}

/** What one page is made of. */
interface PageFound<One> {
  /** All that was looked at for it, the noes among them: the next page begins after the last of these. */
  readonly looked: readonly One[]
  readonly yes: readonly One[]
  /** The key after which the next page begins; null when there is none. */
  readonly after: string | null
}

/**
 * Fills a page with those who were allowed, in their order. It says that there are more only when there is another yes, or
 * when not all candidates have been gathered: how many noes there are is not told.
 *
 * @param complete whether the candidates are all there are.
 */
export function pageOf<One extends Candidate>(
  candidates: readonly One[],
  limit: number,
  complete: boolean,
): PageFound<One> {
  const yes = candidates.filter(({ decision }) => decision.allowed)
  const last = yes[limit - 1]
  if (yes.length > limit && last !== undefined) {
    return { looked: candidates.slice(0, candidates.indexOf(last) + 1), yes: yes.slice(0, limit), after: last.key }
  }
  return { looked: candidates, yes, after: complete ? null : (candidates.at(-1)?.key ?? null) }
}
