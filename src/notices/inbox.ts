import { type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import { type NoticeSentences, noticeText } from '../domain/notice-text.js'
import { NOTICE_KINDS, type NoticeKind } from '../domain/notice.js'
import type { Actor } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database } from '../store/database.js'
import { type SeenNotice, readAllNotices, readNotice, seeNotices, unreadNotices } from '../store/notice-store.js'

const PAGE = 50
/** One that a newer program has told waits until this one knows its words. */
const KNOWN = Object.keys(NOTICE_KINDS) as NoticeKind[]

/** What a person has been told. */
export class Inbox {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly sentences: NoticeSentences,
  ) {}

  /** Latest first, with how many are unread in all; `next` asks for the page after. */
  async many(actor: Actor, language: Language, before: string | null): Promise<Json> {
    const { current } = await this.catalogues.latest(this.db)
    const found = await seeNotices(this.db, actor.partyId, KNOWN, before, PAGE)
    const unread = await unreadNotices(this.db, actor.partyId, KNOWN)
    const next = found.length === PAGE ? (found.at(-1)?.noticeId ?? null) : null
    return { notices: found.map((notice) => this.view(notice, language, current)), unread, next }
  }

  /** @throws Problem `no_such_notice`, also for others' notices. */
  async read(actor: Actor, noticeId: string): Promise<Json> {
    const isThere = await readNotice(this.db, actor.partyId, noticeId)
    if (!isThere) throw new Problem('no_such_notice', 'you have no such notice')
    return this.unread(actor)
  }

  async readAll(actor: Actor): Promise<Json> {
    await readAllNotices(this.db, actor.partyId)
    return this.unread(actor)
  }

  private async unread(actor: Actor): Promise<Json> {
    return { unread: await unreadNotices(this.db, actor.partyId, KNOWN) }
  }

  private view(notice: SeenNotice, language: Language, catalogue: CatalogueVersion): Json {
    const { noticeId, kind, subject, mandate, other, data, causedAt, readAt } = notice
    const service =
      data.service === undefined ? null : (findService(catalogue, data.service)?.name[language] ?? data.service)
    const names = { giver: mandate?.giver ?? null, middle: mandate?.middle ?? null, other }
    const words = { ...names, representative: mandate?.representative ?? null, role: mandate?.role ?? null }
    return {
      notice_id: noticeId,
      kind,
      at: causedAt.toISOString(),
      read_at: readAt?.toISOString() ?? null,
      text: noticeText(this.sentences, language, kind, {
        ...words,
        service,
        day: data.day ?? null,
        count: data.count ?? null,
      }),
      // A person of his own: our name for him is not for others.
      subject: kind === 'yearly_overview' ? null : subject,
      mandate_id: mandate === null ? null : subject,
      giver: names.giver,
      given_through: names.middle,
      representative: words.representative,
      other,
      service_name: service,
      last_day: data.day ?? null,
    }
  }
}
