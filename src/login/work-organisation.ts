import { type Identifier, type NumberSeries, readIdentifier } from '../domain/identifier.js'
import { type JsonObject, TokenRefused } from './strict-jws.js'

/** Ansattporten's name for Norwegian organisation numbers (ISO 6523). */
const AUTHORITY = 'iso6523-actorid-upis'
const NORWEGIAN = '0192'

/**
 * The organisation that an id_token of Ansattporten says the person acts for, in any of the three forms of its
 * `authorization_details` (RFC 9396): `ansattporten:orgno`, `ansattporten:altinn:resource` and
 * `ansattporten:altinn:service`.
 *
 * @throws TokenRefused when it names none, or more than one.
 */
export function organisationOf(claims: JsonObject, series: NumberSeries): Identifier {
  const details = claims['authorization_details']
  if (!Array.isArray(details)) throw new TokenRefused('it is of work and names no organisation')
  const named = new Set((details as unknown[]).flatMap(organisationsIn))
  const [only] = named
  if (named.size !== 1 || only === undefined) throw new TokenRefused('it names none or several organisations')
  const [icd, number, ...more] = only.split(':')
  const identifier = icd === NORWEGIAN && more.length === 0 ? readIdentifier(number ?? '', series) : 'foreign'
  if (typeof identifier === 'string' || identifier.scheme !== 'orgnr') {
    throw new TokenRefused('the organisation has no Norwegian number')
  }
  return identifier
}

/** The documentation writes the member as `orgno` and in one place as `orgno:`; capitals come and go. */
function organisationsIn(detail: unknown): readonly string[] {
  if (!isObject(detail)) return []
  switch (detail['type']) {
    case 'ansattporten:orgno':
      return [numberIn(detail['orgno'] ?? detail['orgno:'])]
    case 'ansattporten:altinn:resource':
      return listIn(detail, 'authorized_parties').map((party) => numberIn(isObject(party) ? party['orgno'] : party))
    case 'ansattporten:altinn:service':
      return listIn(detail, 'reportees').map(numberIn)
    default:
      return []
  }
}

function listIn(detail: JsonObject, member: string): readonly unknown[] {
  const list = detail[member]
  return Array.isArray(list) ? (list as unknown[]) : []
}

function numberIn(named: unknown): string {
  if (!isObject(named)) throw new TokenRefused('it names an organisation in no known form')
  const authority = named['authority'] ?? named['Authority']
  const id = named['ID']
  if (authority !== AUTHORITY || typeof id !== 'string') {
    throw new TokenRefused('it names an organisation in no known form')
  }
  return id
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
