import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { startMaskinporten, type RunningMaskinporten } from '../../standins/maskinporten.js'

export const CLIENT_ID = 'fullmakt-test'

/** A Maskinporten with one client, and that client. */
export interface RegisterStage {
  readonly maskinporten: RunningMaskinporten
  /** A signed grant; claims and header members given here replace the good ones. */
  grant(scope: string, claims?: Record<string, unknown>, header?: { readonly kid?: string }): Promise<string>
  redeem(assertion: string): Promise<Response>
  /** An access token. */
  token(scope: string, claims?: Record<string, unknown>): Promise<string>
  /** `fetch` with a token for that scope. */
  ask(url: string, scope: string, init?: RequestInit): Promise<Response>
}

export async function startRegisterStage(scopes: readonly string[], tokenLife?: number): Promise<RegisterStage> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test-key', alg: 'RS256' }
  const client = { client_id: CLIENT_ID, jwks: { keys: [jwk] }, scopes, orgnr: '310000000' }
  const maskinporten = await startMaskinporten({
    port: 0,
    clients: [client],
    ...(tokenLife === undefined ? {} : { tokenLife }),
  })
  return stageOf(maskinporten, privateKey)
}

function stageOf(maskinporten: RunningMaskinporten, key: CryptoKey): RegisterStage {
  const grant: RegisterStage['grant'] = (scope, claims = {}, header = {}) => {
    const now = Math.floor(Date.now() / 1000)
    const good = { aud: maskinporten.issuer, iss: CLIENT_ID, scope, iat: now, exp: now + 60, jti: randomUUID() }
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'test-key', ...header })
      .sign(key)
  }
  const redeem = (assertion: string) => {
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    return fetch(maskinporten.tokenEndpoint, { method: 'POST', body })
  }
  const token: RegisterStage['token'] = async (scope, claims) => {
    const answer = (await (await redeem(await grant(scope, claims))).json()) as { access_token?: string }
    return answer.access_token ?? ''
  }
  const ask: RegisterStage['ask'] = async (url, scope, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${await token(scope)}`)
    return fetch(url, { ...init, headers })
  }
  return { maskinporten, grant, redeem, token, ask }
}
