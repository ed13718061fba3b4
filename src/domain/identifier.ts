import { idnr } from '@navikt/fnrvalidator'

/**
 * What a person or an organisation is known by outside. `fnr` and `dnr` are Norwegian (eleven digits), `orgnr` the
 * organisation number (nine digits), `eidas` the identifier of a foreign login, e.g. `SE/NO/199001011234`.
 */
export type IdentifierScheme = 'fnr' | 'dnr' | 'orgnr' | 'eidas'

export interface Identifier {
  readonly scheme: IdentifierScheme
  readonly value: string
}

/** Which numbers count: those of real people in production, those of synthetic ones (month + 80) elsewhere. */
export type NumberSeries = 'real' | 'synthetic'

export type IdentifierFault = 'identifier_malformed' | 'identifier_check_digits' | 'identifier_wrong_series'

/**
 * Reads an identifier as someone wrote it; nothing is trimmed or repaired.
 *
 * `@navikt/fnrvalidator` accepts every kind of number from every function and counts synthetic and real ones alike
 * (read in 2.2.1), so series and kind are settled here. The number tells neither age nor sex: it is never parsed for them.
 */
export function readIdentifier(text: string, series: NumberSeries): Identifier | IdentifierFault {
  if (/^[A-Z]{2}\/[A-Z]{2}\/[\x21-\x7e]{1,256}$/.test(text)) return { scheme: 'eidas', value: text }
  if (/^\d{9}$/.test(text))
    return hasValidCheckDigit(text) ? { scheme: 'orgnr', value: text } : 'identifier_check_digits'
  if (!/^\d{11}$/.test(text)) return 'identifier_malformed'
  const result = idnr(text)
  if (result.status === 'invalid') return 'identifier_check_digits'
  if (seriesOf(text) !== series) return 'identifier_wrong_series'
  return { scheme: Number(text[0]) >= 4 ? 'dnr' : 'fnr', value: text }
}

/**
 * Months 81 to 92 are the synthetic series of Skatteetaten (Tenor); 41 to 52 are test or help numbers, which no one
 * can tell apart, and count as neither.
 */
function seriesOf(number: string): NumberSeries | 'other' {
  const month = Number(number.slice(2, 4))
  if (month >= 1 && month <= 12) return 'real'
  return month >= 81 && month <= 92 ? 'synthetic' : 'other'
}

/** What puts digits in groups. */
const BETWEEN_DIGITS = /(?<=\d)[\s./-](?=\d)/g
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * Whether an identity number of a person stands somewhere in this text: eleven digits whose check digits are right, in
 * groups or not, as part of a longer row or not. A text that is a UUID holds none.
 */
export function holdsIdentityNumber(text: string): boolean {
  if (UUID.test(text)) return false
  const ungrouped = text.normalize('NFKC').replaceAll(BETWEEN_DIGITS, '')
  return [...ungrouped.matchAll(/(?=(\d{11}))/g)].some(([, digits = '']) => idnr(digits).status === 'valid')
}

/** Organisation numbers end in a modulo 11 check digit with the weights 3 2 7 6 5 4 3 2 (Enhetsregisteret). */
export function hasValidCheckDigit(orgnr: string): boolean {
  const weights = [3, 2, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(orgnr[index]), 0)
  const digit = (11 - (sum % 11)) % 11
  return digit === Number(orgnr[8])
}
