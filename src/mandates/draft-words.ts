import { type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import { lastDay } from '../domain/giving.js'
import type { PowerInWords, TextRepresentative } from '../domain/mandate-text.js'
import type { Power } from '../domain/mandate.js'
import type { NamedParty } from '../store/party-store.js'

/** A representative as the text names him. */
export function seenAs({ name, bornOn, organisationNumber }: NamedParty): TextRepresentative {
  return { name, bornYear: bornOn === null ? null : Number(bornOn.slice(0, 4)), organisationNumber }
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
