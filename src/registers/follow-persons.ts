import type { Identifier } from '../domain/identifier.js'
import type { BulkConnection, BulkTransaction } from '../store/bulk-connection.js'
import { clock } from '../store/mandate-store.js'
import {
  confirmFreshAsOf,
  forgetRefusals,
  moveCursor,
  refusedNumbers,
  registerCursor,
} from '../store/register-progress.js'
import { comparePersons } from './compare-persons.js'
import { POPULATION_REGISTER as SOURCE, type PersonSource, fetchPersons } from './fetch-persons.js'
import type { EventPage, Folkeregisteret } from './folkeregisteret.js'
import { type FollowOptions, type Followed, alone } from './follow.js'
import type { DocumentOptions } from './read-documents.js'
import { RegisterFault } from './register-fault.js'
import { personNumber } from './staged-person.js'
import { takeIn } from './take-in.js'

export interface FollowPersonsOptions extends FollowOptions, DocumentOptions {
  readonly register: Folkeregisteret
  /**
   * The numbers of everyone, where the register gives out such a list: what a full comparison reads beside those whom we
   * know. Without it, someone who became new to the register while nobody followed it is unknown until something happens
   * to him.
   */
  readonly listing?: () => AsyncIterable<string>
}

/** Kinds of events after which both sides of a relation are read anew. */
const ABOUT_RELATIONS = ['endringIForeldreansvar', 'endringIVergemaal']

const MOST_RETRIED = 1000

/**
 * Takes in everything that Folkeregisteret tells of, from where we are to the end of its feed, page by page; what a page
 * brings and how far we are is one transaction. Where the feed reaches no longer back to us, or we have never followed it,
 * all whom we know are compared first. The facts count as fresh as of the moment before the feed was asked and had no more.
 *
 * @throws RegisterFault when the register does not give what it should: what was taken in until then stands.
 */
export function followPersons(options: FollowPersonsOptions): Promise<Followed> {
  return alone(options, SOURCE, async (connection) => {
    await retryRefused(connection, options)
    let compared = false
    let events = 0
    for (;;) {
      options.signal?.throwIfAborted()
      const { moment } = await clock(connection)
      const page = await nextPage(connection, options.register)
      if (page === 'outside_window') {
        // Told so of its own newest event, we would compare for ever.
        if (compared) throw new RegisterFault('folkeregisteret', 'outside_window')
        await comparePersons(connection, options)
        compared = true
      } else if (page.events.length === 0) {
        await refuseHiddenEvents(options.register, page)
        await confirmFreshAsOf(connection, SOURCE, moment)
        return { outcome: 'up_to_date', events, compared }
      } else {
        await takeInPage(connection, page, options)
        events += page.events.length
      }
    }
  })
}

async function nextPage(connection: BulkConnection, register: Folkeregisteret): Promise<EventPage | 'outside_window'> {
  const cursor = await registerCursor(connection, SOURCE)
  if (cursor === null || !('position' in cursor)) return 'outside_window'
  try {
    return await pageFrom(register, cursor.position)
  } catch (error) {
    if (error instanceof RegisterFault && error.code === 'outside_window') return 'outside_window'
    throw error
  }
}

/** Gaps are allowed and so cannot be told from events that were left out: a page with gaps must read the same twice. */
async function pageFrom(register: Folkeregisteret, from: number): Promise<EventPage> {
  const page = await wholePage(register, from)
  if (page.next - from === page.events.length) return page
  const again = await wholePage(register, from)
  // More may have been added at the end meanwhile.
  if (page.events.every(({ sequence }, place) => again.events[place]?.sequence === sequence)) return page
  throw new RegisterFault('folkeregisteret', 'incomplete', 'two readings of one page differ')
}

async function wholePage(register: Folkeregisteret, from: number): Promise<EventPage> {
  const page = await register.feed(from)
  if (page === 'unchanged') throw new RegisterFault('folkeregisteret', 'malformed', 'feed')
  return page
}

/** An empty page means that nothing has happened only if the register's newest event lies behind us. */
async function refuseHiddenEvents(register: Folkeregisteret, { next }: EventPage): Promise<void> {
  if ((await register.latestSequence()) < next) return
  throw new RegisterFault('folkeregisteret', 'incomplete', 'an empty page before the newest event')
}

async function takeInPage(connection: BulkConnection, page: EventPage, options: FollowPersonsOptions): Promise<void> {
  const numberOf = ({ number }: { readonly number: string }) => personNumber(number, options.series)
  const isKnown = (number: Identifier | null) => number !== null
  const concerned = page.events.map(numberOf).filter(isKnown)
  const related = page.events.filter(({ kind }) => ABOUT_RELATIONS.includes(kind)).map(numberOf)
  await fetchAndTakeIn(connection, options, concerned, related.filter(isKnown), (tx) =>
    moveCursor(tx, SOURCE, { position: page.next }),
  )
}

/** Whoever could not be taken in is asked for again each time. */
async function retryRefused(connection: BulkConnection, options: FollowPersonsOptions): Promise<void> {
  const refused = await refusedNumbers(connection, SOURCE, MOST_RETRIED)
  if (refused.length > 0) await fetchAndTakeIn(connection, options, refused, [])
}

/** Reads these people and merges what they are now; `also` belongs to the same transaction. */
export async function fetchAndTakeIn(
  connection: BulkConnection,
  options: FollowPersonsOptions,
  wanted: readonly Identifier[],
  related: readonly Identifier[],
  also: (tx: BulkTransaction) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const source: PersonSource = { register: options.register, db: connection, options }
  const fetched = await fetchPersons(source, wanted, related)
  const { refused } = await takeIn(
    connection,
    { source: SOURCE, kind: 'person' },
    fetched,
    options.onDeaths,
    async (tx) => {
      await forgetRefusals(tx, SOURCE, fetched.strangers)
      await also(tx)
    },
  )
  if (Object.keys(refused).length > 0) options.onRefused(SOURCE, refused)
}
