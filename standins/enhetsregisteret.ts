import type { Country } from './country.js'
import { dayText, startOfDayText } from './country-days.js'
import type { Organisation } from './country-organisations.js'
import type { Rollegruppe } from './country-roles.js'
import { bearerCheck, type TokenIssuer } from './maskinporten-bearer.js'
import { startServer, type Answer, type RunningServer } from './register-server.js'

export const ENHETSREGISTERET_SCOPE = 'brreg:data:enhetsregisteret:roller:person:oppslag:fnr'
const MOST_UPDATES = 10_000
const NOT_FOUND: Answer = { status: 404, body: { status: 404, error: 'Not Found' } }

export interface EnhetsregisteretOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly country: Country
  readonly maskinporten: TokenIssuer
  /** The scope that the authorised answers demand. */
  readonly scope?: string
}

export interface RunningEnhetsregisteret extends RunningServer {
  /** Where its paths begin: `…/enhetsregisteret/`. */
  readonly url: string
  /** Gives an organisation other roles, and an update that tells of it. */
  setRoles(place: number, groups: readonly Rollegruppe[]): void
  /** Takes an organisation out of the register, and tells of it. */
  deregister(place: number): void
}

interface Update {
  readonly id: number
  readonly orgnr: string
  readonly time: string
}

/**
 * Starts a stand-in for Enhetsregisteret on loopback: roles of organisations without national numbers for anyone, with
 * them for whoever has a token, units, and the updates of roles. Of what is no main unit it knows nothing (404); the roles
 * of a unit that was taken out are gone (410), while the unit shows the day.
 *
 * @throws where the port is taken.
 */
export async function startEnhetsregisteret(options: EnhetsregisteretOptions): Promise<RunningEnhetsregisteret> {
  const { country, maskinporten, scope = ENHETSREGISTERET_SCOPE } = options
  const check = bearerCheck(maskinporten, scope)
  const changed = new Map<number, Organisation>()
  const updates: Update[] = []
  const at = (place: number) => changed.get(place) ?? country.organisationAt(place)
  const change = (place: number, part: Partial<Organisation>) => {
    changed.set(place, { ...at(place), ...part })
    const time = new Date().toISOString()
    updates.push({ id: updates.length + 1, orgnr: at(place).organisasjonsnummer, time })
  }
  const server = await startServer(options.port, async (request, url) => {
    const path = url.pathname.replace(/^\/enhetsregisteret\//, '')
    if (path === 'api/oppdateringer/roller') return updatesFrom(updates, url.searchParams)
    const [, door, orgnr = '', roles] = /^(api|autorisert-api)\/enheter\/(\d{9})(\/roller)?$/.exec(path) ?? []
    if (door === undefined) return NOT_FOUND
    const refused = door === 'api' ? null : await check(request)
    const place = country.organisationPlace(orgnr)
    if (refused !== null) return refused
    if (place === undefined) return NOT_FOUND
    return roles === undefined ? unitOf(at(place)) : rolesOf(at(place), door)
  })
  return {
    ...server,
    url: `${server.origin}/enhetsregisteret/`,
    setRoles: (place, rollegrupper) => change(place, { rollegrupper }),
    deregister: (place) => change(place, { slettedato: dayText(country.today) }),
  }
}

/** A unit that was taken out is still shown, with the day on which it was. */
function unitOf(unit: Organisation): Answer {
  return { status: 200, body: { ...unit, rollegrupper: undefined } }
}

function rolesOf(organisation: Organisation, door: string): Answer {
  const { organisasjonsnummer, slettedato, rollegrupper } = organisation
  const _links = { self: { href: `${door}/enheter/${organisasjonsnummer}/roller` } }
  if (slettedato !== undefined) return { status: 410, body: { organisasjonsnummer, slettedato, _links } }
  return { status: 200, body: { rollegrupper: door === 'api' ? rollegrupper.map(open) : rollegrupper, _links } }
}

/** Without national numbers. */
function open(group: Rollegruppe): Rollegruppe {
  const roller = group.roller.map((role) => {
    if (role.person === undefined) return role
    const { fodselsdato, navn, erDoed } = role.person
    return { ...role, person: { fodselsdato, navn, erDoed } }
  })
  return { ...group, roller }
}

/** A batch of CloudEvents, oldest first: those after `afterId`, or from `id` on, or after `afterTime`. */
function updatesFrom(updates: readonly Update[], query: URLSearchParams): Answer {
  const first = query.has('afterId') ? Number(query.get('afterId')) + 1 : Number(query.get('id') ?? 1)
  const size = Math.min(Number(query.get('size') ?? 100), MOST_UPDATES)
  const after = query.get('afterTime') ?? startOfDayText(0)
  if (!Number.isInteger(first) || !Number.isInteger(size) || Number.isNaN(Date.parse(after))) {
    return { status: 400, body: { status: 400, error: 'Bad Request' } }
  }
  const found = updates.filter(({ id, time }) => id >= first && Date.parse(time) > Date.parse(after)).slice(0, size)
  return { status: 200, body: found.map(cloudEvent), headers: { 'content-type': 'application/cloudevents-batch+json' } }
}

function cloudEvent({ id, orgnr, time }: Update) {
  return {
    specversion: '1.0',
    id: String(id),
    source: 'https://data.brreg.no/enhetsregisteret/api/oppdateringer/roller',
    type: 'no.brreg.enhetsregisteret.roller.oppdatert',
    time,
    data: { organisasjonsnummer: orgnr },
  }
}
