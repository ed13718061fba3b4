import { Problem } from '../domain/problem.js'
import type { Database } from '../store/database.js'
import {
  type Acknowledged,
  type GroundEvent,
  acknowledgeEvents,
  eventRange,
  eventsAfter,
  unacknowledgedEvents,
} from '../store/event-store.js'
import { signSecurityEvent } from './security-event.js'
import type { SigningKeys } from './signing-keys.js'

/** Events read at once; a receiver that takes no more has so many of them in memory here. */
const AT_ONCE = 50
/** So often a silent stream says that it is still there, and looks for itself whether it has missed a notice: milliseconds. */
const HEARTBEAT = 15_000
/** Whoever comes without a cursor is told what concerns tokens that may still be out: seconds, a token's life and some. */
const RECENT_SECONDS = 360
/** Streams of one client at one instance. */
const MOST_STREAMS = 200
/** How long a poll waits for something to tell: milliseconds. */
const LONGEST_POLL = 20_000

/** Part of a stream: an event with its signed token, a place in the stream without one, or a sign of life. */
export type StreamPart =
  | { readonly kind: 'event'; readonly number: number; readonly set: string }
  | { readonly kind: 'place'; readonly number: number }
  | { readonly kind: 'still_here' }

/** What a poll asks for (RFC 8936 section 2.2), and what it acknowledges. */
export interface Poll {
  readonly mostEvents: number
  readonly returnImmediately: boolean
  readonly acknowledged: readonly Acknowledged[]
}

/** RFC 8936 section 2.3: tokens by `jti`, in the order in which they stand. */
export interface Polled {
  readonly sets: Readonly<Record<string, string>>
  readonly moreAvailable: boolean
}

/** When a stream is over. */
export interface Ending {
  /** No later than this. */
  readonly until: Date
  /** And when its receiver has gone. */
  readonly left: AbortSignal
}

/**
 * Hands a client its events out of the database. A stream holds nothing but its place: each reads on only when its
 * receiver has taken what it was given, so one that takes nothing costs one small batch and holds up nobody.
 */
export class EventFeed {
  private readonly news = new News()
  private readonly streams = new Map<string, number>()
  private stopped = false

  constructor(
    private readonly db: Database,
    private readonly keys: SigningKeys,
    private readonly issuer: string,
  ) {}

  /** Has whoever waits for events of this client look for them; null: everyone. */
  wake(clientId: string | null): void {
    this.news.tell(clientId)
  }

  /** Ends all streams, for good. */
  stop(): void {
    this.stopped = true
    this.news.tell(null)
  }

  /**
   * The client's events after the cursor, and from then on each as it comes.
   *
   * @param cursor null: from what may concern tokens that are still out.
   * @throws Problem `cursor_gone` when what comes after the cursor is not kept any more, or there never was such a one;
   * `too_many_requests` when the client has too many streams. Both before the first part.
   */
  async follow(clientId: string, cursor: number | null, ending: Ending): Promise<AsyncGenerator<StreamPart>> {
    const place = await this.placeFor(clientId, cursor)
    if ((this.streams.get(clientId) ?? 0) >= MOST_STREAMS) {
      throw new Problem('too_many_requests', `this client has ${MOST_STREAMS} streams open already`)
    }
    return this.streamFrom(clientId, place, ending)
  }

  /** RFC 8936: takes what is acknowledged off the list, and answers with what is not, the oldest first. */
  async poll(clientId: string, { mostEvents, returnImmediately, acknowledged }: Poll): Promise<Polled> {
    if (acknowledged.length > 0) await acknowledgeEvents(this.db, clientId, acknowledged)
    const until = Date.now() + (returnImmediately || mostEvents === 0 ? 0 : LONGEST_POLL)
    for (;;) {
      const heard = this.news.countFor(clientId)
      const events = await unacknowledgedEvents(this.db, clientId, mostEvents + 1)
      const left = until - Date.now()
      if (events.length === 0 && left > 0 && !this.stopped) {
        await this.news.after(clientId, heard, left)
        continue
      }
      const shown = events.slice(0, mostEvents)
      const sets = await Promise.all(shown.map(async (event) => [event.jti, await this.sign(clientId, event)] as const))
      return { sets: Object.fromEntries(sets), moreAvailable: events.length > shown.length }
    }
  }

  private async placeFor(clientId: string, cursor: number | null): Promise<number> {
    const { last, firstKept, firstRecent } = await eventRange(this.db, clientId, RECENT_SECONDS)
    if (cursor === null) return firstRecent === null ? last : firstRecent - 1
    if (cursor > last || cursor < (firstKept ?? last + 1) - 1) {
      throw new Problem('cursor_gone', 'what comes after this cursor is not kept any more: begin without one')
    }
    return cursor
  }

  private async *streamFrom(clientId: string, place: number, { until, left }: Ending): AsyncGenerator<StreamPart> {
    this.streams.set(clientId, (this.streams.get(clientId) ?? 0) + 1)
    try {
      let number = place
      yield { kind: 'place', number }
      while (!this.stopped && !left.aborted && until.getTime() > Date.now()) {
        // Counted before it is looked, so that nothing is told in between without being heard of.
        const heard = this.news.countFor(clientId)
        const events = await eventsAfter(this.db, clientId, number, AT_ONCE)
        for (const event of events) {
          yield { kind: 'event', number: event.number, set: await this.sign(clientId, event) }
          number = event.number
        }
        const wait = Math.min(HEARTBEAT, until.getTime() - Date.now())
        if (events.length === 0 && !(await this.news.after(clientId, heard, wait, left))) yield { kind: 'still_here' }
      }
    } finally {
      const others = (this.streams.get(clientId) ?? 1) - 1
      if (others === 0) this.streams.delete(clientId)
      else this.streams.set(clientId, others)
    }
  }

  private sign(clientId: string, event: GroundEvent): Promise<string> {
    return signSecurityEvent(this.keys, this.issuer, clientId, event)
  }
}

/** Who waits for which client's events, and how often there were any. */
class News {
  private readonly counts = new Map<string, number>()
  private readonly waiting = new Map<string, Set<() => void>>()
  private forAll = 0

  tell(clientId: string | null): void {
    if (clientId === null) this.forAll++
    else this.counts.set(clientId, (this.counts.get(clientId) ?? 0) + 1)
    const concerned = clientId === null ? [...this.waiting.values()] : [this.waiting.get(clientId) ?? []]
    for (const wake of concerned.flatMap((waiting) => [...waiting])) wake()
  }

  /** How often something has been told to the client: a number to compare. */
  countFor(clientId: string): number {
    return this.forAll + (this.counts.get(clientId) ?? 0)
  }

  /** True as soon as the count is another, or the one who waits has left; false after so many milliseconds without. */
  async after(clientId: string, count: number, milliseconds: number, left?: AbortSignal): Promise<boolean> {
    if (this.countFor(clientId) !== count || left?.aborted === true) return true
    const waiting = this.waiting.get(clientId) ?? new Set()
    this.waiting.set(clientId, waiting)
    return new Promise((resolve) => {
      const done = (woken: boolean): void => {
        clearTimeout(timer)
        left?.removeEventListener('abort', wake)
        waiting.delete(wake)
        if (waiting.size === 0 && this.waiting.get(clientId) === waiting) this.waiting.delete(clientId)
        resolve(woken)
      }
      const wake = (): void => done(true)
      const timer = setTimeout(() => done(false), Math.max(0, milliseconds))
      left?.addEventListener('abort', wake)
      waiting.add(wake)
    })
  }
}
