import type { CatalogueVersion, Language } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'
import { powerInWords } from '../domain/power-words.js'
import { type SeenRequest, stateForAsked, stateForHelper } from '../store/request-store.js'

/**
 * The request as one of the two sees it. To the helper it looks the same whether it reached someone or not: he sees what
 * he wrote himself. Who is asked sees who asks, by name and year of birth.
 */
export function requestView(
  request: SeenRequest,
  viewer: PartyId,
  language: Language,
  catalogue: CatalogueVersion,
): Record<string, Json> {
  const isHelper = request.helper.partyId === viewer
  const state = isHelper ? stateForHelper(request) : stateForAsked(request)
  return {
    request_id: request.requestId,
    your_role: isHelper ? 'helper' : 'asked',
    state,
    helper: { name: request.helper.name, born_year: request.helper.bornYear },
    asked_name: isHelper ? request.askedName : null,
    powers: request.powers.map((power) => powerInWords(power, language, catalogue)),
    until: request.until,
    message: request.message,
    made_at: request.madeAt.toISOString(),
    lapses_at: request.lapsesAt.toISOString(),
    answered_at: answeredAt(request, state)?.toISOString() ?? null,
    reason: state === 'declined' ? request.reason : null,
    mandate_id: request.mandateId,
    blocked: isHelper ? null : request.blocked,
    letter_ordered_at: isHelper ? (request.letterOrderedAt?.toISOString() ?? null) : null,
  }
}

function answeredAt({ approvedAt, declinedAt }: SeenRequest, state: string): Date | null {
  if (state === 'approved') return approvedAt
  return state === 'declined' ? declinedAt : null
}
