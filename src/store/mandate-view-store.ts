import type { GrantedPower } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'
import { lacksEvidence } from './evidence-store.js'
import { type Change, type PowerRow, powerOf } from './mandate-store.js'

/** A party of a mandate as the other one sees it. */
export interface SeenParty {
  readonly partyId: PartyId
  readonly name: string
  readonly bornYear: number | null
  /** Null for a person. */
  readonly organisationNumber: string | null
}

/** A mandate as one of its parties sees it: the two, and whoever passed it on. */
export interface SeenMandate {
  readonly mandateId: string
  readonly version: number
  readonly answerBy: Date | null
  readonly principal: SeenParty
  readonly representative: SeenParty
  /** What it was passed on from, and by whom; null where the principal gave it himself. */
  readonly through: SeenParent | null
  readonly instant: Date
  readonly powers: readonly GrantedPower[]
  /** Whether it was accepted on the device on which it had just been given. */
  readonly sameDevice: boolean
}

export interface SeenParent {
  readonly parent: string
  readonly middle: SeenParty
  readonly answerBy: Date | null
  readonly powers: readonly GrantedPower[]
}

interface Row extends Omit<SeenMandate, 'instant' | 'powers' | 'through'> {
  readonly instant: number
  readonly powers: readonly PowerRow[]
  readonly through: (Omit<SeenParent, 'answerBy' | 'powers'> & ParentTimes) | null
}

interface ParentTimes {
  readonly answerBy: number | null
  readonly powers: readonly PowerRow[]
}

const party = (column: string): string => `(
  select json_build_object('partyId', p.party_id, 'name', coalesce(f.name, ''), 'bornYear', extract(year from f.born_on),
           'organisationNumber', (select i.value from party_identifier i
              where i.party_id = p.party_id and i.scheme = 'orgnr' and i.replaced_at is null limit 1))
    from party p left join party_fact f on f.party_id = p.party_id and upper_inf(f.recorded)
   where p.party_id = ${column})`

const powers = (known: string): string => `(
  select coalesce(json_agg(json_build_object('powerId', w.mandate_power_id, 'service', w.service_id, 'action', w.action,
           'provider', w.provider, 'object', w.object, 'catalogueVersion', w.catalogue_version, 'state', w.state,
           'passingOn', w.passing_on, 'validFrom', floor(extract(epoch from lower(w.valid)) * 1000),
           'validUntil', floor(extract(epoch from upper(w.valid)) * 1000)) order by w.mandate_power_id), '[]')
    from mandate_power w where w.mandate_id = m.mandate_id and ${known})`

const SELECT = `
  select m.mandate_id as "mandateId", m.version, m.answer_by as "answerBy",
         ${party('n.principal')} as principal, ${party('n.representative')} as representative,
         (select json_build_object('parent', m.mandate_id, 'middle', ${party('above.representative')},
                   'answerBy', floor(extract(epoch from m.answer_by) * 1000), 'powers', ${powers('upper_inf(w.recorded)')})
            from representation above join mandate m on m.mandate_id = above.representation_id
           where above.representation_id = n.parent) as through,
         floor(extract(epoch from clock_timestamp()) * 1000)::float8 as instant,
         ${powers('upper_inf(w.recorded)')} as powers,
         exists (select from evidence e where e.mandate_id = m.mandate_id and e.same_device) as "sameDevice"
    from mandate m join representation n on n.representation_id = m.mandate_id
   where not ${lacksEvidence('m.mandate_id', 'n.parent')}`

const ONE = statement(
  'see_mandate',
  `${SELECT} and m.mandate_id = $1 and (n.principal = $2 or n.representative = $2 or exists (
     select from representation above where above.representation_id = n.parent and above.representative = $2))`,
)

/** The mandate, if this party is one of its two, or passed it on; else null, whether it exists or not. */
export async function seeMandate(db: Queryable, mandateId: string, party: PartyId): Promise<SeenMandate | null> {
  const rows = await db.query<Row>(ONE, [mandateId, party])
  return rows[0] === undefined ? null : seenOf(rows[0])
}

const MANY = statement(
  'see_mandates',
  `${SELECT}
     and m.mandate_id < $2 and m.mandate_id in (
            select representation_id from representation where principal = $1
            union select representation_id from representation where representative = $1
            union select passed.representation_id
                    from representation above join representation passed on passed.parent = above.representation_id
                   where above.representative = $1)
    order by m.mandate_id desc limit $3`,
)

/** The mandates that this party has given, received or passed on, latest first, before the given one. */
export async function seeMandates(
  db: Queryable,
  party: PartyId,
  before: string | null,
  limit: number,
): Promise<SeenMandate[]> {
  const rows = await db.query<Row>(MANY, [party, before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit])
  return rows.map(seenOf)
}

function seenOf(row: Row): SeenMandate {
  const { instant, powers, through } = row
  return { ...row, instant: new Date(instant), powers: powers.map(powerOf), through: through && parentOf(through) }
}

function parentOf({ parent, middle, answerBy, powers }: NonNullable<Row['through']>): SeenParent {
  return { parent, middle, answerBy: answerBy === null ? null : new Date(answerBy), powers: powers.map(powerOf) }
}

/** One version of a mandate: who, when, why, the text if one was confirmed, and the powers as they were known then. */
export interface SeenVersion {
  readonly version: number
  readonly change: Change
  /** Null where the register's word changed it. */
  readonly madeBy: PartyId | null
  /** The organisation that he made it for; null where he made it for himself. */
  readonly madeFor: PartyId | null
  /** Null where no person made it. */
  readonly madeByName: string | null
  readonly madeAt: Date
  readonly reason: string | null
  readonly language: string | null
  readonly text: string | null
  readonly textHash: Buffer | null
  readonly catalogueVersion: number | null
  readonly powers: readonly GrantedPower[]
}

const VERSIONS = statement(
  'see_mandate_versions',
  `select m.version, m.change, m.made_by as "madeBy", m.made_for as "madeFor",
          (select f.name from party_fact f where f.party_id = m.made_by and upper_inf(f.recorded)) as "madeByName",
          m.made_at as "madeAt", m.reason, m.language, m.text,
          m.text_hash as "textHash", m.catalogue_version as "catalogueVersion",
          ${powers('w.recorded @> m.made_at')} as powers
     from mandate_version m where m.mandate_id = $1 order by m.version`,
)

/** Every version of the mandate, first to last. The caller has seen that he may. */
export async function seeVersions(db: Queryable, mandateId: string): Promise<SeenVersion[]> {
  type VersionRow = Omit<SeenVersion, 'powers'> & { powers: readonly PowerRow[] }
  const rows = await db.query<VersionRow>(VERSIONS, [mandateId])
  return rows.map((row) => ({ ...row, powers: row.powers.map(powerOf) }))
}

const AS_KNOWN = statement(
  'see_powers_as_known',
  `select ${powers('w.recorded @> $2::timestamptz')} as powers from mandate m where m.mandate_id = $1`,
)

/** The powers of a mandate as they were known at that instant, whatever has become of them since. */
export async function powersAsKnown(db: Queryable, mandateId: string, knownAt: Date): Promise<GrantedPower[]> {
  const [row] = await db.query<{ powers: readonly PowerRow[] }>(AS_KNOWN, [mandateId, knownAt.toISOString()])
  return (row?.powers ?? []).map(powerOf)
}
