import type { Identifier, NumberSeries } from '../domain/identifier.js'
import type { BulkConnection, BulkTransaction } from '../store/bulk-connection.js'
import { clock } from '../store/mandate-store.js'
import {
  type Cursor,
  confirmFreshAsOf,
  moveCursor,
  numbersAfter,
  organisationsNotToldOf,
  refusedNumbers,
  registerCursor,
  toldOf,
} from '../store/register-progress.js'
import type { StagedRefusal } from '../store/register-staging.js'
import type { StagedParty } from '../store/staged-rows.js'
import type { Enhetsregisteret, RoleChange } from './enhetsregisteret.js'
import { type FollowOptions, type Followed, alone } from './follow.js'
import { RegisterFault, type RegisterFaultCode } from './register-fault.js'
import { stagedOrganisation } from './staged-organisation.js'
import { takeIn } from './take-in.js'

/** The name under which facts of Enhetsregisteret are kept. */
export const ORGANISATION_REGISTER = 'ereg'

export interface FollowRolesOptions extends FollowOptions {
  readonly register: Enhetsregisteret
  readonly series: NumberSeries
}

const AT_ONCE = 100
/** Organisations have no look-up of many: so many are asked for side by side. */
const SIDE_BY_SIDE = 8
/** What is wrong with one organisation's answer, not with the register. */
const OF_ONE: readonly RegisterFaultCode[] = ['malformed', 'incomplete', 'unasked']

/**
 * Takes in the roles of the organisations that we know, wherever they have changed since we looked last, and of those that
 * are new to us. Where we have never followed, all that we know are read. The register has no look-up of its newest change:
 * each reading begins at the last one that we have seen, and if that is missing the answer is not believed.
 *
 * @throws RegisterFault when the register does not give what it should: what was taken in until then stands.
 */
export function followRoles(options: FollowRolesOptions): Promise<Followed> {
  return alone(options, ORGANISATION_REGISTER, async (connection) => {
    const compared = await compareIfNew(connection, options)
    await fetchAndTakeIn(connection, options, await refusedNumbers(connection, ORGANISATION_REGISTER, AT_ONCE))
    let events = 0
    for (;;) {
      options.signal?.throwIfAborted()
      const { moment } = await clock(connection)
      const cursor = (await registerCursor(connection, ORGANISATION_REGISTER)) ?? { since: new Date(0) }
      const { changes, next } = await changesFrom(options.register, cursor)
      if (changes.length === 0) {
        await takeInNew(connection, options)
        await confirmFreshAsOf(connection, ORGANISATION_REGISTER, moment)
        return { outcome: 'up_to_date', events, compared }
      }
      const known = await knownAmong(connection, changes)
      await fetchAndTakeIn(connection, options, known, (tx) => moveCursor(tx, ORGANISATION_REGISTER, next))
      events += changes.length
    }
  })
}

async function changesFrom(register: Enhetsregisteret, cursor: Cursor) {
  if ('since' in cursor) {
    const { changes, after } = await register.roleChanges(cursor.since)
    return { changes, next: after === null ? cursor : { position: after } }
  }
  const [last, ...changes] = (await register.roleChanges(Math.max(0, cursor.position - 1))).changes
  if (last?.id !== cursor.position)
    throw new RegisterFault('enhetsregisteret', 'incomplete', 'the last change that was seen is missing')
  return { changes, next: { position: changes.at(-1)?.id ?? cursor.position } }
}

async function compareIfNew(connection: BulkConnection, options: FollowRolesOptions): Promise<boolean> {
  if ((await registerCursor(connection, ORGANISATION_REGISTER)) !== null) return false
  const { instant } = await clock(connection)
  let after: { readonly scheme: string; readonly value: string } | undefined = { scheme: '', value: '' }
  while (after !== undefined) {
    options.signal?.throwIfAborted()
    const numbers: readonly Identifier[] = await numbersAfter(connection, ['orgnr'], after, AT_ONCE)
    await fetchAndTakeIn(connection, options, numbers)
    after = numbers.at(-1)
  }
  await connection.transaction((tx) => moveCursor(tx, ORGANISATION_REGISTER, { since: instant }))
  return true
}

/** Organisations that came to be known as someone's holder, or because someone asked about them. */
async function takeInNew(connection: BulkConnection, options: FollowRolesOptions): Promise<void> {
  for (;;) {
    const numbers = await organisationsNotToldOf(connection, ORGANISATION_REGISTER, AT_ONCE)
    if (numbers.length === 0) return
    await fetchAndTakeIn(connection, options, numbers)
  }
}

async function knownAmong(connection: BulkConnection, changes: readonly RoleChange[]): Promise<Identifier[]> {
  const numbers = [...new Set(changes.map(({ orgnr }) => orgnr))].map((value) => ({ scheme: 'orgnr', value }) as const)
  const told = await toldOf(connection, ORGANISATION_REGISTER, numbers)
  return numbers.filter(({ value }) => told.get(value)?.known === true)
}

async function fetchAndTakeIn(
  connection: BulkConnection,
  options: FollowRolesOptions,
  numbers: readonly Identifier[],
  also: (tx: BulkTransaction) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const parties: StagedParty[] = []
  const refusals: StagedRefusal[] = []
  for (let start = 0; start < numbers.length; start += SIDE_BY_SIDE) {
    const some = numbers.slice(start, start + SIDE_BY_SIDE)
    const read = await Promise.all(some.map((identifier) => readOne(options, identifier.value)))
    read.forEach((one, place) => {
      const identifier = some[place]
      if (typeof one !== 'string') parties.push(one)
      else if (identifier !== undefined) refusals.push({ identifier, code: one })
    })
  }
  const from = { source: ORGANISATION_REGISTER, kind: 'organisation' } as const
  const { refused } = await takeIn(connection, from, { parties, refusals }, options.onDeaths, also)
  if (Object.keys(refused).length > 0) options.onRefused(ORGANISATION_REGISTER, refused)
}

/** The organisation, or why it cannot be taken in. */
async function readOne({ register, series }: FollowRolesOptions, orgnr: string): Promise<StagedParty | string> {
  try {
    const organisation = await register.organisation(orgnr)
    return organisation === 'unknown' ? 'unknown_to_register' : stagedOrganisation(organisation, series)
  } catch (error) {
    if (error instanceof RegisterFault && OF_ONE.includes(error.code)) return error.code
    throw error
  }
}
