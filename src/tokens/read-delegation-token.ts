import { TokenRefused } from '../login/strict-jws.js'
import type { DelegationClaims } from './delegation-token.js'
import type { SigningKeys } from './signing-keys.js'

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * The claims of a delegation token that we signed and that has not run out; null for whatever else it is, a token for
 * asking us among them. Whether it was recorded, revoked, or stands on nothing any more is not known yet.
 */
export async function readDelegationToken(
  keys: SigningKeys,
  issuer: string,
  token: string,
): Promise<DelegationClaims | null> {
  try {
    const claims = await keys.verify('at+jwt', token)
    const { iss, aud, act, exp, jti } = claims
    const isDelegation = iss === issuer && typeof aud === 'string' && aud !== issuer && act !== undefined
    const isAlive = typeof exp === 'number' && exp > Date.now() / 1000
    const isNamed = typeof jti === 'string' && UUID.test(jti)
    // What we sign is `DelegationClaims`, and of what we sign only delegation tokens have `act`.
    return isDelegation && isAlive && isNamed ? (claims as unknown as DelegationClaims) : null
  } catch (error) {
    if (error instanceof TokenRefused) return null
    throw error
  }
}
