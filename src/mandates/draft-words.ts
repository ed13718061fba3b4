import { type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import { lastDay } from '../domain/giving.js'
import type { PowerInWords, TextRepresentative, TextSigner } from '../domain/mandate-text.js'
import type { Power } from '../domain/mandate.js'
import { type Acting, organisationOf } from '../domain/party.js'
import type { NamedParty } from '../store/party-store.js'
import { partyIn } from './party-in.js'

/** A representative as the text names him. */
export function seenAs({ name, bornOn, organisationNumber }: NamedParty): TextRepresentative {
  return { name, bornYear: bornOn === null ? null : Number(bornOn.slice(0, 4)), organisationNumber }
}

/** Who confirms the text, and for which organisation; null where he does so for himself. */
export function signerOf(acting: Acting, parties: readonly NamedParty[]): TextSigner | null {
  const organisation = organisationOf(acting)
  if (organisation === null) return null
  return { name: partyIn(parties, acting.actor.partyId).name, organisation: seenAs(partyIn(parties, organisation)) }
}

/** A power in the words of the catalogue. */
export function wordsOf(
  power: Power & { readonly passingOn: boolean; readonly validFrom: Date; readonly validUntil: Date },
  fromNow: boolean,
  language: Language,
  catalogue: CatalogueVersion,
): PowerInWords {
  const service = findService(catalogue, power.service)
  const actionText = service?.actionTexts[power.action]?.[language]
  const provider = catalogue.organisations.find(({ orgnr }) => orgnr === power.provider)
  const hasWords =
    service !== undefined && actionText !== undefined && (power.provider === null || provider !== undefined)
  if (!hasWords) throw new Error('a planned power has no words in the catalogue')
  return {
    actionText,
    serviceName: service.name[language],
    providerName: provider?.name ?? null,
    object: power.object,
    passingOn: power.passingOn,
    validFrom: power.validFrom,
    fromNow,
    lastDay: lastDay(power.validUntil),
  }
}
