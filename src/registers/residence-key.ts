import { createHmac } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.js'
import type { RegisterRecord } from './register-record.js'

/**
 * An opaque key of a dwelling: the same for everyone registered there, useless for finding out where it is without the
 * secret. Null where the row does not tell one dwelling from others (unknown residence, a road without a house number), so
 * that two people without an address never live together.
 *
 * A house without a dwelling number (`bruksenhetsnummer`) is one dwelling: the register knows no more.
 */
export function residenceKey(row: RegisterRecord, secret: string): string | null {
  const place = roadPlace(row.record('vegadresse')) ?? cadastrePlace(row.record('matrikkeladresse'))
  return place === null ? null : createHmac('sha256', secret).update(canonicalJson(place)).digest('base64url')
}

function roadPlace(road: RegisterRecord | null): readonly (string | number | null)[] | null {
  const number = road?.record('adressenummer') ?? null
  const house = number?.text('husnummer') ?? null
  const name = road?.text('adressenavn') ?? null
  const municipality = road?.text('kommunenummer') ?? null
  if (road === null || house === null || name === null || municipality === null) return null
  const letter = upper(number?.text('husbokstav') ?? null)
  return ['road', municipality, upper(name), house, letter, upper(road.text('bruksenhetsnummer'))]
}

function cadastrePlace(address: RegisterRecord | null): readonly (string | number | null)[] | null {
  const property = address?.record('matrikkelnummer') ?? null
  const municipality = property?.text('kommunenummer') ?? null
  const farm = property?.whole('gaardsnummer') ?? null
  const holding = property?.whole('bruksnummer') ?? null
  if (address === null || property === null || municipality === null || farm === null || holding === null) return null
  // The register writes 0 for "none" in some rows and leaves the member out in others.
  const lease = property.whole('festenummer') ?? 0
  const sub = address.whole('undernummer') ?? 0
  return ['cadastre', municipality, farm, holding, lease, sub, upper(address.text('bruksenhetsnummer'))]
}

function upper(text: string | null): string | null {
  return text === null ? null : text.trim().toLocaleUpperCase('nb')
}
