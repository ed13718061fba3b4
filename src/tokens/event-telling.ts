import { addDays, osloDay, ageOn, type Day } from '../domain/calendar.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { LEGAL_RULES } from '../domain/legal-rules.js'
import { Catalogues } from '../store/catalogue-store.js'
import type { Queryable } from '../store/database.js'
import { type NewEvent, tellEvents } from '../store/event-store.js'
import {
  type Birthday,
  type ChangeForClient,
  type EventType,
  eventClock,
  noteBirthdays,
  noteWhatTimeChanged,
  readGroundChanges,
} from '../store/ground-change-store.js'
import { eventTypeOf } from './event-type.js'
import { keepOffice } from '../store/office.js'

/** How often it is looked for what time alone has changed, and for changes whose waking was lost: milliseconds. */
const BEAT = 1_000
/** Changes taken out of the outbox at once. */
const AT_ONCE = 500
/** After a longer standstill, birthdays are made up for as far back as this: tokens live for minutes. */
const MOST_DAYS = 8

export interface TellingOptions {
  readonly databaseUrl: string
  readonly onFault: (error: unknown) => void
}

/**
 * Keeps clients told of what becomes of their grounds, together with all other instances: one of them holds the office and
 * makes events of what is in the outbox, at once when woken, and puts into it what time alone has changed.
 */
export function keepTelling({ databaseUrl, onFault }: TellingOptions): Promise<() => Promise<void>> {
  const catalogues = new Catalogues()
  const work = async (office: Queryable): Promise<void> => {
    await noteTime(office, catalogues)
    await tellChanges(office)
  }
  const rhythm = { beat: BEAT, leastPause: 0 }
  return keepOffice({ databaseUrl, office: 'events', channel: 'grounds_changed', ...rhythm, work, onFault })
}

/** Empties the outbox. For whoever holds the office. */
export async function tellChanges(office: Queryable, atOnce = AT_ONCE): Promise<void> {
  let taken = atOnce
  while (taken === atOnce) {
    const { changeIds, concerned } = await readGroundChanges(office, atOnce)
    if (changeIds.length > 0) await tellEvents(office, eventsOf(concerned), changeIds)
    taken = changeIds.length
  }
}

/** What is to be told, in the order of the changes. */
export function eventsOf(concerned: readonly ChangeForClient[]): NewEvent[] {
  const told = new Map<string, EventType>()
  return concerned.flatMap((change): NewEvent[] => {
    const { clientId, handle } = change
    const type = eventTypeOf(change, told.get(handle) ?? change.lastTold)
    if (type === null || (REPEATS_NOTHING.includes(type) && told.get(handle) === type)) return []
    told.set(handle, type)
    return [{ clientId, handle, type }]
  })
}

/** Told at one instant, twice says no more than once: a register closes what it said and says it anew. */
const REPEATS_NOTHING: readonly EventType[] = ['delegation-scope-changed', 'principal-status-changed']

/** Puts into the outbox what time alone has changed since it was last looked for. For whoever holds the office. */
export async function noteTime(office: Queryable, catalogues: Catalogues): Promise<void> {
  const { lookedUntil, now } = await eventClock(office)
  const [last, today] = [osloDay(lookedUntil), osloDay(now)]
  // First: whoever is interrupted between the two notes the birthdays again.
  if (last < today) {
    const { current } = await catalogues.latest(office)
    const days = Array.from({ length: MOST_DAYS }, (_, back) => addDays(today, -back)).filter((day) => day > last)
    await noteBirthdays(
      office,
      days.toReversed().flatMap((day) => birthdaysOn(day, current)),
    )
  }
  await noteWhatTimeChanged(office, now)
}

/** Who is to have been born when, so that on this day he reaches an age at which a parent or guardian may do less. */
export function birthdaysOn(day: Day, { services }: Pick<CatalogueVersion, 'services'>): Birthday[] {
  const grown = LEGAL_RULES.childUntilAge.value
  const ages = services.flatMap(({ parent }) => [parent?.untilAge, parent?.reduced?.fromAge])
  const all = [...new Set([grown, ...ages])].filter((age) => age !== undefined)
  return all.flatMap((age) =>
    bornFor(day, age).map((bornOn): Birthday => ({ bornOn, how: age === grown ? 'grown' : 'time' })),
  )
}

/** The days of birth for which this day is the birthday of this age: two on 1 March of some years. */
function bornFor(day: Day, age: number): Day[] {
  const year = String(Number(day.slice(0, 4)) - age).padStart(4, '0')
  const candidates = [`${year}${day.slice(4)}`, ...(day.endsWith('-03-01') ? [`${year}-02-29`] : [])]
  const exists = (one: Day): boolean => addDays(one, 0) === one
  return candidates.filter((one) => exists(one) && ageOn(one, day) === age && ageOn(one, addDays(day, -1)) === age - 1)
}
