import { type Day, addDays, isDay, osloDay, startOfDay } from '../domain/calendar.js'
import { type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'
import { type Client, findClient } from '../store/client-store.js'
import type { Queryable } from '../store/database.js'
import { type LookupsOfDay, latestLookup, lookupsByDay } from '../store/lookup-store.js'

/** So many days stand on one page, from the latest on which there was something. */
const DAYS = 31

/** The same in words that say what was done, not how the log calls it. */
const KINDS = { evaluation: 'asked', search: 'searched', representations_listed: 'listed' } as const

/**
 * Which services looked at who can act for this person, by day, latest first: with the organisation that runs the service,
 * and as its purpose the tasks that it asked about. A caseworker's look-up will have a case; a service's has none.
 *
 * @param before the page is of the days before this one; null for the first.
 */
export async function lookupsOf(
  db: Queryable,
  party: PartyId,
  before: Day | null,
  language: Language,
  catalogue: CatalogueVersion,
): Promise<Json> {
  const to = before === null ? null : startOfDay(before)
  const latest = await latestLookup(db, party, to)
  if (latest === null) return { lookups: [], next: null }
  const firstDay = addDays(osloDay(latest), 1 - DAYS)
  const from = startOfDay(firstDay)
  const found = await lookupsByDay(db, party, from, to)
  const ids = [...new Set(found.map(({ clientId }) => clientId))]
  const clients = new Map((await Promise.all(ids.map((id) => findClient(db, id)))).map((one) => [one?.clientId, one]))
  const hasMore = (await latestLookup(db, party, from)) !== null
  return {
    lookups: found.map((one) => lineOf(one, clients.get(one.clientId) ?? null, language, catalogue)),
    next: hasMore ? firstDay : null,
  }
}

/** Reads `next` back; null when it is none. */
export function readDay(text: string): Day | null {
  return /^[12]\d{3}-\d\d-\d\d$/.test(text) && isDay(text) ? text : null
}

function lineOf(
  { day, kind, count, latest, services }: LookupsOfDay,
  client: Client | null,
  language: Language,
  catalogue: CatalogueVersion,
): Json {
  return {
    day,
    kind: KINDS[kind],
    count,
    latest_at: latest.toISOString(),
    unit: client?.name ?? null,
    organisation: client === null ? null : organisationOf(client, catalogue),
    purpose: services.map((id) => ({
      service: id,
      service_name: findService(catalogue, id)?.name[language] ?? id,
    })),
    case: null,
  }
}

function organisationOf({ organisation }: Client, catalogue: CatalogueVersion): Json {
  const known = catalogue.organisations.find(({ orgnr }) => orgnr === organisation)
  return { organisation_number: organisation, name: known?.name ?? null }
}
