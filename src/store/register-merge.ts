import type { PartyId } from '../domain/party.js'
import type { BulkTransaction } from './bulk-connection.js'
import { statement } from './database.js'

/** Whose facts are merged, and what kind of party they are about. */
export interface FactSource {
  readonly source: string
  readonly kind: 'person' | 'organisation'
}

/** What a merge has done. Of the same documents once more every figure but `refused` is 0. */
export interface Merged {
  readonly partiesMade: number
  readonly factsRecorded: number
  readonly factsClosed: number
  readonly relationsRecorded: number
  readonly relationsClosed: number
  /** People whose documents could not be taken in, by code. Nothing is known for sure of them from now on. */
  readonly refused: Readonly<Record<string, number>>
}

const ANALYZE = statement('analyze_staging', 'analyze staged_party, staged_identifier, staged_relation')

const DOUBLED = statement(
  'find_doubled_numbers',
  `insert into doubled_number select scheme, value from staged_identifier group by scheme, value having count(*) > 1
   returning 1 as found`,
)

const REPEATED = statement(
  'drop_repeated_documents',
  `with last as (
     select scheme, value, max(doc) as doc from staged_identifier join doubled_number using (scheme, value)
      where current group by scheme, value having count(*) > 1
   )
   insert into dropped_document select i.doc, null
     from staged_identifier i join last using (scheme, value) where i.current and i.doc < last.doc`,
)

const SHARED = statement(
  'refuse_shared_numbers',
  `with shared as (
     select i.scheme, i.value from staged_identifier i join doubled_number using (scheme, value)
       left join dropped_document d using (doc) where d.doc is null group by i.scheme, i.value having count(*) > 1
   )
   insert into dropped_document select distinct i.doc, 'number_of_two_documents'
     from staged_identifier i join shared using (scheme, value) left join dropped_document d using (doc) where d.doc is null`,
)

const KNOW = statement(
  'know_documents',
  `insert into known_document select distinct i.doc, p.party_id
     from staged_identifier i join party_identifier p using (scheme, value)
     left join dropped_document d using (doc) where d.doc is null or d.code is not null`,
)

const TWO_PARTIES = statement(
  'refuse_two_parties',
  `with twice as (
     select doc, 'numbers_of_two_parties' as code from known_document group by doc having count(*) > 1
     union all
     select unnest(array_agg(doc)), 'party_of_two_documents' from known_document group by party_id having count(*) > 1
   )
   insert into dropped_document select doc, min(code) from twice group by doc on conflict do nothing`,
)

const RESOLVE = statement(
  'resolve_parties',
  `insert into resolved_party
   select s.doc, coalesce(k.party_id, s.candidate), k.party_id is null
     from staged_party s left join dropped_document d using (doc) left join known_document k using (doc) where d.doc is null`,
)

const REFUSED = statement(
  'resolve_refused',
  `insert into refused_party
   select k.party_id from dropped_document d join known_document k using (doc) where d.code is not null
   union
   select i.party_id from staged_refusal r join party_identifier i using (scheme, value)`,
)

const DEAD = statement(
  'staged_dead',
  'select r.party_id as "partyId" from resolved_party r join staged_party s using (doc) where s.dead and not r.is_new order by 1',
)

/**
 * Finds out which party each staged document is about. A changed number finds the same party; a document with several
 * numbers ties them together; numbers that belong to two parties make neither of them one, and the document is refused.
 *
 * @returns the known parties whom the documents say to be dead.
 */
export async function resolveStaged(tx: BulkTransaction): Promise<readonly PartyId[]> {
  await tx.query(ANALYZE, [])
  if ((await tx.query(DOUBLED, [])).length > 0) for (const step of [REPEATED, SHARED]) await tx.query(step, [])
  for (const step of [KNOW, TWO_PARTIES, RESOLVE, REFUSED]) await tx.query(step, [])
  await tx.query(statement('analyze_resolved', 'analyze resolved_party, refused_party'), [])
  return (await tx.query<{ partyId: PartyId }>(DEAD, [])).map(({ partyId }) => partyId)
}

const MAKE_PARTIES = statement(
  'make_parties',
  `with made as (
     insert into party (party_id, kind) select party_id, $1 from resolved_party where is_new returning 1
   )
   select count(*)::int as made from made`,
)

/** Holders whom no document has told of yet get a party too; what it is, is told by the number. */
const MAKE_HOLDERS = statement(
  'make_holders',
  `with wanted as (
     select distinct r.holder_scheme as scheme, r.holder_value as value
       from staged_relation r join resolved_party using (doc)
       left join party_identifier i on i.scheme = r.holder_scheme and i.value = r.holder_value
      where r.holder_value is not null and i.party_id is null
   ), strangers as materialized (
     select scheme, value, gen_random_uuid() as party_id from wanted
   ), named as (
     insert into party_identifier (scheme, value, party_id) select scheme, value, party_id from strangers
     on conflict do nothing
   ), made as (
     insert into party (party_id, kind)
     select party_id, case scheme when 'orgnr' then 'organisation' else 'person' end from strangers returning 1
   )
   select count(*)::int as made from made`,
)

const NAME = statement(
  'name_parties',
  `insert into party_identifier (scheme, value, party_id, replaced_at)
   select s.scheme, s.value, r.party_id, case when not s.current then clock_timestamp() end
     from staged_identifier s join resolved_party r using (doc)
    where not exists (select from party_identifier i where i.scheme = s.scheme and i.value = s.value)
   on conflict do nothing`,
)

const REPLACE = statement(
  'replace_identifiers',
  `update party_identifier i
      set replaced_at = case when s.scheme is null then clock_timestamp() end
     from resolved_party r
     join party_identifier other on other.party_id = r.party_id and other.scheme in ('fnr', 'dnr')
     left join staged_identifier s on s.doc = r.doc and s.scheme = other.scheme and s.value = other.value and s.current
    where not r.is_new and i.scheme = other.scheme and i.value = other.value
      and (s.scheme is null) = (i.replaced_at is null)`,
)

/**
 * Whether someone else has meanwhile given a number to another party, or made a party for one. Counted rather than asked
 * for by `exists`, which PostgreSQL plans for the first row that it finds, and here there is none to find.
 */
const RACED = statement(
  'numbers_raced',
  `with told as (
     select count(*) as raced from resolved_party r join staged_identifier s using (doc) join party_identifier i using (scheme, value)
      where i.party_id <> r.party_id
   ), mentioned as (
     select count(*) as raced from staged_relation r join resolved_party using (doc)
       left join party_identifier i on i.scheme = r.holder_scheme and i.value = r.holder_value
      where r.holder_value is not null and i.party_id is null
   )
   select told.raced + mentioned.raced > 0 as raced from told, mentioned`,
)

const FACTS = statement(
  'merge_facts',
  `with moment as materialized (select clock_timestamp() as at),
   closed as (
     update party_fact f
        set recorded = tstzrange(lower(f.recorded), greatest(clock_timestamp(), lower(f.recorded) + interval '1 microsecond'))
       from resolved_party r join staged_party s using (doc)
      where not r.is_new and f.party_id = r.party_id and upper_inf(f.recorded)
        and (f.source, f.name, f.family_name, f.born_on, f.died_on, f.ceased, f.protected_address, f.capacity_lost, f.residences)
            is distinct from ($1, s.name, s.family_name, s.born_on, s.died_on, s.ceased, s.protected_address,
              s.capacity_lost, s.residences)
     returning f.party_id, upper(f.recorded) as at
   ), added as (
     insert into party_fact (party_id, source, name, family_name, born_on, died_on, ceased, protected_address,
       capacity_lost, residences, recorded)
     select r.party_id, $1, s.name, s.family_name, s.born_on, s.died_on, s.ceased, s.protected_address, s.capacity_lost,
            s.residences, tstzrange(coalesce(c.at, moment.at), null)
       from moment cross join resolved_party r join staged_party s using (doc) left join closed c on c.party_id = r.party_id
      where r.is_new or c.party_id is not null
         or not exists (select from party_fact f where f.party_id = r.party_id and upper_inf(f.recorded))
     returning 1
   )
   select (select count(*) from added)::int as recorded, (select count(*) from closed)::int as closed`,
)

const CLOSE_FACTS = statement(
  'close_refused_facts',
  `with closed as (
     update party_fact f
        set recorded = tstzrange(lower(f.recorded), greatest(clock_timestamp(), lower(f.recorded) + interval '1 microsecond'))
       from refused_party r where f.party_id = r.party_id and f.source = $1 and upper_inf(f.recorded)
     returning 1
   )
   select count(*)::int as closed from closed`,
)

/**
 * What each ground is known by: its holder, and for guardians and roles the code, so that one person can be guardian in
 * two ways. The second of several of the same holder bears a number.
 */
const GROUNDS = statement(
  'resolve_grounds',
  `insert into resolved_ground (principal, representative, basis, source_reference, says, tasks, valid, candidate)
   with held as (
     select p.party_id as principal, i.party_id as representative, r.basis, r.says, r.tasks, r.valid, r.candidate,
            case when r.basis in ('guardian', 'organisation_role') then r.says || ':' else '' end
              || coalesce('party:' || i.party_id, r.holder_reference) as reference
       from staged_relation r join resolved_party p using (doc)
       left join party_identifier i on i.scheme = r.holder_scheme and i.value = r.holder_value
      where i.party_id is distinct from p.party_id
   ), joined as (
     select principal, representative, basis, reference, says, valid, (array_agg(candidate))[1] as candidate,
            case count(*) when 1 then min(tasks) else (
              select coalesce(array_agg(distinct task order by task), '{}')
                from unnest(string_to_array(string_agg(array_to_string(tasks, ','), ','), ',')) as t (task) where task <> '') end as tasks
       from held group by principal, representative, basis, reference, says, valid
   )
   select principal, representative, basis,
          reference || case when place > 1 then '#' || place else '' end, says, tasks, valid, candidate
     from (select *, row_number() over (partition by principal, basis, reference
                     order by lower(valid) nulls first, upper(valid) nulls last, says) as place from joined) numbered`,
)

const REPRESENT = statement(
  'make_representations',
  `insert into representation (representation_id, principal, representative, basis, source, source_reference)
   select g.candidate, g.principal, g.representative, g.basis, $1, g.source_reference from resolved_ground g
    where not exists (
      select from representation n
       where n.principal = g.principal and n.basis = g.basis and n.source = $1 and n.source_reference = g.source_reference
         and n.basis <> 'mandate')`,
)

const CLOSING = statement(
  'find_closing_relations',
  `insert into closing_relation
   select n.representation_id
     from resolved_party r
     join representation n on n.principal = r.party_id and n.source = $1
     join relation_version v on v.representation_id = n.representation_id and upper_inf(v.recorded)
     left join resolved_ground g
       on g.principal = n.principal and g.basis = n.basis and g.source_reference = n.source_reference
    where not r.is_new and (g.principal is null or (v.says, v.tasks, v.valid) is distinct from (g.says, g.tasks, g.valid))
   union all
   select n.representation_id
     from refused_party r
     join representation n on n.principal = r.party_id and n.source = $1
     join relation_version v on v.representation_id = n.representation_id and upper_inf(v.recorded)`,
)

/** In the order in which everyone else takes these locks. Who uses a ground just now is waited for. */
const LOCK = statement(
  'lock_closing_relations',
  `select from relation_version v join closing_relation c using (representation_id)
    where upper_inf(v.recorded) order by v.representation_id for no key update of v`,
)

const RELATIONS = statement(
  'merge_relations',
  `with moment as materialized (select clock_timestamp() as at),
   closed as (
     update relation_version v
        set recorded = tstzrange(lower(v.recorded), greatest(clock_timestamp(), lower(v.recorded) + interval '1 microsecond'))
       from closing_relation c where v.representation_id = c.representation_id and upper_inf(v.recorded)
     returning v.representation_id, upper(v.recorded) as at
   ), added as (
     insert into relation_version (representation_id, says, tasks, valid, recorded)
     select n.representation_id, g.says, g.tasks, g.valid, tstzrange(coalesce(c.at, moment.at), null)
       from moment cross join resolved_ground g
       join representation n on n.principal = g.principal and n.basis = g.basis and n.source = $1
        and n.source_reference = g.source_reference and n.basis <> 'mandate'
       left join closed c on c.representation_id = n.representation_id
      where c.representation_id is not null or not exists (
              select from relation_version v where v.representation_id = n.representation_id and upper_inf(v.recorded))
     returning 1
   )
   select (select count(*) from added)::int as recorded, (select count(*) from closed)::int as closed`,
)

const NOTE_REFUSALS = statement(
  'note_refusals',
  `with refused as (
     select i.scheme, i.value, d.code from dropped_document d join staged_identifier i using (doc)
      where d.code is not null and i.current
     union
     select scheme, value, code from staged_refusal
   ), each as (
     select scheme, value, min(code) as code from refused group by scheme, value
   ), taken as (
     delete from register_refusal r using staged_identifier i join resolved_party using (doc)
      where r.source = $1 and r.scheme = i.scheme and r.value = i.value
   ), noted as (
     insert into register_refusal (source, scheme, value, code) select $1, scheme, value, code from each
     on conflict (source, scheme, value) do update set code = excluded.code
      where register_refusal.code <> excluded.code
   )
   select code, count(*)::int as count from each group by code`,
)

/**
 * Makes what we know equal to what the staged documents say: closes what was recorded and adds a row only where something
 * differs, closes relations that have disappeared, and all that is known of those who are refused. After `resolveStaged`,
 * in its transaction.
 *
 * @param alone that nobody else can write to these tables just now.
 * @throws Error when someone else gave a number to another party meanwhile; the same may be tried again.
 */
export async function mergeStaged(
  tx: BulkTransaction,
  { source, kind }: FactSource,
  alone: boolean = false,
): Promise<Merged> {
  const [made] = await tx.query<{ made: number }>(MAKE_PARTIES, [kind])
  await tx.query(NAME, [])
  const [holders] = await tx.query<{ made: number }>(MAKE_HOLDERS, [])
  await tx.query(REPLACE, [])
  if (!alone) await refuseRace(tx)
  const [facts] = await tx.query<{ recorded: number; closed: number }>(FACTS, [source])
  const [refusedFacts] = await tx.query<{ closed: number }>(CLOSE_FACTS, [source])
  await tx.query(GROUNDS, [])
  await tx.query(statement('analyze_grounds', 'analyze resolved_ground'), [])
  await tx.query(REPRESENT, [source])
  await tx.query(CLOSING, [source])
  await tx.query(LOCK, [])
  const [relations] = await tx.query<{ recorded: number; closed: number }>(RELATIONS, [source])
  const refused = await tx.query<{ code: string; count: number }>(NOTE_REFUSALS, [source])
  return {
    partiesMade: (made?.made ?? 0) + (holders?.made ?? 0),
    factsRecorded: facts?.recorded ?? 0,
    factsClosed: (facts?.closed ?? 0) + (refusedFacts?.closed ?? 0),
    relationsRecorded: relations?.recorded ?? 0,
    relationsClosed: relations?.closed ?? 0,
    refused: Object.fromEntries(refused.map(({ code, count }) => [code, count])),
  }
}

async function refuseRace(tx: BulkTransaction): Promise<void> {
  const [numbers] = await tx.query<{ raced: boolean }>(RACED, [])
  if (numbers?.raced !== false) throw new Error('a number was given to another party meanwhile')
}
