import { v7 as timeOrderedId } from 'uuid'
import { type AuditKind, auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { ACTIONS, type CatalogueVersion, findService } from '../domain/catalogue.js'
import { type EmployeePower, isForEmployees } from '../domain/employment.js'
import type { Identifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import type { RepresentationId } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import { findClient } from '../store/client-store.js'
import type { Database, Transaction } from '../store/database.js'
import {
  type NewEmployment,
  type StoredEmployment,
  employmentsOf,
  endEmployment,
  findEmployment,
  insertEmployment,
} from '../store/employment-store.js'
import { type Handles, ensureHandles } from '../store/handle-store.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { clock } from '../store/mandate-store.js'
import { ensureParty } from '../store/party-store.js'
import { writeOnce } from '../store/write-once.js'

/** What someone who works for an organisation is to do on its behalf, as that organisation tells it. */
export interface WantedEmployment {
  readonly employee: Identifier
  readonly powers: readonly WantedEmployeePowers[]
  /** Null: from now on. */
  readonly from: Date | null
  /** Null: until it is ended. */
  readonly until: Date | null
}

export interface WantedEmployeePowers {
  readonly service: string
  readonly actions: readonly string[]
  readonly provider: string | null
}

const MOST_ON_A_PAGE = 100

/**
 * Takes in what organisations tell of those who work for them. An organisation tells through a client of its own that is
 * registered for it, and of no one's employees but its own. Whether the employee is known is not answered: no one finds out
 * by it who there is.
 */
export class Employments {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
  ) {}

  /**
   * Records an employment; it counts for every answer that is asked for afterwards.
   *
   * @throws Problem `not_yours_to_do`, `end_before_start`, or what names a power that cannot be told.
   */
  async tell(clientId: string, key: string, wanted: WantedEmployment): Promise<WriteAnswer> {
    const organisation = await this.employer(clientId)
    const employee = await ensureParty(this.db, wanted.employee)
    const { from, until, powers } = wanted
    const content = { employee, powers: powers.map((power) => ({ ...power })), from: iso(from), until: iso(until) }
    return writeOnce(this.db, { owner: `client:${clientId}`, key, content: { tell: content } }, async (tx) => {
      const { current } = await this.catalogues.latest(tx)
      const { instant } = await clock(tx)
      const validFrom = from ?? instant
      if (until !== null && (until <= validFrom || until <= instant)) {
        throw new Problem('end_before_start', 'it would end before it begins, or has ended')
      }
      const employmentId = timeOrderedId() as RepresentationId
      const parties = { organisation, employee, toldBy: clientId }
      const told = { employmentId, ...parties, powers: readPowers(powers, current), validFrom, validUntil: until }
      await insertEmployment(tx, told)
      await this.log(tx, 'employment_told', told, clientId, instant)
      const handles = await ensureHandles(tx, clientId, [employee], [])
      return { status: 201, etag: null, body: employmentView(told, handles) }
    })
  }

  /** Ends an employment in the client's own organisation now. @throws Problem `no_such_employment`, `not_in_this_state` */
  async end(clientId: string, key: string, employmentId: string): Promise<WriteAnswer> {
    const organisation = await this.employer(clientId)
    return writeOnce(this.db, { owner: `client:${clientId}`, key, content: { end: employmentId } }, async (tx) => {
      const employment = await findEmployment(tx, organisation, employmentId)
      if (employment === null) throw new Problem('no_such_employment', 'your organisation has no such employment')
      const endedAt = await endEmployment(tx, employmentId, clientId)
      if (endedAt === null) throw new Problem('not_in_this_state', 'the employment has ended')
      await this.log(tx, 'employment_ended', employment, clientId, endedAt)
      const handles = await ensureHandles(tx, clientId, [employment.employee], [])
      // One that was to begin later never comes to be: it holds at no time.
      const validUntil = endedAt < employment.validFrom ? employment.validFrom : endedAt
      return { status: 200, etag: null, body: employmentView({ ...employment, validUntil }, handles) }
    })
  }

  /** Those of the client's own organisation that are in force or to come, a page at a time. */
  async list(clientId: string, after: string | null): Promise<Json> {
    const organisation = await this.employer(clientId)
    const found = await employmentsOf(this.db, organisation, after, MOST_ON_A_PAGE + 1)
    const page = found.slice(0, MOST_ON_A_PAGE)
    const employees = page.map(({ employee }) => employee)
    const handles = await ensureHandles(this.db, clientId, employees, [])
    const next = found.length > page.length ? (page.at(-1)?.employmentId ?? null) : null
    return { employments: page.map((one) => employmentView(one, handles)), next }
  }

  /** The registration is read anew: who may no longer tell is not held to have been allowed to. */
  private async employer(clientId: string): Promise<PartyId> {
    const client = await findClient(this.db, clientId)
    if (client?.mayTellEmployments !== true) {
      throw new Problem('not_yours_to_do', 'this client is not registered to tell who works for its organisation')
    }
    return ensureParty(this.db, { scheme: 'orgnr', value: client.organisation })
  }

  private log(
    tx: Transaction,
    kind: AuditKind,
    { employmentId, organisation, employee, powers }: StoredEmployment,
    clientId: string,
    occurredAt: Date,
  ): Promise<void> {
    const content = { employment: employmentId, employee, powers: powers.map((power) => ({ ...power })) }
    const about = { actor: null, principal: organisation, clientId }
    return appendWithChange(tx, auditEntry({ kind, occurredAt, ...about, content }))
  }
}

/** @throws Problem naming the first power that cannot be told. */
function readPowers(wanted: readonly WantedEmployeePowers[], catalogue: CatalogueVersion): readonly EmployeePower[] {
  const powers = wanted.flatMap(({ service: id, actions, provider }) => {
    const service = findService(catalogue, id)
    if (service === undefined)
      throw new Problem('unknown_service', 'the catalogue has no such service', { service: id })
    if (provider !== null && !service.providers.includes(provider)) {
      throw new Problem('unknown_provider', 'this organisation does not offer the service', { service: id })
    }
    return actions.map((name) => {
      const action = ACTIONS.find((one) => one === name)
      if (action === undefined || !service.actions.includes(action)) {
        throw new Problem('unknown_action', 'the service has no such action', { service: id, action: name })
      }
      if (!isForEmployees({ action })) {
        throw new Problem('not_left_to_employees', 'this takes a role that the register tells of', { action: name })
      }
      return { service: id, action, provider }
    })
  })
  if (new Set(powers.map((power) => JSON.stringify(power))).size < powers.length) {
    throw new Problem('same_power_twice', 'the same power stands twice')
  }
  return powers
}

/** An employment as the organisation's client sees it: by handle, since numbers are not sent back. */
function employmentView(
  { employmentId, employee, powers, validFrom, validUntil }: Omit<NewEmployment, 'organisation' | 'toldBy'>,
  handles: Handles,
): Json {
  return {
    employment_id: employmentId,
    employee: handles.ofParty(employee),
    powers: powers.map((power) => ({ ...power })),
    valid_from: iso(validFrom),
    valid_until: iso(validUntil),
  }
}

function iso(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
