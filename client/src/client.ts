import { askFor, type Decision, type Question } from './ask.js'
import type { RegisteredClient } from './client-proof.js'
import { type DelegationToken, type Exchange, exchangeFor } from './exchange.js'
import { type Introspected, introspectionOf, introspector } from './introspection.js'
import { type IssuerCalls, issuerCalls } from './issuer-calls.js'
import { issuerMetadata } from './metadata.js'
import { endSession, openSession, type OpenedSession } from './representations.js'
import { reporter, type Reporter, type ReportedUse, type Use } from './report.js'
import type { StatusSource } from './statuses.js'
import { type Verifier, type VerifierSettings, verifierWith } from './verifier.js'
import { type EventsOptions, type FollowedEvents, followEvents, type KeySource, type VerifiedToken } from './verify.js'

export type { Allowed, Assured, Decision, Denied, Question, Text } from './ask.js'
export { CallFailed, type CallFailure } from './call-failed.js'
export type { RegisteredClient } from './client-proof.js'
export type { DelegationToken, Exchange } from './exchange.js'
export type { Introspected } from './introspection.js'
export { type Outcome, type ReportedUse, type Reporter, type ReporterSettings, reporter, type Use } from './report.js'
export { newProofKey, type ProofKey } from './proof-key.js'
export type { Reason, Remedy } from './reasons.js'
export type { ListedPower, OpenedSession, Representation } from './representations.js'
export { newVerifier, type Verifier, type VerifierSettings, type Wanted } from './verifier.js'
export * from './verify.js'

/** What of a token a use is reported by. */
type Reported = Pick<VerifiedToken, 'evaluationId' | 'power'>

export interface FullmaktSettings extends VerifierSettings {
  /** This service as a client of the issuer. */
  readonly client: RegisteredClient
  /**
   * Who is told of the events that are followed from the first token on, and of what goes wrong with that. Null follows
   * none: then only the status lists tell of an end, up to 30 s later.
   */
  readonly events: Pick<EventsOptions, 'onEvent' | 'onFault'> | null
  /** Is told of each use that will not be reported, and why; left out, the process warns of it. */
  readonly onLost?: ((use: ReportedUse, why: string) => void) | undefined
}

/** Everything that a registered service does with Fullmakt. Calls throw `CallFailed` and are not sent again. */
export interface Fullmakt extends Verifier {
  /** May this person do this for that one? A no is an answer; an error is no yes. */
  ask(question: Question): Promise<Decision>
  /** For whom may the user act here? Opens the session that exchanges go by. */
  representations(idToken: string): Promise<OpenedSession>
  /** Ends that session, at the user's logout. */
  endSession(actorGrant: string): Promise<void>
  /** A token for one of the representations. */
  exchange(exchange: Exchange): Promise<DelegationToken>
  /** What the issuer says of a token at this very moment. */
  introspect(token: string): Promise<Introspected>
  /** Tells the one represented what was done under a token. Returns at once and is sent in the background. */
  report(token: Reported, use: Use): void
  /** Follows no more, sends the uses that wait, and gives back those that could not be sent in so many milliseconds. */
  close(milliseconds: number): Promise<readonly ReportedUse[]>
}

/** Make one for the life of the process, and close it at its end. Asks nothing of the issuer before it is used. */
export function connectFullmakt(settings: FullmaktSettings): Fullmakt {
  const { issuer, audience, client } = settings
  const metadata = issuerMetadata(issuer)
  const calls = issuerCalls(issuer, metadata, client)
  const events = followed(settings, calls)
  const uses = reported(settings, calls)
  return Object.freeze({
    ...verifierWith(settings, metadata, introspector(calls), events.heard),
    ask: (question: Question) => askFor(calls, question),
    representations: (idToken: string) => openSession(issuer, calls, idToken),
    endSession: (actorGrant: string) => endSession(issuer, calls, actorGrant),
    exchange: (exchange: Exchange) => exchangeFor(issuer, audience, calls, exchange),
    introspect: (token: string) => introspectionOf(calls, token),
    report: (token: Reported, use: Use) => uses.report(token, use),
    close: (milliseconds: number) => {
      events.close()
      return uses.close(milliseconds)
    },
  })
}

interface Following {
  readonly heard: (keys: KeySource, statuses: StatusSource) => StatusSource
  close(): void
}

/** Events are followed from the first token on. */
function followed(
  { issuer, client, events }: FullmaktSettings,
  { newAccessToken: accessToken }: IssuerCalls,
): Following {
  const { clientId } = client
  let following: FollowedEvents | undefined
  return {
    heard: (keys, statuses) => {
      if (events === null) return statuses
      const { onEvent, onFault } = events
      return (reference, now, issued) => {
        following ??= followEvents({ issuer, clientId, keys, statuses, accessToken, onEvent, onFault })
        return following.statuses(reference, now, issued)
      }
    },
    close: () => following?.close(),
  }
}

function reported(
  { issuer, onLost = warnOfLoss }: FullmaktSettings,
  { accessToken: token }: IssuerCalls,
): Pick<Reporter, 'report' | 'close'> {
  let made: Reporter | undefined
  const uses = (): Reporter => (made ??= reporter({ issuer, token, onLost }))
  return {
    report: (token, use) => uses().report(token, use),
    close: (milliseconds) => uses().close(milliseconds),
  }
}

function warnOfLoss({ use_id: id }: ReportedUse, why: string): void {
  process.emitWarning(`a use was not reported (${id}): ${why}`, 'FullmaktWarning')
}
