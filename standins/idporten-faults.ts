import { generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt, type CryptoKey, type JWTPayload } from 'jose'

/** The ways in which the stand-in can be told to get one ID token wrong, to see whether a relying party notices. */
export const FAULTS = [
  'wrong_audience',
  'other_issuer',
  'other_key',
  'unsigned',
  'expired',
  'stale_auth_time',
  'wrong_nonce',
  'no_pid',
  'lower_level',
] as const
export type Fault = (typeof FAULTS)[number]

const LONG_AGO = 7 * 24 * 3600

/** Faults that wait for the next ID tokens, first come first served. */
export class FaultQueue {
  readonly #waiting: Fault[] = []

  /** Spoils the next ID token, whoever asks for it, and that one only. */
  next(fault: Fault): void {
    this.#waiting.push(fault)
  }

  /** The token as the fault at the head of the queue makes it; the very same token where none waits. */
  async spoil(idToken: string, key: CryptoKey, kid: string): Promise<string> {
    const fault = this.#waiting.shift()
    if (fault === undefined) return idToken
    const claims = spoiled(decodeJwt(idToken), fault)
    if (fault === 'unsigned') return new UnsecuredJWT(claims).encode()
    const signer = fault === 'other_key' ? (await generateKeyPair('RS256')).privateKey : key
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(signer)
  }
}

function spoiled(claims: JWTPayload, fault: Fault): JWTPayload {
  const now = Math.floor(Date.now() / 1000)
  switch (fault) {
    case 'wrong_audience':
      return { ...claims, aud: 'someone-else' }
    case 'other_issuer':
      return { ...claims, iss: 'https://idporten.example' }
    case 'expired':
      return { ...claims, iat: now - LONG_AGO, exp: now - LONG_AGO + 120 }
    case 'stale_auth_time':
      return { ...claims, auth_time: now - LONG_AGO }
    case 'wrong_nonce':
      return { ...claims, nonce: 'another-nonce' }
    case 'no_pid':
      return { ...claims, pid: undefined }
    case 'lower_level':
      return { ...claims, acr: 'idporten-loa-low' }
    case 'other_key':
    case 'unsigned':
      return claims
  }
}
