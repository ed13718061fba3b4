import { LANGUAGES, type Language } from '../domain/catalogue.js'

/** Tags by which browsers ask for a language that we have; `no` is what many send for bokmål. */
const TAGS: ReadonlyMap<string, Language> = new Map([
  ...LANGUAGES.map((language): [string, Language] => [language, language]),
  ['no', 'nb'],
])

/**
 * The first language of an `Accept-Language` header that we have, or bokmål. Browsers list them in order of preference;
 * one that asks by weights alone gets the first.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  for (const range of (acceptLanguage ?? '').split(',')) {
    const language = TAGS.get(/^\s*([a-z]{2})(?![a-z])/i.exec(range)?.[1]?.toLowerCase() ?? '')
    if (language !== undefined) return language
  }
  return 'nb'
}
