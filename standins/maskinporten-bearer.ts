import type { IncomingMessage } from 'node:http'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { Answer } from './register-server.js'

/** Whose tokens a register believes. */
export interface TokenIssuer {
  readonly issuer: string
  readonly jwksUri: string
}

/**
 * A check for requests that need a token of `issuer` with `scope`: null where all is well, 401 without a good token, 403
 * without the scope. A token for a certain resource is refused too: the registers want none.
 */
export function bearerCheck({ issuer, jwksUri }: TokenIssuer, scope: string) {
  const keys = createRemoteJWKSet(new URL(jwksUri))
  return async (request: IncomingMessage): Promise<Answer | null> => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return refusal(401, 'FREG-003', 'Autentiseringsinformasjon mangler.')
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: 'unspecified', algorithms: ['RS256'] })
      const scopes = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : []
      return scopes.includes(scope) ? null : refusal(403, 'FREG-004', 'Virksomheten mangler autorisasjon.')
    } catch {
      return refusal(401, 'FREG-003', 'Autentiseringsinformasjon er ugyldig.')
    }
  }
}

function refusal(status: number, kode: string, melding: string): Answer {
  return { status, body: { kode, melding }, headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {} }
}
