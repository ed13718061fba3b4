import type { AtWork } from '../domain/at-work.js'
import type { Facts } from '../domain/decide.js'
import type { EmployeePower, EmploymentGround } from '../domain/employment.js'
import type { Identifier } from '../domain/identifier.js'
import type { Ground, Guardianship, Holder, Responsibility, Ruling } from '../domain/ground.js'
import type { ParentMandate, RepresentationId } from '../domain/mandate.js'
import type { Party, PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'
import { lacksEvidence } from './evidence-store.js'
import { type PowerRow, powerOf } from './mandate-store.js'

/** How a party is named in a question: by an identifier, by a handle of the asking client, or by our own id. */
export type Named =
  | { readonly by: 'identifier'; readonly identifier: Identifier }
  | { readonly by: 'handle'; readonly handle: string }
  | { readonly by: 'party'; readonly partyId: PartyId }

/** A party by our own id. */
export function byId(partyId: PartyId): Named {
  return { by: 'party', partyId }
}

/** Facts as they stand at one instant, and the catalogue version in force then. */
export interface FactsAt {
  /** The database's clock, in whole milliseconds: the one clock that every instance shares. */
  readonly instant: Date
  readonly facts: Facts
  readonly catalogueVersion: number
}

/** What the registers say of the party whose id stands for %, as JSON. */
export const PARTY_JSON = `(
  select json_build_object('partyId', p.party_id, 'kind', p.kind, 'bornOn', f.born_on, 'diedOn', f.died_on,
           'ceased', coalesce(f.ceased, false), 'protectedAddress', coalesce(f.protected_address, false),
           'capacityLost', coalesce(f.capacity_lost, '{}'), 'residences', coalesce(f.residences, '{}'),
           'factsFreshAt', floor(extract(epoch from r.fresh_at) * 1000))
    from party p
    left join party_fact f on f.party_id = p.party_id and upper_inf(f.recorded)
    left join register_freshness r on r.source = f.source
   where p.party_id = %)`

const millisecondsOf = (bound: 'lower' | 'upper', range: string): string =>
  `floor(extract(epoch from ${bound}(${range})) * 1000)`

const powersJson = (mandateId: string): string => `(
             select json_agg(json_build_object('powerId', w.mandate_power_id, 'service', w.service_id,
                      'action', w.action, 'provider', w.provider, 'object', w.object,
                      'catalogueVersion', w.catalogue_version, 'state', w.state, 'passingOn', w.passing_on,
                      'validFrom', ${millisecondsOf('lower', 'w.valid')},
                      'validUntil', ${millisecondsOf('upper', 'w.valid')}))
               from mandate_power w where w.mandate_id = ${mandateId} and upper_inf(w.recorded))`

/**
 * The grounds between `asked.principal` and `asked.holder`, given ones each with its powers and its parent, as JSON. Those
 * without their evidence are none.
 */
export const GROUNDS_JSON = `(
  select json_agg(json_build_object('representationId', n.representation_id, 'basis', n.basis,
           'principal', n.principal, 'representative', n.representative,
           'answerBy', floor(extract(epoch from m.answer_by) * 1000), 'powers', ${powersJson('m.mandate_id')},
           'parent', (
             select json_build_object('representationId', above.representation_id,
                      'middle', ${PARTY_JSON.replace('%', 'above.representative')},
                      'answerBy', floor(extract(epoch from given.answer_by) * 1000),
                      'powers', ${powersJson('given.mandate_id')})
               from representation above join mandate given on given.mandate_id = above.representation_id
              where above.representation_id = n.parent),
           'says', v.says, 'tasks', v.tasks,
           'validFrom', ${millisecondsOf('lower', 'v.valid')}, 'validUntil', ${millisecondsOf('upper', 'v.valid')},
           'factsFreshAt', (select floor(extract(epoch from r.fresh_at) * 1000)
                              from register_freshness r where r.source = n.source))
         order by n.representation_id)
    from representation n
    left join mandate m on m.mandate_id = n.representation_id
    left join relation_version v on v.representation_id = n.representation_id and upper_inf(v.recorded)
   where n.principal = asked.principal and n.representative = asked.holder
     and num_nonnulls(m.mandate_id, v.representation_id) > 0
     and (m.mandate_id is null or not ${lacksEvidence('n.representation_id', 'n.parent')}))`

/** With whom the grounds are: the organisation that the actor is at work for, where it is another than the principal. */
export const HOLDER = `case when asked.works_for is null or asked.works_for = asked.principal then asked.actor
       else asked.works_for end`

/** The organisation `asked.works_for` and what it has told of `asked.actor`, as JSON; null with a private login. */
export const AT_WORK_JSON = `case when asked.works_for is not null then json_build_object(
  'organisation', ${PARTY_JSON.replace('%', 'asked.works_for')},
  'employments', (
    select json_agg(json_build_object('representationId', n.representation_id, 'principal', n.principal,
             'representative', n.representative,
             'validFrom', ${millisecondsOf('lower', 'e.valid')}, 'validUntil', ${millisecondsOf('upper', 'e.valid')},
             'powers', (
               select json_agg(json_build_object('service', p.service_id, 'action', p.action, 'provider', p.provider))
                 from employment_power p where p.employment_id = e.employment_id))
           order by n.representation_id)
      from representation n join employment e on e.employment_id = n.representation_id and upper_inf(e.recorded)
     where n.principal = asked.works_for and n.representative = asked.actor)) end`

/** All who hold parental responsibility for `asked.principal`, or a role in it, as JSON. */
export const HOLDERS_JSON = `(
  select json_agg(json_build_object('representationId', n.representation_id, 'basis', n.basis,
           'representative', n.representative, 'says', v.says,
           'validFrom', ${millisecondsOf('lower', 'v.valid')}, 'validUntil', ${millisecondsOf('upper', 'v.valid')},
           'diedOn', f.died_on, 'residences', coalesce(f.residences, '{}'))
         order by n.representation_id)
    from representation n
    join relation_version v on v.representation_id = n.representation_id and upper_inf(v.recorded)
    left join party_fact f on f.party_id = n.representative and upper_inf(f.recorded)
   where n.principal = asked.principal and n.basis in ('parent', 'organisation_role'))`

/** What has been ruled about acting for `asked.principal`, as JSON. */
export const RULINGS_JSON = `(
  select json_agg(json_build_object('rulingId', g.ruling_id, 'kind', g.kind, 'principal', g.principal,
           'representative', g.representative, 'service', g.service_id, 'action', g.action, 'object', g.object,
           'validFrom', ${millisecondsOf('lower', 'g.valid')}, 'validUntil', ${millisecondsOf('upper', 'g.valid')})
         order by g.ruling_id)
    from ruling g where g.principal = asked.principal and upper_inf(g.recorded))`

/** The party that `asked` names, found anew in each of the three ways. */
function partyNamed(role: 'actor' | 'principal' | 'work'): string {
  const [scheme, value] = [`asked.${role}_scheme`, `asked.${role}_value`]
  return `coalesce(
     case when ${scheme} = 'party' then ${value}::uuid end,
     (select party_id from party_identifier where scheme = ${scheme} and value = ${value}),
     (select coalesce(h.party_id, n.principal) from handle h left join representation n using (representation_id)
       where ${scheme} = 'handle' and h.handle = ${value} and h.client_id = asked.client_id))`
}

// The pairs come as one JSON text: of arrays PostgreSQL sees how short they are, and plans anew each time.
const READ = statement(
  'read_facts',
  `with named as (
     select * from json_to_recordset($1) as asked (
       place int, actor_scheme text, actor_value text, principal_scheme text, principal_value text,
       work_scheme text, work_value text, client_id text)
   ), found as materialized (
     select asked.*, ${partyNamed('actor')} as actor, ${partyNamed('principal')} as principal,
            case when work_scheme is not null then ${partyNamed('work')} end as works_for
       from named asked
   ), asked as materialized (
     select asked.*, ${HOLDER} as holder from found asked
   )
   select place, concat_ws(' ', actor_scheme, actor_value, principal_scheme, principal_value, work_scheme, work_value,
            client_id) as key,
          floor(extract(epoch from clock_timestamp()) * 1000)::float8 as instant,
          (select max(version) from catalogue_version) as "catalogueVersion",
          ${PARTY_JSON.replace('%', 'asked.actor')} as actor,
          ${PARTY_JSON.replace('%', 'asked.principal')} as principal,
          ${GROUNDS_JSON} as grounds, ${HOLDERS_JSON} as holders, ${RULINGS_JSON} as rulings,
          ${AT_WORK_JSON} as "atWork"
     from asked`,
)

interface Row {
  readonly place: number
  /** The question that the row is an answer to, whole. */
  readonly key: string
  readonly instant: number
  readonly catalogueVersion: number | null
  readonly actor: PartyRow | null
  readonly principal: PartyRow | null
  readonly grounds: readonly GroundRow[] | null
  readonly holders: readonly HolderRow[] | null
  readonly rulings: readonly RulingRow[] | null
  readonly atWork: AtWorkRow | null
}

export interface AtWorkRow {
  readonly organisation: PartyRow
  readonly employments: readonly EmploymentRow[] | null
}

type EmploymentRow = Pick<EmploymentGround, 'representationId' | 'principal' | 'representative'> & {
  readonly powers: readonly EmployeePower[]
  readonly validFrom: number
  readonly validUntil: number | null
}

export type PartyRow = Omit<Party, 'factsFreshAt'> & { readonly factsFreshAt: number | null }

interface PeriodRow {
  readonly validFrom: number | null
  readonly validUntil: number | null
}

export interface GroundRow extends PeriodRow {
  readonly representationId: RepresentationId
  readonly basis: Exclude<Ground['basis'], 'employment'>
  readonly principal: PartyId
  readonly representative: PartyId
  /** Of a mandate. */
  readonly answerBy: number | null
  readonly powers: readonly PowerRow[] | null
  readonly parent: ParentRow | null
  /** Of what a register tells. */
  readonly says: string | null
  readonly tasks: readonly string[] | null
  readonly factsFreshAt: number | null
}

interface ParentRow {
  readonly representationId: RepresentationId
  readonly middle: PartyRow
  readonly answerBy: number | null
  readonly powers: readonly PowerRow[] | null
}

export type HolderRow = Omit<Holder, 'validFrom' | 'validUntil'> & PeriodRow
export type RulingRow = Omit<Ruling, 'validFrom' | 'validUntil'> & {
  readonly validFrom: number
  readonly validUntil: number | null
}

/** A pair as a question names it. A handle counts only for the client that it was made for; null: no client is asking. */
export interface NamedPair {
  readonly actor: Named
  readonly principal: Named
  /** The organisation that the actor is at work for; null with a private login. */
  readonly worksFor: Named | null
  readonly clientId: string | null
}

/**
 * Reads in one statement everything that `decide` needs about the pair: both parties, the grounds between them, the
 * clock and the catalogue version. The same statement runs whether the parties are known or not. A handle counts only
 * for the client that it was made for; pass null where no client is asking.
 */
export async function readFacts(
  db: Queryable,
  actor: Named,
  principal: Named,
  clientId: string | null,
  worksFor: Named | null = null,
): Promise<FactsAt> {
  const [facts] = await readFactsOfPairs(db, [{ actor, principal, worksFor, clientId }])
  if (facts === undefined) throw new Error('the pair got no facts')
  return facts
}

/** The same for several pairs, in their order. Still one statement. */
export async function readFactsOfPairs(db: Queryable, pairs: readonly NamedPair[]): Promise<FactsAt[]> {
  const asked = pairs.map(({ actor, principal, worksFor, clientId }, place) => {
    const [actor_scheme, actor_value] = nameOf(actor)
    const [principal_scheme, principal_value] = nameOf(principal)
    const [work_scheme, work_value] = worksFor === null ? [null, null] : nameOf(worksFor)
    const parties = { actor_scheme, actor_value, principal_scheme, principal_value, work_scheme, work_value }
    return { place, ...parties, client_id: clientId }
  })
  const rows = await db.query<Row>(READ, [JSON.stringify(asked)])
  const byPlace = new Map(rows.map((row) => [row.place, row]))
  return asked.map(({ place, ...names }) => {
    const row = byPlace.get(place)
    // Pairs of different requests may go together: no row is taken that does not bear the names that were asked about.
    if (row?.key !== keyOf(names)) {
      throw new Error('a pair got no facts, or those of another')
    }
    return factsOf(row)
  })
}

function factsOf(row: Row): FactsAt {
  if (row.catalogueVersion === null) throw new Error('no catalogue has been published')
  return {
    instant: new Date(row.instant),
    facts: { actor: partyOf(row.actor), principal: partyOf(row.principal), ...betweenOf(row, row.principal?.partyId) },
    catalogueVersion: row.catalogueVersion,
  }
}

/** As the statement makes it; what is not there is left out by both. */
function keyOf(names: {
  readonly actor_scheme: string
  readonly actor_value: string
  readonly principal_scheme: string
  readonly principal_value: string
  readonly work_scheme: string | null
  readonly work_value: string | null
  readonly client_id: string | null
}): string {
  const { actor_scheme, actor_value, principal_scheme, principal_value, work_scheme, work_value, client_id } = names
  const parts = [actor_scheme, actor_value, principal_scheme, principal_value, work_scheme, work_value, client_id]
  return parts.filter((part) => part !== null).join(' ')
}

function nameOf(named: Named): [scheme: string, value: string] {
  switch (named.by) {
    case 'identifier':
      return [named.identifier.scheme, named.identifier.value]
    case 'handle':
      return ['handle', named.handle]
    case 'party':
      return ['party', named.partyId]
  }
}

export function partyOf(row: PartyRow | null): Party | null {
  return row === null ? null : knownParty(row)
}

function knownParty(row: PartyRow): Party {
  return { ...row, factsFreshAt: timeOf(row.factsFreshAt) }
}

/** What is between the two, as the four columns tell it. In the organisation itself an employment is such a ground. */
export function betweenOf(
  row: {
    readonly grounds: readonly GroundRow[] | null
    readonly holders: readonly HolderRow[] | null
    readonly rulings: readonly RulingRow[] | null
    readonly atWork: AtWorkRow | null
  },
  principal: PartyId | undefined,
): Omit<Facts, 'actor' | 'principal'> {
  const atWork = row.atWork === null ? null : atWorkOf(row.atWork)
  const employments = atWork?.organisation.partyId === principal ? (atWork?.employments ?? []) : []
  return {
    ...(atWork === null ? {} : { atWork }),
    grounds: [...(row.grounds ?? []).map(groundOf), ...employments],
    holders: (row.holders ?? []).map((holder) => ({ ...holder, ...periodOf(holder) })),
    rulings: (row.rulings ?? []).map((ruling) => ({
      ...ruling,
      validFrom: new Date(ruling.validFrom),
      validUntil: timeOf(ruling.validUntil),
    })),
    approvedBy: [],
  }
}

function atWorkOf({ organisation, employments }: AtWorkRow): AtWork {
  return {
    organisation: knownParty(organisation),
    employments: (employments ?? []).map(({ validFrom, validUntil, ...told }) => ({
      basis: 'employment',
      ...told,
      validFrom: new Date(validFrom),
      validUntil: timeOf(validUntil),
    })),
  }
}

function groundOf(row: GroundRow): Ground {
  const { representationId, principal, representative } = row
  const ids = { representationId, principal, representative }
  if (row.basis === 'mandate') {
    const given = { answerBy: timeOf(row.answerBy), powers: (row.powers ?? []).map(powerOf) }
    return { basis: 'mandate', ...ids, ...given, parent: row.parent === null ? null : parentOf(row.parent) }
  }
  const registered = { ...ids, ...periodOf(row), factsFreshAt: timeOf(row.factsFreshAt) }
  const says = row.says ?? ''
  switch (row.basis) {
    case 'parent':
      return { basis: 'parent', ...registered, responsibility: says as Responsibility }
    case 'guardian':
      return { basis: 'guardian', ...registered, guardianship: says as Guardianship, tasks: row.tasks ?? [] }
    case 'lasting_power':
      return { basis: 'lasting_power', ...registered }
    case 'organisation_role':
      return { basis: 'organisation_role', ...registered, role: says }
  }
}

function parentOf({ representationId, middle, answerBy, powers }: ParentRow): ParentMandate {
  const given = { answerBy: timeOf(answerBy), powers: (powers ?? []).map(powerOf) }
  return { representationId, middle: knownParty(middle), ...given }
}

function periodOf({ validFrom, validUntil }: PeriodRow): { validFrom: Date | null; validUntil: Date | null } {
  return { validFrom: timeOf(validFrom), validUntil: timeOf(validUntil) }
}

function timeOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds)
}
