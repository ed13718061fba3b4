import type { Queryable } from '../store/database.js'
import { plantDecoys, tendStatusLists } from '../store/status-entry-store.js'
import { type SetEntries, publishStatusList, readStatuses } from '../store/status-list-store.js'
import { newDecoys } from './decoys.js'
import { keepOffice } from '../store/office.js'
import type { SigningKeys } from './signing-keys.js'
import { signStatusList } from './status-list.js'

/** The lists are signed once in this time, changed or not: milliseconds. */
const BEAT = 25_000
/** And at most once in this one. */
const LEAST_PAUSE = 1_000

export interface SigningOptions {
  readonly databaseUrl: string
  readonly keys: SigningKeys
  readonly issuer: string
  readonly onFault: (error: unknown) => void
  /** How long one may hang before the office is taken from him, where not as long as is usual: milliseconds. */
  readonly silence?: number
}

/**
 * Keeps the status lists signed, together with all other instances: within a second of a change, and by the clock.
 * Fulfilled when the office has been asked for once, and where it was free, when the lists have been signed. Returns what
 * stops it.
 */
export function keepSigning(options: SigningOptions): Promise<() => Promise<void>> {
  const { databaseUrl, onFault, silence } = options
  let kid: string | null = null
  const work = async (office: Queryable): Promise<void> => {
    kid = options.keys.activeKid('statuslist+jwt')
    await signLists(office, options)
  }
  const isOutdated = (): boolean => options.keys.activeKid('statuslist+jwt') !== kid
  const rhythm = { beat: BEAT, leastPause: LEAST_PAUSE }
  return keepOffice({
    databaseUrl,
    office: 'status_lists',
    channel: 'grounds_changed',
    ...rhythm,
    work,
    isOutdated,
    onFault,
    silence,
  })
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
