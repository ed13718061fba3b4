import { createHmac } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import { type AuditKind, auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Language } from '../domain/catalogue.js'
import { holdsIdentityNumber } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import type { Actor, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database, Queryable, Transaction } from '../store/database.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { countLetters, findRequestByCode, insertLetter } from '../store/letter-store.js'
import { findParty, namedParties } from '../store/party-store.js'
import {
  type Refusal,
  declineRequest,
  holdRequestsOf,
  insertRequest,
  seeRequest,
  seeRequests,
  standingOf,
  stateForHelper,
  unblockHelper,
  withdrawRequest,
} from '../store/request-store.js'
import { writeOnce } from '../store/write-once.js'
import { tryCode } from './code-tries.js'
import { REQUEST_LIMITS, refuseNagging } from './request-limits.js'
import { requestView } from './request-view.js'
import { type WantedRequest, isMeant, possiblePowers } from './wanted-request.js'

const PAGE = 50
const DAY = 86_400_000

/**
 * Asking someone for a mandate. Whether it reached anyone the helper learns only from an answer: to a number that no one
 * has, to someone dead, protected or of another name, and from someone who is blocked, it is made by the same statements,
 * answered the same and listed the same as one that nobody answers.
 */
export class Requests {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    /** Key under which the numbers asked for are kept. */
    private readonly numberKey: Buffer,
    private readonly lettersAreSent: boolean,
  ) {}

  /**
   * Answers 201 with the request.
   *
   * @throws Problem naming the rule that the powers break, whoever is asked; `not_to_oneself`, `helper_not_available`,
   * `message_not_allowed`, and those of `refuseNagging`.
   */
  ask(actor: Actor, language: Language, key: string, wanted: WantedRequest): Promise<WriteAnswer> {
    const { principal: asked, message } = wanted
    if (asked.scheme === 'orgnr') throw new Problem('invalid_request', 'only a person is asked')
    const written = [message, wanted.familyName, ...wanted.powers.map(({ object }) => object)]
    if (written.some((words) => words !== null && holdsIdentityNumber(words))) {
      throw new Problem('message_not_allowed', 'an identity number stands in what is written')
    }
    const askedNumber = createHmac('sha256', this.numberKey).update(`asked:${asked.scheme}:${asked.value}`).digest()
    const { familyName, powers, until } = wanted
    const content = { ask: askedNumber.toString('base64url'), familyName, powers, until, message }
    return writeOnce(this.db, { owner: actor.partyId, key, content }, async (tx) => {
      const { current } = await this.catalogues.latest(tx)
      await holdRequestsOf(tx, actor.partyId)
      const found = await findParty(tx, asked)
      const parties = await namedParties(tx, found === null ? [actor.partyId] : [actor.partyId, found])
      const standing = await standingOf(tx, actor.partyId, askedNumber, found)
      const helper = parties.find(({ partyId }) => partyId === actor.partyId)
      if (found === actor.partyId) throw new Problem('not_to_oneself', 'you are the one you ask')
      const possible = possiblePowers(wanted, helper ?? null, current, standing.instant)
      refuseNagging(standing)
      const named = parties.find(({ partyId }) => partyId === found) ?? null
      const isReached = !standing.unheard && isMeant(named, wanted, current, standing.instant)
      const requestId = timeOrderedId()
      const principal = isReached ? found : null
      const lapsesAt = new Date(standing.instant.getTime() + REQUEST_LIMITS.openDays * DAY)
      const what = { powers: possible, until, message, lapsesAt }
      await insertRequest(tx, {
        ...{ requestId, helper: actor.partyId, principal, askedNumber, askedName: familyName, ...what },
      })
      const told = possible.map(({ service, action, provider }) => ({ service, action, provider }))
      await record(tx, 'request_made', standing.instant, actor, principal, { request: requestId, powers: told })
      return this.answer(tx, actor, language, requestId, 201)
    })
  }

  /** Made and received, latest first; `next` asks for the page after. */
  async many(actor: Actor, language: Language, before: string | null): Promise<Json> {
    const { current } = await this.catalogues.latest(this.db)
    const found = await seeRequests(this.db, actor.partyId, before, PAGE)
    const next = found.length === PAGE ? (found.at(-1)?.requestId ?? null) : null
    return { requests: found.map((request) => requestView(request, actor.partyId, language, current)), next }
  }

  /** One of them. @throws Problem `no_such_request`, also for others' requests. */
  async one(actor: Actor, language: Language, requestId: string): Promise<Json> {
    const request = await seeRequest(this.db, requestId, actor.partyId)
    if (request === null) throw new Problem('no_such_request', 'you have no such request')
    const { current } = await this.catalogues.latest(this.db)
    return requestView(request, actor.partyId, language, current)
  }

  /**
   * The one who is asked says no. With `block` the helper is not told, now or later.
   *
   * @throws Problem `no_such_request` (also for others' requests), `not_yours_to_do`, `not_in_this_state`.
   */
  decline(actor: Actor, language: Language, key: string, requestId: string, refusal: Refusal): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { decline: requestId, ...refusal } }
    return writeOnce(this.db, request, async (tx) => {
      const declined = await declineRequest(tx, requestId, actor.partyId, refusal)
      if (declined === null) return this.refuse(tx, actor, requestId, 'asked')
      const { reason, block: blocked, report: reported } = refusal
      const content = { request: requestId, helper: declined.helper, reason, blocked, reported }
      await record(tx, 'request_declined', declined.at, actor, actor.partyId, content)
      return this.answer(tx, actor, language, requestId, 200)
    })
  }

  /**
   * Lets through again what the helper of this request may ask from now on.
   *
   * @throws Problem as `decline` does; `not_in_this_state` where he is not blocked.
   */
  unblock(actor: Actor, language: Language, key: string, requestId: string): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { unblock: requestId } }
    return writeOnce(this.db, request, async (tx) => {
      const unblocked = await unblockHelper(tx, requestId, actor.partyId)
      if (unblocked === null) return this.refuse(tx, actor, requestId, 'asked')
      const content = { request: requestId, helper: unblocked.helper }
      await record(tx, 'helper_unblocked', unblocked.at, actor, actor.partyId, content)
      return this.answer(tx, actor, language, requestId, 200)
    })
  }

  /** The helper takes it back. @throws Problem as `decline` does. */
  withdraw(actor: Actor, language: Language, key: string, requestId: string): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { withdraw: requestId } }
    return writeOnce(this.db, request, async (tx) => {
      const withdrawn = await withdrawRequest(tx, requestId, actor.partyId)
      if (withdrawn === null) return this.refuse(tx, actor, requestId, 'helper')
      await record(tx, 'request_withdrawn', withdrawn.at, actor, withdrawn.principal, { request: requestId })
      return this.answer(tx, actor, language, requestId, 200)
    })
  }

  /**
   * The helper has a letter with a code sent to the one whom he asks. He sees neither the code nor the address, nor whether
   * there was anyone to send it to. Answers 201 with the request.
   *
   * @throws Problem as `decline` does; `letters_not_sent`, `already_asked` where one was ordered, `asked_too_often`.
   */
  orderLetter(actor: Actor, language: Language, key: string, requestId: string): Promise<WriteAnswer> {
    if (!this.lettersAreSent) throw new Problem('letters_not_sent', 'no letters are sent from here')
    const request = { owner: actor.partyId, key, content: { orderLetter: requestId } }
    return writeOnce(this.db, request, async (tx) => {
      await holdRequestsOf(tx, actor.partyId)
      const seen = await seeRequest(tx, requestId, actor.partyId)
      if (seen?.helper.partyId !== actor.partyId || stateForHelper(seen) !== 'open') {
        return this.refuse(tx, actor, requestId, 'helper')
      }
      const { forThis, inAYear } = await countLetters(tx, actor.partyId, requestId)
      if (forThis > 0) throw new Problem('already_asked', 'a letter was ordered for this request')
      if (inAYear >= REQUEST_LIMITS.lettersInAYear) {
        throw new Problem('asked_too_often', `${REQUEST_LIMITS.lettersInAYear} letters within a year`)
      }
      const letterId = timeOrderedId()
      const at = await insertLetter(tx, letterId, requestId)
      await record(tx, 'letter_ordered', at, actor, seen.principal, { letter: letterId, request: requestId })
      return this.answer(tx, actor, language, requestId, 201)
    })
  }

  /**
   * The request to this person that a letter told of.
   *
   * @throws Problem `code_not_valid` for a code that is wrong, another’s or no longer good; `code_mistyped`, `too_many_requests`.
   */
  async byCode(actor: Actor, language: Language, written: string): Promise<Json> {
    const requestId = await findRequestByCode(this.db, await tryCode(this.db, actor, written), actor.partyId)
    if (requestId === null) throw new Problem('code_not_valid', 'no request to you has this code')
    return (await this.answer(this.db, actor, language, requestId, 200)).body
  }

  /** Why nothing came of it. */
  private async refuse(db: Queryable, actor: Actor, requestId: string, role: 'asked' | 'helper'): Promise<never> {
    const seen = await seeRequest(db, requestId, actor.partyId)
    if (seen === null) throw new Problem('no_such_request', 'you have no such request')
    if ((seen.helper.partyId === actor.partyId) !== (role === 'helper')) {
      throw new Problem('not_yours_to_do', 'only the other one may do this')
    }
    throw new Problem('not_in_this_state', 'it is no longer, or not, in the state for this')
  }

  private async answer(
    db: Queryable,
    actor: Actor,
    language: Language,
    requestId: string,
    status: number,
  ): Promise<WriteAnswer> {
    const request = await seeRequest(db, requestId, actor.partyId)
    if (request === null) throw new Error('a request has vanished')
    const { current } = await this.catalogues.latest(db)
    return { status, etag: null, body: requestView(request, actor.partyId, language, current) }
  }
}

async function record(
  tx: Transaction,
  kind: AuditKind,
  occurredAt: Date,
  actor: Actor,
  principal: PartyId | null,
  content: Record<string, Json>,
): Promise<void> {
  await appendWithChange(tx, auditEntry({ kind, occurredAt, actor: actor.partyId, principal, clientId: null, content }))
}
