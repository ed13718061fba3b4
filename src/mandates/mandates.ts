import type { Json } from '../domain/json.js'
import type { Language } from '../domain/catalogue.js'
import { type Acting, type Actor, organisationOf } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database, Queryable } from '../store/database.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { seeMandate, seeMandates, seeVersions } from '../store/mandate-view-store.js'
import { type Manager, actingFor, stillActing } from './acting.js'
import { type WantedChange, changeMandate } from './change.js'
import { confirm } from './confirm.js'
import { freezeAll } from './freeze-all.js'
import { mandateView, versionView } from './mandate-view.js'
import { type WriteRequest, writeOnce } from '../store/write-once.js'

const PAGE = 50

/** The draft that someone confirms, and from where. */
export interface ConfirmedDraft {
  readonly draftId: string
  /** SHA-256 of the text on the screen, base64url. */
  readonly textHash: string
  /** SHA-256 of what the browser holds from login to login; null where it holds nothing. */
  readonly deviceHash: Buffer | null
}

/** What a person does with the mandates that he, or an organisation he acts for, has given or received. */
export class Mandates {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
  ) {}

  /** Confirms a draft: see `confirm.ts`. Answers 201 with the mandate. */
  async confirm(
    manager: Manager,
    language: Language,
    key: string,
    { draftId, textHash, deviceHash }: ConfirmedDraft,
  ): Promise<WriteAnswer> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'sign')
    const request = requestOf(acting, key, { confirm: draftId, textHash })
    return writeOnce(this.db, request, async (tx) => {
      await stillActing(tx, this.catalogues, acting, 'sign')
      const mandateId = await confirm(
        tx,
        this.catalogues,
        acting,
        draftId,
        Buffer.from(textHash, 'base64url'),
        deviceHash,
      )
      return this.answer(tx, acting, language, mandateId, 201)
    })
  }

  /** Changes a mandate: see `change.ts`. Answers 200 with the mandate as it now stands. */
  async change(
    manager: Manager,
    language: Language,
    key: string,
    mandateId: string,
    ifVersion: number,
    wanted: WantedChange,
    reason: string | null,
  ): Promise<WriteAnswer> {
    const action = wanted.kind === 'thaw' ? 'sign' : 'write'
    const acting = await actingFor(this.db, this.catalogues, manager, action)
    const request = requestOf(acting, key, { change: mandateId, ifVersion, wanted, reason })
    return writeOnce(this.db, request, async (tx) => {
      await stillActing(tx, this.catalogues, acting, action)
      const { current } = await this.catalogues.latest(tx)
      await changeMandate(tx, acting, mandateId, ifVersion, wanted, reason, current)
      return this.answer(tx, acting, language, mandateId, 200)
    })
  }

  /** Freezes all that the actor has given: see `freeze-all.ts`. Answers 200 with how many, and with what it does not stop. */
  freezeAll(actor: Actor, key: string): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { freezeAll: true } }
    return writeOnce(this.db, request, async (tx) => ({ status: 200, etag: null, body: await freezeAll(tx, actor) }))
  }

  /** @throws Problem `no_such_mandate`, also for others' mandates. */
  async one(manager: Manager, language: Language, mandateId: string): Promise<WriteAnswer> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'read')
    return this.answer(this.db, acting, language, mandateId, 200)
  }

  /** Given and received, latest first; `next` asks for the page after. */
  async many(manager: Manager, language: Language, before: string | null): Promise<Json> {
    const { party } = await actingFor(this.db, this.catalogues, manager, 'read')
    const { current } = await this.catalogues.latest(this.db)
    const found = await seeMandates(this.db, party, before, PAGE)
    const next = found.length === PAGE ? (found.at(-1)?.mandateId ?? null) : null
    return { mandates: found.map((mandate) => mandateView(mandate, party, language, current)), next }
  }

  /** @throws Problem `no_such_mandate`, also for others' mandates. */
  async versions(manager: Manager, language: Language, mandateId: string): Promise<Json> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'read')
    if ((await seeMandate(this.db, mandateId, acting.party)) === null) {
      throw new Problem('no_such_mandate', 'you have no such mandate')
    }
    const { current } = await this.catalogues.latest(this.db)
    const versions = await seeVersions(this.db, mandateId)
    return { versions: versions.map((version) => versionView(version, acting, language, current)) }
  }

  private async answer(
    db: Queryable,
    { party }: Acting,
    language: Language,
    mandateId: string,
    status: number,
  ): Promise<WriteAnswer> {
    const mandate = await seeMandate(db, mandateId, party)
    if (mandate === null) throw new Problem('no_such_mandate', 'you have no such mandate')
    const { current } = await this.catalogues.latest(db)
    const body = mandateView(mandate, party, language, current)
    return { status, etag: `"${mandate.version}"`, body }
  }
}

/** The key is the human's; one request for himself and one for an organisation are never the same. */
function requestOf(acting: Acting, key: string, content: Readonly<Record<string, unknown>>): WriteRequest {
  const organisation = organisationOf(acting)
  const whose = organisation === null ? {} : { organisation }
  return { owner: acting.actor.partyId, key, content: { ...content, ...whose } }
}
