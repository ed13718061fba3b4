import { randomUUID } from 'node:crypto'
import { type FollowedEvents, type KeySource, followEvents, remoteKeys, verify } from '@fullmakt/client'
import { type JWK, SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose'
import { publicPart } from '../dev/development-keys.js'
import type { RepresentationId } from '../src/domain/mandate.js'
import { putClient } from '../src/store/client-store.js'
import { Database } from '../src/store/database.js'
import { ensureHandles } from '../src/store/handle-store.js'
import { insertChange, lockMandate } from '../src/store/mandate-store.js'
import { percentile } from './sampling.js'
import { type Bench, type Block, milliseconds, whole } from './section.js'
import { type Stage, startStage } from './stage.js'

const CLIENTS = 100
const ROUNDS = 30
const AT_ONCE = 10
const LIMIT = 1_000
const PATIENCE = 30_000

const AUDIENCE = 'https://web.example.no'
const POWER = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
const USER = { issuer: 'https://idporten.no', subject: 'k7Yq2mVb0sH4xJ1tR9wN3cE8' }

/** From the end of a mandate until the last of a hundred connected clients refuses its token. */
export const endToRefusalBench: Bench = {
  name: 'end-to-refusal',
  title: 'From the end of a mandate to its refusal in 100 connected clients',
  async run() {
    const stage = await startStage(ROUNDS * (1 + AT_ONCE) + 1)
    const db = await Database.open({ url: stage.database.serverUrl, connections: AT_ONCE })
    const mandates = stage.pairs.map(({ mandateId }) => mandateId)
    try {
      const audience = await connected(stage, db, mandates)
      const [warming = '', ...rest] = mandates
      await timed(db, audience, [warming])
      const alone: number[] = []
      for (const mandateId of rest.slice(0, ROUNDS)) alone.push(...(await timed(db, audience, [mandateId])))
      const together: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const at = ROUNDS + round * AT_ONCE
        together.push(...(await timed(db, audience, rest.slice(at, at + AT_ONCE))))
      }
      for (const { followed } of audience) followed.close()
      return report([rowOf('one mandate', alone), rowOf(`${AT_ONCE} mandates at once`, together)])
    } finally {
      await db.close()
      await stage.stop()
    }
  },
}

/** A client of the service that follows its events, and holds a token of each mandate. */
interface Connected {
  readonly followed: FollowedEvents
  readonly tokens: ReadonlyMap<string, string>
  /** By mandate, what is to be done when the client has been told of it. */
  readonly awaited: Map<string, () => void>
  readonly keys: KeySource
  readonly issuer: string
}

async function connected(stage: Stage, db: Database, mandates: readonly RepresentationId[]): Promise<Connected[]> {
  const asking = await newKey()
  const issuing = await newKey()
  const remote = remoteKeys(new URL(`${stage.url}/jwks`))
  const publicKey = await importJWK({ ...publicPart(issuing), kty: 'EC' }, 'ES256')
  const keys: KeySource = (kid, typ) => (kid === issuing.kid ? Promise.resolve(publicKey) : remote(kid, typ))
  const clients: Connected[] = []
  for (let n = 0; n < CLIENTS; n++) clients.push(await connect(stage, db, mandates, { n, asking, issuing, keys }))
  return clients
}

async function connect(
  stage: Stage,
  db: Database,
  mandates: readonly RepresentationId[],
  { n, asking, issuing, keys }: { n: number; asking: JWK; issuing: JWK; keys: KeySource },
): Promise<Connected> {
  const clientId = `web-${n}`
  await putClient(db, {
    clientId,
    name: clientId,
    organisation: '889640782',
    jwks: { keys: [publicPart(asking)] },
    services: ['nav.pension'],
    loginIssuer: null,
    loginClientId: null,
    workLoginIssuer: null,
    workLoginClientId: null,
    mayTellEmployments: false,
    mayUseNumbers: false,
    mayRule: [],
  })
  const handles = await ensureHandles(db, clientId, [], mandates)
  const byHandle = new Map(mandates.map((mandateId) => [handles.ofRepresentation(mandateId), mandateId]))
  const key = await importJWK(issuing, 'ES256')
  const tokens = new Map<string, string>()
  for (const [handle, mandateId] of byHandle) {
    const header = { alg: 'ES256', typ: 'at+jwt', kid: issuing.kid ?? '' }
    tokens.set(mandateId, await new SignJWT(claimsOf(stage.url, handle)).setProtectedHeader(header).sign(key))
  }
  const awaited = new Map<string, () => void>()
  const followed = followEvents({
    issuer: stage.url,
    clientId,
    keys,
    statuses: () => Promise.resolve(),
    accessToken: () => accessToken(stage.url, clientId, asking),
    onEvent: ({ handle }) => awaited.get(byHandle.get(handle) ?? '')?.(),
    onFault: (error) => console.error(error),
  })
  return { followed, tokens, awaited, keys, issuer: stage.url }
}

/** Milliseconds from before each mandate’s end is asked of the database until each client has refused its token. */
async function timed(db: Database, clients: readonly Connected[], mandates: readonly string[]): Promise<number[]> {
  const refused = mandates.flatMap((mandateId) => clients.map((client) => refusalOf(client, mandateId)))
  const began = performance.now()
  await Promise.all(mandates.map((mandateId) => endMandate(db, mandateId)))
  return (await Promise.all(refused)).map((at) => at - began)
}

async function refusalOf({ followed, tokens, awaited, keys, issuer }: Connected, mandateId: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a client was not told')), PATIENCE)
    awaited.set(mandateId, () => {
      clearTimeout(timer)
      resolve()
    })
  })
  const expected = { keys, statuses: followed.statuses, issuer, audience: AUDIENCE, now: new Date() }
  const rest = { power: POWER, user: USER, proof: null, introspect: null, minimumAssurance: 'substantial' } as const
  const outcome = await verify(tokens.get(mandateId) ?? '', { ...expected, ...rest }).then(
    () => 'taken',
    (error: unknown) => (error as { code?: string }).code,
  )
  if (outcome !== 'status_ended') throw new Error(`a token whose mandate has ended: ${outcome}`)
  return performance.now()
}

async function endMandate(db: Database, mandateId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) throw new Error('there is no such mandate')
    const made = { mandateId, change: 'ended', madeBy: locked.principal, madeAt: locked.moment } as const
    const powers = locked.powers.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: 'ended' as const }))
    await insertChange(tx, { ...made, reason: null, confirmed: null }, powers)
  })
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) }
}

async function accessToken(issuer: string, clientId: string, key: JWK): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: clientId, sub: clientId, aud: issuer, iat: now, exp: now + 60, jti: randomUUID() }
  const header = { alg: 'ES256', kid: key.kid ?? '' }
  const assertion = await new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(key, 'ES256'))
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
  const response = await fetch(`${issuer}/oauth/token`, { method: 'POST', body })
  const answer = (await response.json()) as { access_token?: string }
  if (answer.access_token === undefined) throw new Error(`no access token: ${JSON.stringify(answer)}`)
  return answer.access_token
}

/** A delegation token as the service would have issued it before the first round. */
function claimsOf(issuer: string, handle: string) {
  const iat = Math.floor(Date.now() / 1000)
  const detail = {
    type: `${issuer}/rar/representation`,
    locations: [AUDIENCE],
    actions: ['read'],
    datatypes: ['nav.pension'],
    identifier: handle,
    basis: 'mandate',
  }
  return {
    iss: issuer,
    aud: AUDIENCE,
    sub: 'p_principal',
    client_id: 'web',
    iat,
    exp: iat + 300,
    jti: randomUUID(),
    act: { iss: USER.issuer, sub: USER.subject, sub_profile: 'user' },
    acr: 'idporten-loa-high',
    auth_time: iat - 60,
    scope: 'nav.pension.read',
    authorization_details: [detail],
    status: { status_list: { idx: 1, uri: `${issuer}/statuslists/1` } },
    evaluation_id: randomUUID(),
  }
}

function rowOf(what: string, figures: readonly number[]): readonly string[] {
  const sorted = Float64Array.from(figures).toSorted()
  const at = (share: number): string => milliseconds(percentile(sorted, share))
  const slowest = milliseconds(sorted.at(-1) ?? Number.NaN)
  return [what, whole(figures.length), at(0.5), at(0.99), at(0.999), slowest, whole(LIMIT)]
}

function report(rows: readonly (readonly string[])[]): Block[] {
  return [
    `Milliseconds from before the end is asked of the database until \`verify\` has refused the token in each of ${CLIENTS} ` +
      'clients, which follow `/v1/events`, each with a handle and a token of its own for each mandate. The service is a ' +
      'process of its own; the clients share one, so each waits for the others’ signatures to be verified, too. ' +
      `${ROUNDS} rounds. The limit is on p99.9 of one mandate.`,
    { columns: ['what ends', 'refusals', 'p50', 'p99', 'p99.9', 'slowest', 'limit p99.9'], rows },
  ]
}
