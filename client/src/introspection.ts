import { textIn, textOrNull } from './answer-members.js'
import { CallFailed, unexpected } from './call-failed.js'
import type { IssuerCalls } from './issuer-calls.js'
import { TokenRefused } from './refused.js'
import type { Introspector } from './verify.js'

/** What the issuer says of a token at this moment (RFC 7662). */
export type Introspected =
  | { readonly active: false }
  | {
      readonly active: true
      readonly tokenId: string
      /** For services with a legal basis to know it; null for others. Never to be logged. */
      readonly principalNumber: string | null
    }

export async function introspectionOf(calls: IssuerCalls, token: string): Promise<Introspected> {
  const answer = await calls.postForm('introspection', { token })
  const { active } = answer
  if (typeof active !== 'boolean') throw unexpected('active is neither true nor false')
  if (!active) return { active }
  return { active, tokenId: textIn(answer, 'jti'), principalNumber: textOrNull(answer, 'principal_identifier') }
}

/** For `verify`: refuses a token that is not active now, or of which the issuer cannot be asked. */
export function introspector(calls: IssuerCalls): Introspector {
  return async (token, tokenId) => {
    const told = await introspectionOf(calls, token).catch((cause: unknown) => {
      if (!(cause instanceof CallFailed)) throw cause
      throw new TokenRefused('status_unavailable', 'the issuer could not be asked about the token', { cause })
    })
    if (!told.active || told.tokenId !== tokenId)
      throw new TokenRefused('status_ended', 'the issuer says that the token does not hold now')
  }
}
