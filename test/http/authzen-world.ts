import { v7 as timeOrderedId } from 'uuid'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import type { PartyId } from '../../src/domain/party.js'
import { Database } from '../../src/store/database.js'
import { ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import { sql } from '../store/given.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService } from '../support/visitors.js'

/** A small world between the stand-in people: what they have given, and what registers tell of parents and guardians. */
export interface World {
  readonly parts: TestService
  /** Registered for all of `SERVICES`, and may use numbers. */
  readonly nav: RelyingService
  readonly admin: Database
  readonly numberOf: (id: string) => string
  readonly partyOf: (id: string) => PartyId
  /** Tells of a ground by law between the two, as a register would. */
  tell(
    principal: PartyId,
    representative: PartyId,
    basis: string,
    says: string,
    tasks?: readonly string[],
  ): Promise<void>
  /** Someone new of whom the register has told. */
  newParty(name: string, bornOn?: string): Promise<PartyId>
  stop(): Promise<void>
}

/** By both parents, by one; with token, without; protected addresses helped or refused; some that need consent. */
export const SERVICES = [
  'nav.pension',
  'nav.assistive-tech',
  'tax.return',
  'health.appointments',
  'muni.building',
  'muni.school',
]

/** Mandates in every state, parents of children of every age, guardians, and someone with a protected address. */
export const PEOPLE = [
  'emma-berge',
  'silje-berge',
  'thomas-berge',
  'noah-lien',
  'camilla-lien',
  'aksel-lind',
  'hedda-lind',
  'astrid-haugen',
  'olaug-myhre',
  'berit-haugen',
  'turid-tveit',
  'bjarne-aas',
  'per-lunde',
  'hanne-lunde',
  'randi-moe',
  'sunniva-moe',
]

type Told = readonly [principal: string, representative: string, basis: string, says: string, tasks?: readonly string[]]
const TOLD: readonly Told[] = [
  ['emma-berge', 'silje-berge', 'parent', 'felles'],
  ['emma-berge', 'thomas-berge', 'parent', 'felles'],
  ['noah-lien', 'camilla-lien', 'parent', 'mor'],
  ['aksel-lind', 'hedda-lind', 'parent', 'mor'],
  ['sunniva-moe', 'randi-moe', 'parent', 'mor'],
  ['turid-tveit', 'bjarne-aas', 'guardian', 'voksen', ['nav/pensjon', 'kommune/byggOgEiendom']],
  ['astrid-haugen', 'berit-haugen', 'guardian', 'voksen', ['skatteetaten/skatt']],
  ['per-lunde', 'bjarne-aas', 'lasting_power', ''],
]

export async function startWorld(): Promise<World> {
  const parts = await testService()
  const admin = await Database.open({ url: parts.testDatabase.superuserUrl, connections: 2 })
  const rows = await sql<{ value: string; party: PartyId }>(
    admin,
    'select value, party_id as party from party_identifier',
  )
  const parties = new Map(rows.map(({ value, party }) => [value, party]))
  const numberOf = (id: string): string => parts.people.find(id)?.identityNumber ?? ''
  const partyOf = (id: string): PartyId => {
    const party = parties.get(numberOf(id))
    if (party === undefined) throw new Error(`no party is called ${id}`)
    return party
  }
  const tell: World['tell'] = async (principal, representative, basis, says, tasks = []) => {
    const id = timeOrderedId()
    await sql(
      admin,
      `with told as (
         insert into representation (representation_id, principal, representative, basis, source, source_reference)
         values ($1::uuid, $2, $3, $4, $5, $1::uuid::text)
       )
       insert into relation_version (representation_id, says, tasks, valid, recorded)
       values ($1::uuid, $6, $7, tstzrange(clock_timestamp() - interval '1 year', null), tstzrange(clock_timestamp(), null))`,
      [id, principal, representative, basis, SYNTHETIC_REGISTER, says, [...tasks]],
    )
  }
  await sql(admin, `update client set services = $1 where client_id = 'nav-web'`, [SERVICES])
  for (const [principal, representative, ...what] of TOLD) {
    await tell(partyOf(principal), partyOf(representative), ...what)
  }
  return {
    parts,
    nav: await RelyingService.open(parts, 'nav-web'),
    admin,
    numberOf,
    partyOf,
    tell,
    newParty: (name, bornOn = '1950-05-17') => newParty(admin, name, bornOn),
    async stop() {
      await admin.close()
      await parts.stop()
    },
  }
}

async function newParty(db: Database, name: string, bornOn: string): Promise<PartyId> {
  const partyId = await ensureParty(db, { scheme: 'eidas', value: `NO/NO/${timeOrderedId()}` })
  await recordPartyFacts(db, partyId, {
    source: SYNTHETIC_REGISTER,
    name,
    familyName: name,
    bornOn,
    diedOn: null,
    ceased: false,
    protectedAddress: false,
    capacityLost: [],
    residences: [],
  })
  return partyId
}
