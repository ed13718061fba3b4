import { type CatalogueVersion, type Language, findService } from './catalogue.js'
import type { Json } from './json.js'
import type { Power } from './mandate.js'

/**
 * A power as every answer to a person tells of it, in his language. What the catalogue no longer has is called by its id;
 * a provider that it does not know has no name.
 */
export function powerInWords(
  { service, action, provider, object }: Power,
  language: Language,
  catalogue: CatalogueVersion,
): Readonly<Record<string, Json>> {
  const offered = findService(catalogue, service)
  return {
    service,
    service_name: offered?.name[language] ?? service,
    action,
    action_text: offered?.actionTexts[action]?.[language] ?? action,
    provider,
    provider_name: catalogue.organisations.find(({ orgnr }) => orgnr === provider)?.name ?? null,
    object,
  }
}
