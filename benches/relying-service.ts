import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { type CryptoKey, type JWK, SignJWT, importJWK } from 'jose'
import { keyInFile } from '../dev/development-keys.js'

export const CLIENT_ID = 'nav-web'
export const AUDIENCE = `https://${CLIENT_ID}.example.no`

/** The relying service that asks, with its key. */
export interface RelyingService {
  /** The parameters by which it proves itself, good for one request. */
  proof(): Promise<Readonly<Record<string, string>>>
  /** A new access token for asking, good for 300 s. */
  accessToken(): Promise<string>
}

/** @param folder where the service under measurement keeps its clients' keys. */
export async function relyingService(folder: string, issuer: string): Promise<RelyingService> {
  const jwk = await keyInFile(path.join(folder, 'clients', `${CLIENT_ID}.jwk.json`), 'ES256')
  const key = (await importJWK(jwk, 'ES256')) as CryptoKey
  const proof = async (): Promise<Readonly<Record<string, string>>> => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(jwk, key, issuer),
  })
  return {
    proof,
    async accessToken() {
      const body = new URLSearchParams({ grant_type: 'client_credentials', ...(await proof()) })
      const response = await fetch(`${issuer}/oauth/token`, { method: 'POST', body })
      const answer = (await response.json()) as { access_token?: string }
      if (answer.access_token === undefined) throw new Error(`no access token: ${JSON.stringify(answer)}`)
      return answer.access_token
    },
  }
}

function assertion({ kid = '' }: JWK, key: CryptoKey, issuer: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ iss: CLIENT_ID, sub: CLIENT_ID, aud: issuer, iat: now, exp: now + 290, jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(key)
}
