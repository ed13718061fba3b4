import type { AssuranceLevel, Language } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import type { PersonVisitor } from './visitor.js'

/** The visitor of one request, made from what was verified and frozen through and through. */
export function personVisitor(
  by: PersonVisitor['by'],
  language: Language,
  verified: { readonly partyId: PartyId; readonly level: AssuranceLevel; readonly authenticatedAt: Date | null },
): PersonVisitor {
  const { partyId, level, authenticatedAt } = verified
  const login = Object.freeze({ level, authenticatedAt, proof: 'login_token' as const })
  return Object.freeze({ kind: 'person' as const, actor: Object.freeze({ partyId, login }), by, language })
}
