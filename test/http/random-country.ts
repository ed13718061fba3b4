import { randomUUID } from 'node:crypto'
import type { Action, CatalogueVersion, Service } from '../../src/domain/catalogue.js'
import { GUARDIANSHIPS, RESPONSIBILITIES, RULINGS } from '../../src/domain/ground.js'
import type { Database } from '../../src/store/database.js'
import { insertRuling } from '../../src/store/ruling-store.js'
import { tellRelation } from '../support/relations.js'
import type { Chance } from './chance.js'
import { CHILDREN, type Inhabitant, makeOrganisation, makePerson, registerOf } from './random-inhabitants.js'
import { type Giving, OBJECTS, type Pair, giveMandate, inDays, passOn } from './random-mandates.js'

/**
 * A few people and an organisation, and anything between them, made from one number and put into a real database. The values
 * are few, so that rules meet; every time is days away from now, so that nothing changes while it is asked about.
 */

export interface Country {
  readonly inhabitants: readonly Inhabitant[]
  /** Between which there was, is or will be something. */
  readonly pairs: readonly Pair[]
  /** The services that most of it is about. */
  readonly services: readonly Service[]
  readonly organisation: Inhabitant
}

const PEOPLE = 8
const OFTEN = ['mandate', 'mandate', 'mandate', 'parent', 'parent'] as const
const KINDS = [...OFTEN, 'guardian', 'lasting_power', 'organisation_role'] as const
const ROLES = ['DAGL', 'DAGL', 'SIGN', 'SIFE', 'SIFE', 'LEDE', 'VARA']

/**
 * @param versions of the catalogue that have been published; the last of them is in force.
 * @param client that may make rulings.
 */
export async function makeCountry(
  db: Database,
  versions: readonly CatalogueVersion[],
  chance: Chance,
  client: string,
): Promise<Country> {
  const catalogue = versions.at(-1)
  if (catalogue === undefined) throw new Error('no catalogue has been published')
  // Those for which others count come up more often: several must agree, or someone must live with the child.
  const shared = catalogue.services.filter(
    ({ parent, roles }) => parent?.coResidence === true || roles.length > 0 || (parent?.bothParents ?? []).length > 0,
  )
  const services = Array.from({ length: 4 }, () => chance.of(chance.hit(50) ? shared : catalogue.services))
  const people: Inhabitant[] = []
  for (let place = 0; place < PEOPLE; place++) people.push(await makePerson(db, chance, place))
  const organisation = await makeOrganisation(db, chance)
  const inhabitants = [...people, organisation]
  const pairs: Pair[] = []
  const made: Making = { db, versions, catalogue, chance, client, services, people, organisation, pairs, mandates: [] }
  for (let number = 0; number < 20; number++) await makeGround(made)
  for (let number = 0; number < 5; number++) await makeRuling(made)
  return { inhabitants, pairs, services, organisation }
}

interface Making extends Giving {
  /** The version in force. */
  readonly catalogue: CatalogueVersion
  readonly client: string
  readonly organisation: Inhabitant
  readonly pairs: Pair[]
}

async function makeGround(made: Making): Promise<void> {
  const { chance, people, organisation, pairs } = made
  const kind = chance.of(KINDS)
  const [children, adults] = [people.slice(0, CHILDREN), people.slice(CHILDREN)]
  const usual = kind === 'organisation_role' ? [organisation] : kind === 'parent' ? children : adults
  const principal = kind === 'organisation_role' || chance.hit(85) ? chance.of(usual) : chance.of(people)
  const others = (some: readonly Inhabitant[]): Inhabitant[] => some.filter((one) => one !== principal)
  const representative = chance.of(others(chance.hit(92) ? adults : people))
  // Again and again between the same two: several grounds of one pair must not be taken for each other.
  const pair = kind !== 'organisation_role' && pairs.length > 0 && chance.hit(30) ? chance.of(pairs) : null
  const between = pair?.principal.kind === 'person' ? pair : { principal, representative }
  const passedOn = kind === 'mandate' && chance.hit(40) ? await passOn(made) : null
  pairs.push(passedOn ?? between)
  if (passedOn !== null) return
  if (kind === 'mandate') return giveMandate(made, between)
  const anonymous = (kind === 'parent' || kind === 'organisation_role') && chance.hit(6)
  await tellRelation(made.db, {
    principal: between.principal.partyId,
    representative: anonymous ? null : between.representative.partyId,
    basis: kind,
    says: saidOf(kind, chance),
    tasks: kind === 'guardian' ? Array.from({ length: 3 }, () => taskFor(made)) : [],
    ...periodOf(chance),
    source: registerOf(chance),
  })
  if (kind === 'lasting_power' && chance.hit(80)) await registerScope(made, between)
}

function saidOf(kind: string, chance: Chance): string {
  switch (kind) {
    case 'parent':
      return chance.hit(50) ? 'felles' : chance.of(RESPONSIBILITIES)
    case 'guardian':
      return chance.of(GUARDIANSHIPS)
    default:
      return kind === 'organisation_role' ? chance.of(ROLES) : ''
  }
}

/** Mostly without an end, sometimes over, sometimes to come. */
function periodOf(chance: Chance): { from?: string; until?: string } {
  const days = (count: number): string => inDays(count).toISOString()
  if (chance.hit(75)) return chance.hit(50) ? {} : { from: days(-90), until: days(90) }
  return chance.hit(50) ? { from: days(-90), until: days(-5) } : { from: days(5) }
}

function taskFor({ chance, services, catalogue }: Making): string {
  const some = (chance.hit(75) ? services : catalogue.services).flatMap(({ guardians }) => guardians)
  const rule = some.length === 0 ? { business: 'nav', task: 'pensjon' } : chance.of(some)
  return `${rule.business}/${rule.task}`
}

async function registerScope(made: Making, { principal, representative }: Pair): Promise<void> {
  const reach = reachOf(made)
  const service = reach.service ?? made.chance.of(made.services).id
  await rule(made, 'lasting_power_scope', principal, representative, { ...reach, service })
}

async function makeRuling(made: Making): Promise<void> {
  const { chance, pairs, people } = made
  const kind = chance.of(RULINGS)
  const { principal, representative } = chance.of(pairs)
  const about = chance.hit(60) ? representative : chance.of(people)
  const named = kind === 'set_guardian' || kind === 'lasting_power_scope' || chance.hit(40)
  const reach = reachOf(made)
  const whole = kind === 'consent' || kind === 'lasting_power_scope'
  const service = whole ? (reach.service ?? chance.of(made.services).id) : reach.service
  const act = { action: reach.action ?? 'sign', object: reach.object ?? 'sak-1' } as const
  await rule(made, kind, principal, named ? about : null, { ...reach, service, ...(kind === 'consent' ? act : {}) })
}

interface Reach {
  readonly service: string | null
  readonly action: Action | null
  readonly object: string | null
}

function reachOf({ chance, services }: Making): Reach {
  const service = chance.of(services)
  return {
    service: chance.hit(75) ? service.id : null,
    action: chance.hit(70) ? null : chance.of(service.actions),
    object: chance.of(OBJECTS),
  }
}

async function rule(
  { db, chance, client }: Making,
  kind: (typeof RULINGS)[number],
  principal: Inhabitant,
  representative: Inhabitant | null,
  reach: Reach,
): Promise<void> {
  const { from, until } = periodOf(chance)
  await db.transaction((tx) =>
    insertRuling(tx, {
      ...{ rulingId: randomUUID(), kind, principal: principal.partyId, ...reach },
      representative: representative?.partyId ?? null,
      ...{ madeBy: { client }, reference: randomUUID() },
      validFrom: from === undefined ? null : new Date(from),
      validUntil: until === undefined ? null : new Date(until),
    }),
  )
}
