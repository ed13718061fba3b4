import { setTimeout } from 'node:timers/promises'
import type { Queryable } from './database.js'
import { OfficeConnection } from './office-connection.js'

/** How often whoever does not hold the office asks for it, and whoever holds it looks whether he still does: milliseconds. */
const LOOK = 1_000

export interface OfficeOptions {
  readonly databaseUrl: string
  readonly office: string
  /** What is said on this channel of the database wakes the holder. */
  readonly channel: string
  /** The work is done once in this time, woken or not: milliseconds. */
  readonly beat: number
  /** And this long passes between the end of one and the beginning of the next: milliseconds. */
  readonly leastPause: number
  /** Whatever it writes goes through the connection that holds the office. */
  readonly work: (office: Queryable) => Promise<void>
  /** Whether the work must be done anew though nothing on the channel said so. Asked each second. */
  readonly isOutdated?: () => boolean
  readonly onFault: (error: unknown) => void
  /** How long the holder may hang before the office is taken from him, where not as long as is usual: milliseconds. */
  readonly silence?: number | undefined
}

/**
 * Keeps the work of an office done, together with all other instances: one of them holds the office and does it, when
 * woken and by the clock; when it is gone another takes over. Fulfilled when the office has been asked for once, and where
 * it was free, when the work has been done. Returns what stops it.
 */
export async function keepOffice(options: OfficeOptions): Promise<() => Promise<void>> {
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<void> = Promise.resolve()
  await new Promise<void>((begun) => {
    running = serve(options, signal, begun)
  })
  return async () => {
    stopping.abort()
    await running
  }
}

async function serve(options: OfficeOptions, signal: AbortSignal, begun: () => void): Promise<void> {
  while (!signal.aborted) {
    await serveWhileConnected(options, signal, begun).catch((error: unknown) => {
      if (!signal.aborted) options.onFault(error)
    })
    begun()
    await pause(LOOK, signal)
  }
}

async function serveWhileConnected(options: OfficeOptions, signal: AbortSignal, begun: () => void): Promise<void> {
  const office = await OfficeConnection.open(options.databaseUrl, options.silence)
  const close = (): void => void office.close()
  signal.addEventListener('abort', close)
  try {
    while (!signal.aborted && !(await office.take(options.office, options.channel))) {
      begun()
      await pause(LOOK, signal)
    }
    while (!signal.aborted) {
      const began = performance.now()
      office.settle()
      await options.work(office)
      begun()
      await pause(options.leastPause, signal)
      await somethingToDo(office, began + options.beat, options.isOutdated)
    }
  } finally {
    signal.removeEventListener('abort', close)
    await office.close()
  }
}

/** Waits for a change or the beat. The questions in between keep the office: PostgreSQL takes it from who is silent. */
async function somethingToDo(
  office: OfficeConnection,
  until: number,
  isOutdated: OfficeOptions['isOutdated'],
): Promise<void> {
  for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
    if (isOutdated?.() === true || (await office.isWoken(Math.min(LOOK, left)))) return
    await office.query({ name: 'still_here', text: 'select' }, [])
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
}
