import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose'
import { bodyOf, startServer, type Answer, type RunningServer } from './register-server.js'

const KEY_ID = 'maskinporten-standin'
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** Seconds. */
const LONGEST_GRANT = 120
const CLOCK_SKEW = 10

/** A client as Maskinporten's self-service registers it. */
export interface MaskinportenClient {
  readonly client_id: string
  /** Public keys, each with its `kid`. */
  readonly jwks: JSONWebKeySet
  readonly scopes: readonly string[]
  /** Organisation number of the `consumer` in tokens. */
  readonly orgnr: string
}

export interface MaskinportenOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly clients: readonly MaskinportenClient[]
  /** Seconds that tokens live; 120 where absent. */
  readonly tokenLife?: number
}

export interface RunningMaskinporten extends RunningServer {
  /** With a trailing slash, as the real one's. */
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly jwksUri: string
  /** How many tokens it has issued: clients should ask once for many calls. */
  issued(): number
}

/** Made once in a process. */
let keys: ReturnType<typeof generateKeyPair> | undefined

/**
 * Starts a stand-in for Maskinporten on loopback: JWT grant (RFC 7523), tokens as RS256 JWT by value, metadata and JWKS.
 * It demands what the real one does: a key registered for the client and named by `kid`, the issuer as the only audience,
 * `iat` within 10 s, at most 120 s to live, a `jti` that was never used, scopes that the client has.
 *
 * @throws where the port is taken.
 */
export async function startMaskinporten(options: MaskinportenOptions): Promise<RunningMaskinporten> {
  const { privateKey, publicKey } = await (keys ??= generateKeyPair('RS256'))
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }
  const used = new Set<string>()
  let issued = 0
  const server = await startServer(options.port, async (request, url) => {
    const issuer = `${running.origin}/`
    if (url.pathname === '/.well-known/oauth-authorization-server') return { status: 200, body: metadata(issuer) }
    if (url.pathname === '/jwk') return { status: 200, body: { keys: [jwk] } }
    if (url.pathname !== '/token' || request.method !== 'POST') return { status: 404, body: { error: 'not_found' } }
    const answer = await answerGrant(request, { ...options, issuer, privateKey, used })
    if (answer.status === 200) issued += 1
    return answer
  })
  const running: RunningMaskinporten = {
    ...server,
    issuer: `${server.origin}/`,
    tokenEndpoint: `${server.origin}/token`,
    jwksUri: `${server.origin}/jwk`,
    issued: () => issued,
  }
  return running
}

function metadata(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}token`,
    jwks_uri: `${issuer}jwk`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    grant_types_supported: [GRANT_TYPE],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'RS512'],
  }
}

interface GrantParts extends MaskinportenOptions {
  readonly issuer: string
  readonly privateKey: CryptoKey
  readonly used: Set<string>
}

async function answerGrant(request: IncomingMessage, parts: GrantParts): Promise<Answer> {
  const form = new URLSearchParams((await bodyOf(request)) ?? '')
  if (form.get('grant_type') !== GRANT_TYPE)
    return refusal('unsupported_grant_type', 'the grant type is not JWT bearer')
  const checked = await checkGrant(form.get('assertion') ?? '', parts)
  if ('status' in checked) return checked
  const { client, claims } = checked
  const scope = typeof claims['scope'] === 'string' ? claims['scope'] : ''
  if (scope === '' || scope.split(' ').some((one) => !client.scopes.includes(one))) {
    return refusal('invalid_scope', 'the client does not have every scope')
  }
  const life = parts.tokenLife ?? LONGEST_GRANT
  const access_token = await new SignJWT(tokenClaims(client, claims, scope))
    .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
    .setIssuer(parts.issuer)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + life)
    .setJti(randomUUID())
    .sign(parts.privateKey)
  return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: life, scope } }
}

function tokenClaims(client: MaskinportenClient, claims: JWTPayload, scope: string): JWTPayload {
  return {
    aud: (claims['resource'] as string | string[] | undefined) ?? 'unspecified',
    client_amr: 'private_key_jwt',
    client_id: client.client_id,
    consumer: { authority: 'iso6523-actorid-upis', ID: `0192:${client.orgnr}` },
    scope,
    token_type: 'Bearer',
  }
}

async function checkGrant(
  assertion: string,
  parts: GrantParts,
): Promise<Answer | { client: MaskinportenClient; claims: JWTPayload }> {
  try {
    const claimed = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload
    const client = parts.clients.find(({ client_id }) => client_id === claimed.iss)
    if (client === undefined || decodeProtectedHeader(assertion).kid === undefined) {
      return refusal('invalid_client', 'no such client, or no kid')
    }
    const { payload: claims } = await jwtVerify(assertion, createLocalJWKSet(client.jwks), {
      algorithms: ['RS256', 'RS384', 'RS512'],
      clockTolerance: CLOCK_SKEW,
      requiredClaims: ['aud', 'exp', 'iat', 'jti', 'scope'],
    })
    const wrong = wrongIn(claims, parts)
    return wrong === null ? { client, claims } : refusal('invalid_grant', wrong)
  } catch {
    return refusal('invalid_grant', 'the assertion is no JWT of this client')
  }
}

function wrongIn(claims: JWTPayload, { issuer, used }: GrantParts): string | null {
  const [now, iat, exp] = [Date.now() / 1000, claims.iat ?? 0, claims.exp ?? 0]
  if (claims.aud !== issuer) return 'the audience is not the issuer'
  if (Math.abs(now - iat) > CLOCK_SKEW) return 'iat is too far from now'
  if (exp - iat > LONGEST_GRANT || exp <= iat) return 'the assertion lives longer than 120 seconds'
  if (used.has(claims.jti ?? '')) return 'jti has been used'
  used.add(claims.jti ?? '')
  return null
}

function refusal(error: string, error_description: string): Answer {
  return { status: error === 'invalid_client' ? 401 : 400, body: { error, error_description } }
}
