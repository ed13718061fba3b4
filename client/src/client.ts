import { askFor, type Decision, type Question } from './ask.js'
import type { RegisteredClient } from './client-proof.js'
import { type DelegationToken, type Exchange, exchangeFor } from './exchange.js'
import { type Introspected, introspectionOf, introspector } from './introspection.js'
import { issuerCalls } from './issuer-calls.js'
import { issuerMetadata } from './metadata.js'
import { endSession, openSession, type OpenedSession } from './representations.js'
import { type Verifier, type VerifierSettings, verifierWith } from './verifier.js'

export type { Allowed, Assured, Decision, Denied, Question, Text } from './ask.js'
export { CallFailed, type CallFailure } from './call-failed.js'
export type { RegisteredClient } from './client-proof.js'
export type { DelegationToken, Exchange } from './exchange.js'
export type { Introspected } from './introspection.js'
export { newProofKey, type ProofKey } from './proof-key.js'
export type { Reason, Remedy } from './reasons.js'
export type { ListedPower, OpenedSession, Representation } from './representations.js'
export { newVerifier, type Verifier, type VerifierSettings, type Wanted } from './verifier.js'
export * from './verify.js'

export interface FullmaktSettings extends VerifierSettings {
  /** This service as a client of the issuer. */
  readonly client: RegisteredClient
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
}

/** Make one for the life of the process. Asks nothing of the issuer before something is asked of it. */
export function connectFullmakt(settings: FullmaktSettings): Fullmakt {
  const { issuer, audience, client } = settings
  const metadata = issuerMetadata(issuer)
  const calls = issuerCalls(issuer, metadata, client)
  return Object.freeze({
    ...verifierWith(settings, metadata, introspector(calls)),
    ask: (question: Question) => askFor(calls, question),
    representations: (idToken: string) => openSession(issuer, calls, idToken),
    endSession: (actorGrant: string) => endSession(issuer, calls, actorGrant),
    exchange: (exchange: Exchange) => exchangeFor(issuer, audience, calls, exchange),
    introspect: (token: string) => introspectionOf(calls, token),
  })
}
