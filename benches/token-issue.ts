import path from 'node:path'
import type { Request } from 'autocannon'
import { type JWTPayload, decodeJwt } from 'jose'
import { keyInFile } from '../dev/development-keys.js'
import { fixedKeys } from '../dev/fixed-keys.js'
import { hashOf, newSecret } from '../src/login/opaque-secret.js'
import { openActorGrant } from '../src/store/actor-grant-store.js'
import { Database } from '../src/store/database.js'
import { ensureHandles } from '../src/store/handle-store.js'
import type { SigningKeys } from '../src/tokens/signing-keys.js'
import { forked } from './forked.js'
import { SEEN_COLUMNS, type Seen, load, seenRow } from './http-load.js'
import type { Pair } from './mandate-stock.js'
import { AUDIENCE, CLIENT_ID } from './relying-service.js'
import { alternate, awaitedPerSecond, median } from './sampling.js'
import { type Bench, type Block, whole } from './section.js'
import { type Stage, startStage } from './stage.js'

const MANDATES = 1_000
const CONNECTIONS = [1, 16, 128] as const
const ROUNDS = 3
/** A client's proof is good for one request, so each run has its own. */
const REQUESTS_IN_A_RUN = 2_560
const SIGNED_AT_A_TIME = 16

/** A represented session of the representative, and what the client calls the mandate. */
interface Session {
  readonly handle: string
  readonly actorGrant: string
}

interface Measured {
  readonly signing: readonly Seen[]
  readonly exchange: readonly Seen[]
}

/** The exchange over HTTP beside a handler that signs the same token and does nothing else. */
export const tokenIssueBench: Bench = {
  name: 'token-issue',
  title: 'Token issue beside a Fastify handler that only signs',
  async run() {
    const stage = await startStage(MANDATES)
    try {
      const sessions = await openSessions(stage)
      const key = await keyInFile(path.join(stage.keysFolder, 'bare-signing.jwk.json'), 'ES256')
      const answer = await sampleAnswer(stage, sessions)
      const claims = decodeJwt(answer.access_token)
      const signing = await forked<string>('./peer-process.js', { does: 'sign', answer, claims, key })
      try {
        const measured = await beside(stage, sessions, signing.told)
        return report(measured, await bareSigning(await fixedKeys(key), claims))
      } finally {
        await signing.stop()
      }
    } finally {
      await stage.stop()
    }
  },
}

/** Each representative has a session of his own, so that no two requests wait for the same grant. */
async function openSessions({ database, idporten, pairs }: Stage): Promise<readonly Session[]> {
  const db = await Database.open({ url: database.serverUrl, connections: 2 })
  try {
    const representations = pairs.map(({ mandateId }) => mandateId)
    const handles = await ensureHandles(db, CLIENT_ID, [], representations)
    return await db.transaction(async (tx) => {
      const sessions: Session[] = []
      for (const { representative, mandateId } of pairs) {
        const actorGrant = newSecret()
        await openActorGrant(tx, { ...grantOf(representative, idporten), grantHash: hashOf(actorGrant) })
        sessions.push({ actorGrant, handle: handles.ofRepresentation(mandateId) })
      }
      return sessions
    })
  } finally {
    await db.close()
  }
}

function grantOf(partyId: Pair['representative'], issuer: string) {
  return {
    clientId: CLIENT_ID,
    partyId,
    issuer,
    subject: 'k7Yq2mVb0sH4xJ1tR9wN3cE8',
    providerSession: null,
    worksFor: null,
    acr: 'idporten-loa-high',
    level: 'high',
    authenticatedAt: new Date(),
    endsAt: new Date(Date.now() + 3_600_000),
  } as const
}

async function exchangeRequest({ url, asker }: Stage, { handle, actorGrant }: Session): Promise<Request> {
  const body = new URLSearchParams({
    ...(await asker.proof()),
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: handle,
    subject_token_type: `${url}/token-type/representation-handle`,
    actor_token: actorGrant,
    actor_token_type: `${url}/token-type/actor-grant`,
    resource: AUDIENCE,
  })
  return { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: body.toString() }
}

async function sampleAnswer(stage: Stage, sessions: readonly Session[]): Promise<{ readonly access_token: string }> {
  const [session] = sessions as [Session]
  const { method, headers, body } = await exchangeRequest(stage, session)
  const response = await fetch(`${stage.url}/oauth/token`, { method, headers, body })
  const answer = (await response.json()) as { access_token?: string }
  if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`)
  return { ...answer, access_token: answer.access_token }
}

async function beside(
  stage: Stage,
  sessions: readonly Session[],
  peer: string,
): Promise<ReadonlyMap<number, Measured>> {
  const run = async (url: string, connections: number): Promise<Seen> => {
    const asked = Array.from({ length: REQUESTS_IN_A_RUN }, (_, i) => sessions[i % sessions.length] as Session)
    const requests = await Promise.all(asked.map((session) => exchangeRequest(stage, session)))
    return load({ url: `${url}/oauth/token`, connections, requests, until: 'all_sent' })
  }
  for (const url of [peer, stage.url]) await run(url, 128)
  const measured = new Map<number, Measured>()
  for (const connections of CONNECTIONS) {
    const seen = await alternate(ROUNDS, {
      signing: () => run(peer, connections),
      exchange: () => run(stage.url, connections),
    })
    measured.set(connections, seen)
  }
  return measured
}

async function bareSigning(keys: SigningKeys, claims: JWTPayload): Promise<number> {
  const sign = (): Promise<number> => awaitedPerSecond(1, SIGNED_AT_A_TIME, () => keys.sign('at+jwt', claims))
  return median((await alternate(ROUNDS, { sign })).sign)
}

function report(measured: ReadonlyMap<number, Measured>, signing: number): Block[] {
  const rows = [...measured].flatMap(([connections, { signing, exchange }]) => [
    ['a Fastify handler that only signs', `${connections}`, ...seenRow(signing, signing)],
    ['**an exchange**', `${connections}`, ...seenRow(exchange, signing)],
  ])
  return [
    '`POST /oauth/token`, the exchange of a representation for a delegation token: the client’s proof is verified and used ' +
      'up, the grant and the mandate are held, judged, logged and committed, the token is signed. The ratio is that to a ' +
      `handler which signs the same claims and does nothing else. Medians of ${ROUNDS} runs of ` +
      `${whole(REQUESTS_IN_A_RUN)} requests, in turn, in one run, after one of each to warm up.`,
    { columns: ['what', 'connections', ...SEEN_COLUMNS], rows },
    `Signing the same claims without HTTP, ${SIGNED_AT_A_TIME} under way: ${whole(signing)} a second.`,
  ]
}
