import type { Assurance } from './assurance.js'
import type { User } from './claims.js'
import type { Power } from './ground.js'
import type { Held } from './held.js'
import { type KeySource, remoteKeys } from './keys.js'
import { issuerMetadata, type Metadata } from './metadata.js'
import type { PresentedProof } from './proof.js'
import { TokenRefused } from './refused.js'
import { rememberTokens } from './seen.js'
import { remoteStatuses, type StatusSource } from './statuses.js'
import { type Introspector, verify } from './verify.js'
import type { VerifiedToken } from './verified-token.js'

/** What one request is held against. */
export interface Wanted {
  readonly power: Power
  readonly user: User | null
  readonly proof: PresentedProof | null
  readonly minimumAssurance: Assurance
}

/** Checks the tokens that come to this service. */
export interface Verifier {
  /** As `verify`, with everything that is the same for all requests filled in. */
  verify(token: string, wanted: Wanted): Promise<VerifiedToken>
}

export interface VerifierSettings {
  /** The issuer's identifier, exactly as in its metadata. */
  readonly issuer: string
  /** The audience under which this service is registered. */
  readonly audience: string
  /** What time it is; left out, the machine's clock. */
  readonly now?: (() => Date) | undefined
}

/**
 * For a service that only takes tokens and is no client of the issuer. Fetches keys and status lists; tokens that must be
 * introspected it refuses. Make one for the life of the process.
 */
export function newVerifier(settings: VerifierSettings): Verifier {
  return verifierWith(settings, issuerMetadata(settings.issuer), null)
}

/** @param heard what else tells of grounds, beside the status lists. */
export function verifierWith(
  { issuer, audience, now = () => new Date() }: VerifierSettings,
  metadata: Held<Metadata>,
  introspect: Introspector | null,
  heard: (keys: KeySource, statuses: StatusSource) => StatusSource = (_, statuses) => statuses,
): Verifier {
  const keys = keysBy(metadata)
  const statuses = heard(keys, remoteStatuses(issuer, keys))
  const seen = rememberTokens()
  return Object.freeze({
    verify: (token: string, wanted: Wanted) =>
      verify(token, { ...wanted, issuer, audience, keys, statuses, seen, introspect, now: now() }),
  })
}

/** The keys at the address that the metadata names. It is asked for once: an outage after that is for the keys to bear. */
function keysBy(metadata: Held<Metadata>): KeySource {
  let source: KeySource | undefined
  return async (kid, typ) => {
    if (source === undefined) {
      const { keys } = await metadataOf(metadata)
      // Another may have been here while this one waited.
      source ??= remoteKeys(new URL(keys))
    }
    return source(kid, typ)
  }
}

async function metadataOf(metadata: Held<Metadata>): Promise<Metadata> {
  try {
    return await metadata.get()
  } catch (cause) {
    throw new TokenRefused('keys_unavailable', 'the metadata could not be had from the issuer', { cause })
  }
}
