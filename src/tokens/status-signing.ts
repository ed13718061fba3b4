import { setTimeout } from 'node:timers/promises'
import type { Queryable } from '../store/database.js'
import { OfficeConnection } from '../store/office-connection.js'
import { plantDecoys, tendStatusLists } from '../store/status-entry-store.js'
import { type SetEntries, publishStatusList, readStatuses } from '../store/status-list-store.js'
import { newDecoys } from './decoys.js'
import type { SigningKeys } from './signing-keys.js'
import { signStatusList } from './status-list.js'

/** The lists are signed once in this time, changed or not: milliseconds. */
const BEAT = 25_000
/** And at most once in this one. */
const LEAST_PAUSE = 1_000
/** How often whoever does not hold the office asks for it, and whoever holds it looks whether he still does. */
const LOOK = 1_000

export interface SigningOptions {
  readonly databaseUrl: string
  readonly keys: SigningKeys
  readonly issuer: string
  readonly onFault: (error: unknown) => void
}

/**
 * Keeps the status lists signed, together with all other instances: one of them holds the office and signs, within a
 * second of a change and by the clock; when it is gone another takes over. Fulfilled when the office has been asked for
 * once, and where it was free, when the lists have been signed. Returns what stops it.
 */
export async function keepSigning(options: SigningOptions): Promise<() => Promise<void>> {
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

async function serve(options: SigningOptions, signal: AbortSignal, begun: () => void): Promise<void> {
  while (!signal.aborted) {
    await serveWhileConnected(options, signal, begun).catch((error: unknown) => {
      if (!signal.aborted) options.onFault(error)
    })
    begun()
    await pause(LOOK, signal)
  }
}

async function serveWhileConnected(options: SigningOptions, signal: AbortSignal, begun: () => void): Promise<void> {
  const office = await OfficeConnection.open(options.databaseUrl)
  const close = (): void => void office.close()
  signal.addEventListener('abort', close)
  try {
    while (!signal.aborted && !(await office.take('status_lists', 'grounds_changed'))) {
      begun()
      await pause(LOOK, signal)
    }
    while (!signal.aborted) {
      const began = performance.now()
      const kid = options.keys.activeKid('statuslist+jwt')
      office.settle()
      await signLists(office, options)
      begun()
      await pause(LEAST_PAUSE, signal)
      await somethingToSign(office, began, () => options.keys.activeKid('statuslist+jwt') !== kid)
    }
  } finally {
    signal.removeEventListener('abort', close)
    await office.close()
  }
}

/**
 * Waits for a change, another key or the beat. The questions in between keep the office: PostgreSQL takes it from who is
 * silent.
 */
async function somethingToSign(office: OfficeConnection, began: number, isOtherKey: () => boolean): Promise<void> {
  while (performance.now() - began < BEAT && !isOtherKey()) {
    if (await office.isWoken(LOOK)) return
    await office.query({ name: 'still_here', text: 'select' }, [])
  }
}

/** Makes all lists anew from the grounds as they stand. For whoever holds the office. */
export async function signLists(
  office: Queryable,
  { keys, issuer }: Pick<SigningOptions, 'keys' | 'issuer'>,
): Promise<void> {
  await tendStatusLists(office)
  const { instant, lists } = await readStatuses(office)
  for (const list of lists) {
    const token = await signStatusList(keys, issuer, await withDecoys(office, list), instant)
    await publishStatusList(office, { listId: list.listId, token, signedAt: instant })
  }
}

async function withDecoys(office: Queryable, { listId, set, decoys }: SetEntries): Promise<SetEntries> {
  const wanted = newDecoys(decoys)
  const planted = new Set(await plantDecoys(office, listId, wanted))
  // An index drawn twice was planted once, as either; which one shows until the next signing is all the same.
  const shown = wanted.filter(({ index }) => planted.delete(index))
  return { listId, set: [...set, ...shown], decoys: decoys + shown.length }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
}
