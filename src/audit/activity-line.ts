import { type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'
import type { AuditRow } from '../store/audit-store.js'
import type { UsesOfToken } from '../store/use-store.js'

/** What the lines of a page are written with. */
export interface Page {
  readonly viewer: PartyId
  readonly names: ReadonlyMap<string, string>
  readonly clients: ReadonlyMap<string, string>
  readonly uses: ReadonlyMap<string, UsesOfToken>
  readonly language: Language
  readonly catalogue: CatalogueVersion
}

/** As the pages and others’ apps get it: see `ActivityLineView`. */
export type Line = Readonly<Record<string, Json>>

/** An entry of the log as the viewer sees it: no more of anyone else than there is a ground for. */
export function lineOf(row: AuditRow, page: Page): Line {
  const { viewer, names, clients } = page
  const { content } = JSON.parse(row.entry) as { content: Content }
  const [byYou, forYou] = [row.actor === viewer, row.principal === viewer]
  const isActorKnown = row.actor !== null && (byYou || hadGround(row.kind, content))
  const isPrincipalKnown = row.principal !== null && (forYou || gaveToken(row.kind, content))
  return {
    entry_id: row.entryId,
    at: row.occurredAt.toISOString(),
    kind: row.kind,
    by_you: byYou,
    by: isActorKnown ? (names.get(row.actor) ?? null) : null,
    for_you: forYou,
    for: isPrincipalKnown ? (names.get(row.principal) ?? null) : null,
    asked_by: row.clientId === null ? null : (clients.get(row.clientId) ?? null),
    ...answerIn(row.kind, content),
    powers: powersIn(row.kind, content).map((power) => powerShown(power, page)),
    uses: gaveToken(row.kind, content) ? usesShown(page.uses.get(row.entryId), page) : null,
    mandate_id: content.mandate ?? null,
    reason: content.reason ?? null,
  }
}

function powerShown(
  { service, action, provider }: LoggedPower,
  { catalogue, language }: Page,
): Readonly<Record<string, Json>> {
  return { service, service_name: findService(catalogue, service)?.name[language] ?? service, action, provider }
}

/** What was done under a token, as far as its service has told. */
function usesShown(uses: UsesOfToken | undefined, page: Page): Json {
  const { done, failed, refused, latest } = uses ?? { done: 0, failed: 0, refused: 0, latest: [] }
  return {
    done,
    failed,
    refused,
    latest: latest.map((use) => ({
      at: new Date(use.happenedAt).toISOString(),
      reported_at: new Date(use.reportedAt).toISOString(),
      ...powerShown(use, page),
      outcome: use.outcome,
      reference: use.reference,
    })),
  }
}

function gaveToken(kind: string, { refused }: Content): boolean {
  return kind === 'exchange' && refused === null
}

interface LoggedPower {
  readonly service: string
  readonly action: string
  readonly provider: string | null
}

interface Content {
  readonly power?: LoggedPower | null
  readonly powers?: readonly (LoggedPower & {
    readonly allowed: boolean
    readonly reason: string | null
    readonly basis?: string | null
  })[]
  readonly answer?: { readonly allowed: boolean; readonly reason: string | null; readonly basis: string | null }
  /** Of an exchange: null where a token was issued, or why a gate was closed. Of an introspection: null where it held. */
  readonly refused?: string | null
  readonly mandate?: string
  readonly reason?: string | null
}

/** What was changed was changed by a party to it; what was asked may have been asked by anyone. */
function hadGround(kind: string, { answer, powers = [] }: Content): boolean {
  if (kind === 'evaluation') return (answer?.basis ?? null) !== null
  if (kind === 'search') return powers.some(({ basis }) => (basis ?? null) !== null)
  return isAboutToken(kind) ? powers.length > 0 : true
}

/** Whether it tells of a token that was asked for, or asked about. */
function isAboutToken(kind: string): boolean {
  return kind === 'exchange' || kind === 'introspection'
}

function answerIn(kind: string, { answer, refused, powers = [] }: Content): Record<string, Json> {
  if (kind === 'evaluation') return { allowed: answer?.allowed ?? null, refused_because: answer?.reason ?? null }
  if (!isAboutToken(kind)) return { allowed: null, refused_because: null }
  const reason = powers.find(({ allowed }) => !allowed)?.reason ?? 'no_registered_ground'
  return { allowed: refused === null, refused_because: refused === null ? null : reason }
}

/** Of an exchange that gave a token, or a token that held, what it covers; of one that did not, what was asked for; of a search what it found. */
function powersIn(kind: string, { power, powers = [], refused }: Content): readonly LoggedPower[] {
  if (power !== undefined && power !== null) return [power]
  const isAnswer = kind === 'search' || (isAboutToken(kind) && refused === null)
  return isAnswer ? powers.filter(({ allowed }) => allowed) : powers.filter(isPower)
}

/** Changes of a mandate list powers by id only. */
function isPower(power: Partial<LoggedPower>): power is LoggedPower {
  return power.service !== undefined
}
