import pg from 'pg'
import { syntheticIdentityNumber } from '../standins/people.js'
import { SYNTHETIC_REGISTER } from '../dev/population.js'
import type { RepresentationId } from '../src/domain/mandate.js'
import type { PartyId } from '../src/domain/party.js'

/** Two people, and a mandate in force from the one to the other. */
export interface Pair {
  readonly mandateId: RepresentationId
  readonly principal: PartyId
  readonly representative: PartyId
  readonly principalNumber: string
  readonly representativeNumber: string
}

/** What each mandate gives. */
export const STOCKED = { service: 'nav.pension', actions: ['read', 'communicate', 'write'] } as const

/**
 * Fills the tables with so many mandates, each between two people of its own, as the service would have written them,
 * but in one statement for each table; then has statistics gathered, so that plans are those of a database in use.
 */
export async function stockMandates(superuserUrl: string, mandates: number): Promise<readonly Pair[]> {
  const client = new pg.Client(superuserUrl)
  await client.connect()
  try {
    await client.query('begin')
    await client.query(STOCKED_PEOPLE)
    await client.query(NAMES, [identityNumbers(2 * mandates)])
    for (const text of [PARTIES, IDENTIFIERS]) await client.query(text)
    await client.query(FACTS, [SYNTHETIC_REGISTER])
    for (const text of [REPRESENTATIONS, MANDATES, VERSIONS, EVIDENCE]) await client.query(text)
    await client.query(POWERS, [STOCKED.service, STOCKED.actions])
    const { rows } = await client.query<Pair>(PAIRS)
    await client.query('commit')
    await client.query('vacuum analyze')
    return rows
  } finally {
    await client.end()
  }
}

function identityNumbers(count: number): string[] {
  const numbers: string[] = []
  for (let day = 0; numbers.length < count; day++) {
    const bornOn = new Date(Date.UTC(1930, 0, 1 + day)).toISOString().slice(0, 10)
    for (let serial = 0; serial < 500 && numbers.length < count; serial += 7) {
      const number = syntheticIdentityNumber(bornOn, serial)
      if (number !== null) numbers.push(number)
    }
  }
  return numbers
}

const STOCKED_PEOPLE = 'create temporary table stocked (id uuid, number text, place bigint) on commit drop'

const NAMES = `
  insert into stocked
  select gen_random_uuid(), number, place from unnest($1::text[]) with ordinality as n (number, place)`

const PARTIES = `insert into party (party_id, kind) select id, 'person' from stocked`

const IDENTIFIERS = `insert into party_identifier (scheme, value, party_id) select 'fnr', number, id from stocked`

const FACTS = `
  insert into party_fact (party_id, source, name, family_name, born_on, protected_address, recorded)
  select id, $1, 'Person ' || place, 'Person', date '1950-05-17', false, tstzrange(now() - interval '1 day', null)
    from stocked`

/** Who stands at an odd place gives a mandate to the one after. */
const REPRESENTATIONS = `
  insert into representation (representation_id, principal, representative, basis, source)
  select gen_random_uuid(), giver.id, taker.id, 'mandate', 'self_service'
    from stocked giver join stocked taker on taker.place = giver.place + 1 where giver.place % 2 = 1`

const MANDATES = `
  insert into mandate (mandate_id, version)
  select representation_id, 1 from representation join stocked on id = principal`

const VERSIONS = `
  insert into mandate_version (mandate_id, version, change, made_by, made_at, language, text, text_hash, catalogue_version)
  select representation_id, 1, 'given', principal, now() - interval '1 day', 'nb', representation_id::text,
         sha256(convert_to(representation_id::text, 'UTF8')), (select max(version) from catalogue_version)
    from representation join stocked on id = principal`

/** As `dev/made-evidence.ts` makes it: no provider signed it. */
const EVIDENCE = `
  insert into evidence (mandate_id, version, id_token, provider_key, answered_at, nonce, draft_id, content, same_device)
  select v.mandate_id, 1, 'e30.' || translate(encode(convert_to(json_build_object('pid', s.number, 'nonce', n.nonce)::text, 'UTF8'),
           'base64'), E'+/=\\n', '-_') || '.', '{"kty":"none"}', v.made_at, v.text_hash, v.mandate_id, '{"kind":"made"}', false
    from mandate_version v join stocked s on s.id = v.made_by
    cross join lateral (select translate(encode(v.text_hash, 'base64'), '+/=', '-_') as nonce) n`

const POWERS = `
  insert into mandate_power (mandate_power_id, mandate_id, version, principal, representative, given_by, service_id, action,
    catalogue_version, state, passing_on, valid, recorded)
  select gen_random_uuid(), representation_id, 1, principal, representative, principal, $1, action,
         (select max(version) from catalogue_version), 'active', false,
         tstzrange(now() - interval '1 day', now() + interval '90 days'), tstzrange(now() - interval '1 day', null)
    from representation join stocked on id = principal, unnest($2::text[]) as action`

const PAIRS = `
  select n.representation_id as "mandateId", n.principal, n.representative,
         giver.number as "principalNumber", taker.number as "representativeNumber"
    from representation n join stocked giver on giver.id = n.principal join stocked taker on taker.id = n.representative
   order by giver.place`
