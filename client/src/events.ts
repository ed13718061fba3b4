import { safeAddress } from './bounded-fetch.js'
import { type Message, readStream, StreamRefused } from './event-stream.js'
import type { KeySource } from './keys.js'
import { TokenRefused } from './refused.js'
import { type GroundEvent, readSecurityEvent } from './security-event.js'
import type { StatusSource } from './statuses.js'
import { ToldGrounds } from './told-grounds.js'

/** Before coming again, after the first failure and after many: milliseconds. */
const SHORTEST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** A stream that ends sooner than this has failed, whatever it looked like: milliseconds. */
const SHORTEST_STREAM = 5_000
/** Events that are remembered so as not to be told twice. */
const MOST_REMEMBERED = 10_000

export interface EventsOptions {
  /** As in `Expected`: https, or http to this very machine; otherwise TypeError. */
  readonly issuer: string
  /** Under which this service is registered: the audience of its events. */
  readonly clientId: string
  /** Those of the issuer. */
  readonly keys: KeySource
  /** The status lists: what events have not told of they do. */
  readonly statuses: StatusSource
  /** An access token of this service for asking the issuer, fresh each time. */
  readonly accessToken: () => Promise<string>
  /** Called with each event once it has taken effect, for what else hangs on a ground: the service's own sessions. */
  readonly onEvent: (event: GroundEvent) => void
  /** Called with whatever goes wrong; the events are followed on. */
  readonly onFault: (error: unknown) => void
}

export interface FollowedEvents {
  /** For `verify`: refuses at once what an event has told of, and asks the status lists for the rest. */
  readonly statuses: StatusSource
  close(): void
}

/**
 * Follows what the issuer tells this service of its grounds, until it is closed: a token whose ground was ended, frozen,
 * narrowed or changed is refused within a second of it. Comes again by itself after any fault, where it left off. Make one
 * for the life of the process.
 *
 * An event only ever refuses. Where none comes, because the issuer is out of reach or the stream lags, the status lists
 * decide as without it, and a list that is too old is a refusal.
 */
export function followEvents(options: EventsOptions): FollowedEvents {
  safeAddress(new URL(options.issuer), 'followEvents')
  const closing = new AbortController()
  const told = new ToldGrounds()
  void follow(options, told, closing.signal)
  return {
    statuses: async (reference, now, issued) => {
      told.check(issued)
      await options.statuses(reference, now, issued)
      // Once more: it may have been told while a list was fetched that was signed before.
      told.check(issued)
    },
    close: () => closing.abort(),
  }
}

/** Where in the stream we are, and what was told last. */
interface Place {
  cursor: string | undefined
  failures: number
  readonly seen: Set<string>
}

async function follow(options: EventsOptions, told: ToldGrounds, closing: AbortSignal): Promise<void> {
  const place: Place = { cursor: undefined, failures: 0, seen: new Set() }
  while (!closing.aborted) {
    const began = performance.now()
    try {
      await followOnce(options, told, place, closing)
    } catch (error) {
      if (closing.aborted) return
      place.failures = performance.now() - began < SHORTEST_STREAM ? place.failures + 1 : 1
      // What came after this place is not kept any more. The lists have long told of it.
      if (error instanceof StreamRefused && error.status === 410) place.cursor = undefined
      report(options, error)
    }
    if (place.failures > 0) await pause(place.failures, closing)
  }
}

async function followOnce(
  options: EventsOptions,
  told: ToldGrounds,
  place: Place,
  closing: AbortSignal,
): Promise<void> {
  const headers = {
    authorization: `Bearer ${await options.accessToken()}`,
    ...(place.cursor === undefined ? {} : { 'last-event-id': place.cursor }),
  }
  const began = performance.now()
  for await (const message of readStream(`${options.issuer}/v1/events`, headers, closing)) {
    await take(options, told, place, message)
  }
  place.failures = performance.now() - began < SHORTEST_STREAM ? place.failures + 1 : 0
}

async function take(options: EventsOptions, told: ToldGrounds, place: Place, { data, id }: Message): Promise<void> {
  const now = new Date()
  const event = data === undefined ? undefined : await readEvent(options, data, now)
  if (event !== undefined && !place.seen.has(event.eventId)) {
    told.note(event, now)
    remember(place.seen, event.eventId)
    try {
      options.onEvent(event)
    } catch (error) {
      report(options, error)
    }
  }
  // Only now: what was not taken is to be told again.
  if (id !== undefined) place.cursor = id
}

/** Undefined for what will never hold; whoever sends such a thing is reported, and the next one is read. */
async function readEvent(options: EventsOptions, data: string, now: Date): Promise<GroundEvent | undefined> {
  try {
    return await readSecurityEvent(data, options, now)
  } catch (error) {
    if (!(error instanceof TokenRefused) || error.code === 'keys_unavailable' || error.code === 'key') throw error
    report(options, error)
    return undefined
  }
}

function report({ onFault }: EventsOptions, error: unknown): void {
  try {
    onFault(error)
  } catch {
    // Who cannot be told of a fault must not become one.
  }
}

function remember(seen: Set<string>, eventId: string): void {
  seen.add(eventId)
  const [oldest = ''] = seen
  if (seen.size > MOST_REMEMBERED) seen.delete(oldest)
}

/** Twice as long after each failure, and by chance, so that those who were cut off together do not come again together. */
function pause(failures: number, closing: AbortSignal): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** Math.min(failures - 1, 10))
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      closing.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, longest * (0.5 + Math.random() / 2))
    closing.addEventListener('abort', done)
  })
}
