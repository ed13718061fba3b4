import { setTimeout as pause } from 'node:timers/promises'
import { safeAddress } from './bounded-fetch.js'
import { postUses } from './report-request.js'
import { type ReportedUse, type Use, reportedUse } from './reported-use.js'
import type { VerifiedToken } from './verify.js'

export type { Outcome, ReportedUse, Use } from './reported-use.js'

export interface ReporterSettings {
  /** As in `Expected`: https, or http to this very machine. */
  readonly issuer: string
  /** An access token of this service for asking (`/oauth/token`, client credentials). Asked for before each request. */
  readonly token: () => Promise<string>
  /**
   * Is told of each use that will not be reported: `buffer_full` (the oldest goes when 10 000 wait), `closed`, or the code
   * with which the issuer refused it, for good. What it throws is caught by nobody.
   */
  readonly onLost: (use: ReportedUse, why: string) => void
  /** What an earlier reporter gave back at its close. */
  readonly left?: readonly ReportedUse[]
}

export interface Reporter {
  /**
   * Takes the use in hand and returns at once, whatever state the issuer is in. Throws TypeError for what no use can be.
   */
  report(token: Pick<VerifiedToken, 'evaluationId' | 'power'>, use: Use): void
  /** For a service's own watch: how many uses wait, how often it has failed in a row, and at what the last time. */
  state(): { readonly waiting: number; readonly failures: number; readonly lastError: unknown }
  /**
   * Takes no more uses, sends what waits, and gives back what could not be delivered within so many milliseconds. One
   * whose answer did not come is among them; when it is sent again, it is still one use.
   */
  close(milliseconds: number): Promise<readonly ReportedUse[]>
}

/** What comes within this time goes in one request. */
const GATHERED_MS = 100
const MOST_IN_ONE_REQUEST = 50
const MOST_WAITING = 10_000
const LONGEST_REFERENCE = 100

/** After the first failure; twice as long after each one that follows, and up to half of it less, by chance. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/**
 * Reports what is done under delegation tokens, so that the one who is represented sees not only what was allowed. Make
 * one for the life of the process, and close it at its end.
 *
 * Uses are gathered and sent in the background, at least once each, under an id by which the issuer knows them again.
 * While the issuer is out of reach they wait in memory, in no file: what a process that dies had not sent is gone. The
 * issuer takes a use until seven days after its token ran out.
 */
export function reporter({ issuer, token, onLost, left = [] }: ReporterSettings): Reporter {
  const address = safeAddress(new URL(`${issuer}/v1/uses`), 'reporter')
  if (typeof token !== 'function' || typeof onLost !== 'function')
    throw new TypeError('reporter: "token" or "onLost" is missing')
  const queue: ReportedUse[] = [...left]
  const closing = new AbortController()
  let sent: readonly ReportedUse[] = []
  let atOnce = MOST_IN_ONE_REQUEST
  let failures = 0
  let lastError: unknown
  let timer: NodeJS.Timeout | undefined
  let underway: Promise<void> | undefined
  let closed: Promise<readonly ReportedUse[]> | undefined

  function lose(use: ReportedUse, why: string): void {
    // Later, so that no fault of the one who is told gets into a request, or between a batch and its answer.
    queueMicrotask(() => onLost(use, why))
  }

  function add(use: ReportedUse): void {
    queue.push(use)
    const oldest = queue.length + sent.length > MOST_WAITING ? queue.shift() : undefined
    if (oldest !== undefined) lose(oldest, 'buffer_full')
    plan()
  }

  async function send(): Promise<void> {
    sent = queue.splice(0, atOnce)
    try {
      const refused = await postUses(address, token, sent, closing.signal)
      failures = 0
      if (refused === 'unreadable') isolate(sent)
      else {
        atOnce = Math.min(atOnce * 2, MOST_IN_ONE_REQUEST)
        for (const use of sent) {
          const why = refused.get(use.use_id)
          if (why !== undefined) lose(use, why)
        }
      }
    } catch (error) {
      // Whatever it was, the uses are still here, and are sent again.
      failures += 1
      lastError = error
      queue.unshift(...sent)
    } finally {
      sent = []
    }
  }

  /** One of these cannot be read: sent one by one, it holds up no other. */
  function isolate(uses: readonly ReportedUse[]): void {
    const [only, ...others] = uses
    if (only !== undefined && others.length === 0) lose(only, 'invalid_request')
    else queue.unshift(...uses)
    atOnce = 1
  }

  function plan(): void {
    if (timer !== undefined || underway !== undefined || closed !== undefined || queue.length === 0) return
    const wait = failures > 0 ? pauseAfter(failures) : queue.length < atOnce ? GATHERED_MS : 0
    timer = setTimeout(() => {
      timer = undefined
      underway = send().finally(() => {
        underway = undefined
        plan()
      })
    }, wait)
    // The process may end without us: whoever wants to wait calls `close`.
    timer.unref()
  }

  async function finish(milliseconds: number): Promise<readonly ReportedUse[]> {
    clearTimeout(timer)
    const end = setTimeout(() => closing.abort(), milliseconds)
    await underway
    failures = 0
    while (queue.length > 0 && !closing.signal.aborted) {
      await send()
      // At the end of the time the pause ends by an error, and so does the loop.
      if (failures > 0) await pause(pauseAfter(failures), null, { signal: closing.signal }).catch(() => null)
    }
    clearTimeout(end)
    return queue.splice(0)
  }

  plan()
  return {
    report(verified, use) {
      const reported = reportedUse(verified, use)
      const isTooLong = (reported.reference ?? '').length > LONGEST_REFERENCE
      if (closed !== undefined || isTooLong) lose(reported, isTooLong ? 'reference_not_allowed' : 'closed')
      else add(reported)
    },
    state: () => ({ waiting: queue.length + sent.length, failures, lastError: failures > 0 ? lastError : undefined }),
    close: (milliseconds) => (closed ??= finish(milliseconds)),
  }
}

function pauseAfter(failures: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
  return pause * (1 - Math.random() / 2)
}
