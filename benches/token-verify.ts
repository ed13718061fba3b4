import { randomUUID } from 'node:crypto'
import { type Expected, rememberTokens, verify } from '@fullmakt/client'
import {
  type CryptoKey,
  type JWTVerifyOptions,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose'
import { fixedKeys } from '../dev/fixed-keys.js'
import type { ActorGrant } from '../src/store/actor-grant-store.js'
import type { PartyId } from '../src/domain/party.js'
import type { RepresentationId } from '../src/domain/mandate.js'
import { type Delegation, delegationClaims } from '../src/tokens/delegation-token.js'
import type { SigningKeys } from '../src/tokens/signing-keys.js'
import { alternate, awaitedPerSecond, median, medianRatio } from './sampling.js'
import { type Bench, ratio, whole } from './section.js'

const ROUNDS = 7
const SECONDS = 0.5
const TOKENS = 20_000
/** So many tokens are in use at the same time where each is seen again and again. */
const SEEN = 1_000

const ISSUER = 'https://fullmakt.example.no'
const AUDIENCE = 'https://nav-web.example.no'
const NOW = new Date()
const POWER = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
const USER = { issuer: 'https://idporten.no', subject: 'k7Yq2mVb0sH4xJ1tR9wN3cE8' }

/** The client package's `verify` beside jose's own, on tokens that neither has seen. */
export const tokenVerifyBench: Bench = {
  name: 'token-verify',
  title: 'Token verification in the client package beside bare jose',
  async run() {
    const { keys: signing, publicKey, kid } = await newKey()
    const tokens = await Promise.all(
      Array.from({ length: TOKENS }, () => signing.sign('at+jwt', claimsOf(randomUUID()))),
    )
    let next = 0
    const unseen = (): string => tokens[next++ % TOKENS] ?? ''
    const expected: Expected = {
      keys: (asked) => Promise.resolve(asked === kid ? publicKey : undefined),
      statuses: () => Promise.resolve(),
      issuer: ISSUER,
      audience: AUDIENCE,
      now: NOW,
      power: POWER,
      user: USER,
      proof: null,
      minimumAssurance: 'substantial',
      introspect: null,
    }
    const remembering: Expected = { ...expected, seen: rememberTokens() }
    const seen = (): string => tokens[next++ % SEEN] ?? ''
    const bare: JWTVerifyOptions = {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      currentDate: NOW,
    }
    const rows: string[][] = []
    for (const underway of [1, 16]) {
      const figures = await alternate(ROUNDS, {
        ours: () => awaitedPerSecond(SECONDS, underway, () => verify(unseen(), expected)),
        again: () => awaitedPerSecond(SECONDS, underway, () => verify(seen(), remembering)),
        jose: () => awaitedPerSecond(SECONDS, underway, () => jwtVerify(unseen(), publicKey, bare)),
      })
      const { ours, again, jose } = figures
      const compared = [ratio(medianRatio(ours, jose)), medianRatio(again, jose).toFixed(1)]
      rows.push([`${underway}`, whole(median(ours)), whole(median(again)), whole(median(jose)), ...compared])
    }
    return [
      `ES256, ${tokens[0]?.length ?? 0} characters, the key at hand for both. jose checks signature, type, issuer, audience ` +
        `and time; \`verify\` the form, the actor, the ground, the power and the level besides. ` +
        `Seen: one of ${whole(SEEN)} tokens whose signature held before; all else is checked anew. Medians of ${ROUNDS} runs of ` +
        `${SECONDS} s, in turn.`,
      {
        columns: ['under way', '`verify`/s', '`verify` of a seen one/s', 'jose `jwtVerify`/s', 'ratio', 'ratio, seen'],
        rows,
      },
    ]
  },
}

async function newKey(): Promise<{ keys: SigningKeys; publicKey: CryptoKey; kid: string }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { keys: await fixedKeys({ ...jwk, kid }), publicKey, kid }
}

/** As the service makes them. */
function claimsOf(evaluationId: string) {
  const grant: ActorGrant = {
    partyId: 'actor' as PartyId,
    worksFor: null,
    ...USER,
    acr: 'idporten-loa-high',
    level: 'high',
    authenticatedAt: NOW,
  }
  const groundEnd = new Date(NOW.getTime() + 30 * 86_400_000)
  const decision = {
    allowed: true,
    basis: 'mandate',
    representationId: 'mandate' as RepresentationId,
    obligations: [{ type: 'assurance', level: 'substantial' }],
    validUntil: groundEnd,
  } as const
  const delegation: Delegation = {
    issuer: ISSUER,
    audience: AUDIENCE,
    clientId: 'nav-web',
    grant,
    principalHandle: 'p_8ZkQ1mC4vTq0bX2nR6yLsA',
    viaHandle: null,
    representationHandle: 'r_3HfW9pD5uKe7gY1oJ2xNtB',
    basis: 'mandate',
    powers: [{ power: POWER, decision, groundEnd }],
    status: { status_list: { idx: 412_873, uri: `${ISSUER}/statuslists/1` } },
    evaluationId,
    instant: NOW,
    jkt: null,
    idporten: null,
  }
  return delegationClaims(delegation)
}
