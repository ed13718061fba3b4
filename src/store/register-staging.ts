import type { Identifier } from '../domain/identifier.js'
import type { BulkTransaction } from './bulk-connection.js'
import { statement } from './database.js'
import { type StagedParty, type StagedText, stagedText } from './staged-rows.js'

const MAKE = statement(
  'make_staging',
  `create temp table if not exists staged_party (
     doc integer not null, candidate uuid not null, name text not null, family_name text, born_on date, died_on date,
     dead boolean not null, ceased boolean not null, protected_address boolean not null, capacity_lost text[] not null,
     residences text[] collate "C" not null) on commit delete rows;
   create temp table if not exists staged_identifier (
     doc integer not null, scheme text collate "C" not null, value text collate "C" not null, current boolean not null)
     on commit delete rows;
   create temp table if not exists staged_relation (
     doc integer not null, candidate uuid not null, basis text not null, says text collate "C" not null,
     tasks text[] collate "C" not null, valid tstzrange not null, holder_scheme text collate "C",
     holder_value text collate "C", holder_reference text collate "C") on commit delete rows;
   create temp table if not exists staged_refusal (
     scheme text collate "C" not null, value text collate "C" not null, code text collate "C" not null)
     on commit delete rows;
   create temp table if not exists doubled_number (scheme text collate "C" not null, value text collate "C" not null)
     on commit delete rows;
   create temp table if not exists dropped_document (doc integer primary key, code text collate "C") on commit delete rows;
   create temp table if not exists known_document (doc integer not null, party_id uuid not null) on commit delete rows;
   create temp table if not exists resolved_party (doc integer not null, party_id uuid not null, is_new boolean not null)
     on commit delete rows;
   create temp table if not exists refused_party (party_id uuid not null) on commit delete rows;
   create temp table if not exists resolved_ground (
     principal uuid not null, representative uuid, basis text not null, source_reference text collate "C" not null,
     says text collate "C" not null, tasks text[] collate "C" not null, valid tstzrange not null, candidate uuid not null)
     on commit delete rows;
   create temp table if not exists closing_relation (representation_id uuid not null) on commit delete rows`,
)

/** Someone whose document could not be read, or whom the register no longer knows. */
export interface StagedRefusal {
  readonly identifier: Identifier
  readonly code: string
}

/** Where documents wait, within one transaction, until they are merged. */
export interface Staging {
  add(parties: readonly StagedParty[], refusals: readonly StagedRefusal[]): Promise<void>
}

/** Empty staging tables in this transaction. They are the session's own and are empty again when it ends. */
export async function beginStaging(tx: BulkTransaction): Promise<Staging> {
  await tx.query(MAKE, [])
  let documents = 0
  return {
    async add(parties, refusals) {
      if (parties.length > 0) await copyStaged(tx, inOnePiece(stagedText(parties, documents)))
      documents += parties.length
      if (refusals.length > 0) await stageRefusals(tx, refusals)
    },
  }
}

function inOnePiece({ parties, identifiers, relations }: StagedText) {
  return { parties: [parties], identifiers: [identifiers], relations: [relations] }
}

/** Copies rows that `stagedText` has written, in pieces if they are many. */
export async function copyStaged(
  tx: BulkTransaction,
  text: Readonly<Record<keyof StagedText, Parameters<BulkTransaction['copy']>[1]>>,
): Promise<void> {
  await tx.copy('staged_party', text.parties)
  await tx.copy('staged_identifier', text.identifiers)
  await tx.copy('staged_relation', text.relations)
}

const REFUSE = statement(
  'stage_refusals',
  `insert into staged_refusal select * from unnest($1::text[], $2::text[], $3::text[])`,
)

async function stageRefusals(tx: BulkTransaction, refusals: readonly StagedRefusal[]): Promise<void> {
  await tx.query(REFUSE, [
    refusals.map(({ identifier }) => identifier.scheme),
    refusals.map(({ identifier }) => identifier.value),
    refusals.map(({ code }) => code),
  ])
}
