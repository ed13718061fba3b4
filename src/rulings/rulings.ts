import { v7 as timeOrderedId } from 'uuid'
import { type AuditKind, auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { ageOn, osloDay } from '../domain/calendar.js'
import { canonicalJson } from '../domain/canonical-json.js'
import { ACTIONS, type Action, findService } from '../domain/catalogue.js'
import type { RulingKind } from '../domain/ground.js'
import type { Identifier } from '../domain/identifier.js'
import { LEGAL_RULES } from '../domain/legal-rules.js'
import type { Json } from '../domain/json.js'
import type { Actor, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import { findClient } from '../store/client-store.js'
import { type Database, type Queryable, type Transaction, violatedConstraint } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { writeOnce } from '../store/write-once.js'
import { findParty, namedParties } from '../store/party-store.js'
import {
  type MadeBy,
  type NewRuling,
  type StoredRuling,
  endRuling,
  findRulingOfClient,
  holdGroundsOf,
  insertRuling,
  rulingsOfParty,
} from '../store/ruling-store.js'

/** What a ruling reaches; what is null is not limited. */
export interface Reach {
  readonly service: string | null
  readonly action: string | null
  readonly object: string | null
}

/** A ruling as an authority tells it. */
export interface WantedRuling extends Reach {
  readonly kind: RulingKind
  readonly principal: Identifier
  readonly representative: Identifier | null
  readonly from: Date | null
  readonly until: Date | null
  readonly reference: string
}

/**
 * Takes in what authorities decide and people reserve about acting for someone. A ruling counts for every answer that is
 * asked for after it was taken in: it waits for exchanges under way with the principal's grounds, and they for it.
 */
export class Rulings {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
  ) {}

  /**
   * Records a ruling of an authority. Told again under the same reference it is the same ruling.
   *
   * @throws Problem `not_yours_to_do` when the client is not registered for rulings of this kind, `reference_in_use` when
   * the reference is another ruling's, and what names a part that cannot be.
   */
  async record(clientId: string, wanted: WantedRuling): Promise<StoredRuling> {
    const client = await findClient(this.db, clientId)
    if (client?.mayRule.includes(wanted.kind) !== true) {
      throw new Problem('not_yours_to_do', 'this client is not registered for rulings of this kind')
    }
    const ruling = await this.newRuling(wanted, { client: clientId })
    const before = await findRulingOfClient(this.db, clientId, wanted.reference)
    if (before !== null) return sameOrRefused(before, ruling)
    try {
      await this.db.transaction((tx) => this.make(tx, ruling, null))
    } catch (error) {
      // Of two that are told at once under one reference, one is recorded.
      if (violatedConstraint(error) !== 'ruling_of_client') throw error
    }
    const made = await findRulingOfClient(this.db, clientId, wanted.reference)
    if (made === null) throw new Error('the ruling was not recorded')
    return sameOrRefused(made, ruling)
  }

  /** Ends a ruling that this client made. @throws Problem `no_such_ruling`, `not_in_this_state` when it had ended. */
  async end(clientId: string, rulingId: string): Promise<StoredRuling> {
    const ruling = await this.ofClient(clientId, rulingId)
    await this.db.transaction((tx) => this.close(tx, ruling, { client: clientId }))
    // One that was to begin later never comes to be: it is recorded no more, and holds at no time.
    const ended = await findRulingOfClient(this.db, clientId, rulingId)
    return ended ?? { ...ruling, validUntil: ruling.validFrom }
  }

  async ofClient(clientId: string, rulingId: string): Promise<StoredRuling> {
    const ruling = await findRulingOfClient(this.db, clientId, rulingId)
    if (ruling === null) throw new Problem('no_such_ruling', 'this client has made no such ruling')
    return ruling
  }

  /** The person keeps everyone from acting for him in something. @throws Problem when he is too young for it. */
  reserve(actor: Actor, key: string, reach: Reach): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { reserve: reach } }
    return writeOnce(this.db, request, async (tx) => {
      await this.refuseTooYoung(tx, actor.partyId, reach.service)
      // One after the other: what is counted here must still be so when it is added to.
      await holdGroundsOf(tx, actor.partyId)
      const before = await rulingsOfParty(tx, actor.partyId)
      if (before.some((one) => sameReach(one, reach))) {
        return { status: 201, etag: null, body: await this.reservations(tx, actor.partyId) }
      }
      if (before.length >= MOST_RESERVATIONS) {
        throw new Problem('not_in_this_state', `there are ${MOST_RESERVATIONS} reservations: take one back first`)
      }
      const ruling: NewRuling = {
        ...{ rulingId: timeOrderedId(), kind: 'reservation', principal: actor.partyId, representative: null },
        ...(await this.knownReach(tx, reach)),
        ...{ madeBy: { party: actor.partyId }, reference: null, validFrom: null, validUntil: null },
      }
      await this.make(tx, ruling, actor.partyId)
      return { status: 201, etag: null, body: await this.reservations(tx, actor.partyId) }
    })
  }

  /** Takes a reservation of one's own back. @throws Problem `no_such_ruling` */
  lift(actor: Actor, key: string, rulingId: string): Promise<WriteAnswer> {
    return writeOnce(this.db, { owner: actor.partyId, key, content: { lift: rulingId } }, async (tx) => {
      const ruling = (await rulingsOfParty(tx, actor.partyId)).find((one) => one.rulingId === rulingId)
      if (ruling === undefined) throw new Problem('no_such_ruling', 'there is no such reservation of yours')
      await this.close(tx, ruling, { party: actor.partyId })
      return { status: 200, etag: null, body: await this.reservations(tx, actor.partyId) }
    })
  }

  /** What the person has reserved, in force or to come. */
  async reservations(db: Queryable, party: PartyId): Promise<Json> {
    return { reservations: (await rulingsOfParty(db, party)).map(rulingView) }
  }

  /** One may object from the age at which the service lets a minor have a say: where parents' powers shrink, or where it is his own. */
  private async refuseTooYoung(tx: Transaction, party: PartyId, service: string | null): Promise<void> {
    const [person] = await namedParties(tx, [party])
    const { instant } = await clock(tx)
    const { current } = await this.catalogues.latest(tx)
    const found = service === null ? undefined : findService(current, service)
    const fromAge = found?.parent?.reduced?.fromAge ?? found?.selfFromAge ?? LEGAL_RULES.childUntilAge.value
    const oldEnough =
      person !== undefined && person.bornOn !== null && ageOn(person.bornOn, osloDay(instant)) >= fromAge
    if (!oldEnough)
      throw new Problem('principal_too_young', `one can reserve from the age of ${fromAge}`, { from_age: fromAge })
  }

  private async make(tx: Transaction, ruling: NewRuling, actor: PartyId | null): Promise<void> {
    await holdGroundsOf(tx, ruling.principal)
    const { instant } = await clock(tx)
    const validFrom = ruling.validFrom ?? instant
    if (ruling.validUntil !== null && ruling.validUntil <= validFrom) throw endsBeforeStart()
    await insertRuling(tx, { ...ruling, validFrom })
    await this.log(tx, 'ruling_made', ruling, actor, instant)
  }

  private async close(tx: Transaction, ruling: StoredRuling, by: MadeBy): Promise<void> {
    await holdGroundsOf(tx, ruling.principal)
    const endedAt = await endRuling(tx, ruling.rulingId)
    if (endedAt === null) throw new Problem('not_in_this_state', 'the ruling has ended')
    await this.log(tx, 'ruling_ended', { ...ruling, madeBy: by }, 'party' in by ? by.party : null, endedAt)
  }

  private log(
    tx: Transaction,
    kind: AuditKind,
    ruling: Pick<NewRuling, 'rulingId' | 'kind' | 'principal' | 'representative' | 'service' | 'action' | 'madeBy'>,
    actor: PartyId | null,
    occurredAt: Date,
  ): Promise<void> {
    const { rulingId, principal, representative, service, action, madeBy } = ruling
    const content = { ruling: rulingId, ruling_kind: ruling.kind, representative, service, action }
    const clientId = 'client' in madeBy ? madeBy.client : null
    return appendWithChange(tx, auditEntry({ kind, occurredAt, actor, principal, clientId, content }))
  }

  private async newRuling(wanted: WantedRuling, madeBy: MadeBy): Promise<NewRuling> {
    const { kind, reference, from, until } = wanted
    if (from !== null && until !== null && until <= from) throw endsBeforeStart()
    const needs = NEEDS[kind]
    const representative = wanted.representative === null ? null : await this.party(wanted.representative)
    const reach = await this.knownReach(this.db, wanted)
    const missing = needs.filter((member) => (member === 'representative' ? representative : reach[member]) === null)
    if (missing.length > 0) throw new Problem('invalid_request', `a ${kind} must name: ${missing.join(', ')}`)
    const principal = await this.party(wanted.principal)
    const parties = { principal, representative }
    return {
      rulingId: timeOrderedId(),
      kind,
      ...parties,
      ...reach,
      madeBy,
      reference,
      validFrom: from,
      validUntil: until,
    }
  }

  private async party(identifier: Identifier): Promise<PartyId> {
    const partyId = await findParty(this.db, identifier)
    if (partyId === null) throw new Problem('party_not_known', 'no register has told us of someone with this number')
    return partyId
  }

  private async knownReach(
    db: Queryable,
    { service, action, object }: Reach,
  ): Promise<Reach & { readonly action: Action | null }> {
    const { current } = await this.catalogues.latest(db)
    const found = service === null ? null : findService(current, service)
    if (found === undefined) throw new Problem('unknown_service', 'the catalogue has no such service')
    const known = ACTIONS.find((one) => one === action) ?? null
    if (action !== null && (known === null || (found !== null && !found.actions.includes(known)))) {
      throw new Problem('unknown_action', 'the service has no such action')
    }
    return { service, action: known, object }
  }
}

/** As many as one person may have at a time: every answer about him reads them all. */
const MOST_RESERVATIONS = 100

function sameReach(one: Reach, other: Reach): boolean {
  return one.service === other.service && one.action === other.action && one.object === other.object
}

function endsBeforeStart(): Problem {
  return new Problem('end_before_start', 'the ruling would end before it begins')
}

/** What a ruling of each kind must name to mean anything. */
const NEEDS: Readonly<Record<RulingKind, readonly ('representative' | 'service' | 'action' | 'object')[]>> = {
  care_order: [],
  set_guardian: ['representative'],
  conflict_of_interest: [],
  reservation: ['service'],
  consent: ['service', 'action', 'object'],
  lasting_power_scope: ['representative', 'service'],
}

function sameOrRefused(before: StoredRuling, now: NewRuling): StoredRuling {
  const told = ({ kind, principal, representative, service, action, object }: StoredRuling | NewRuling): string =>
    canonicalJson({ kind, principal, representative, service, action, object })
  const sameTime =
    (now.validFrom === null || now.validFrom.getTime() === before.validFrom.getTime()) &&
    (now.validUntil?.getTime() ?? null) === (before.validUntil?.getTime() ?? null)
  if (told(before) === told(now) && sameTime) return before
  throw new Problem('reference_in_use', 'another ruling was told under this reference')
}

/** A ruling as the one who made it sees it: numbers are not sent back. */
export function rulingView(ruling: StoredRuling): { readonly [member: string]: Json } {
  return {
    ruling_id: ruling.rulingId,
    kind: ruling.kind,
    service: ruling.service,
    action: ruling.action,
    object: ruling.object,
    reference: ruling.reference,
    valid_from: ruling.validFrom.toISOString(),
    valid_until: ruling.validUntil?.toISOString() ?? null,
  }
}
