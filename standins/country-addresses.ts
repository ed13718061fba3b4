import type { Vegadresse } from './person-documents.js'

/** Municipality, post town, postal code. */
const PLACES = [
  ['0301', 'OSLO', '0150'],
  ['4601', 'BERGEN', '5003'],
  ['5001', 'TRONDHEIM', '7010'],
  ['1103', 'STAVANGER', '4006'],
  ['5501', 'TROMSØ', '9008'],
  ['4204', 'KRISTIANSAND S', '4610'],
  ['3301', 'DRAMMEN', '3015'],
  ['1804', 'BODØ', '8006'],
  ['1508', 'ÅLESUND', '6002'],
  ['3403', 'HAMAR', '2317'],
  ['5612', 'KAUTOKEINO', '9520'],
  ['5610', 'KARASJOK', '9730'],
  ['4640', 'SOGNDAL', '6856'],
  ['3909', 'LARVIK', '3256'],
  ['4003', 'SKIEN', '3717'],
] as const

// prettier-ignore
const STREETS = ['Storgata', 'Kirkeveien', 'Skoleveien', 'Fjellveien', 'Strandgata', 'Bjørkeveien', 'Granveien', 'Furuveien',
  'Solbakken', 'Elveveien', 'Myrveien', 'Åsveien', 'Havnegata', 'Parkveien', 'Industriveien', 'Lyngveien', 'Rognebakken',
  'Tyttebærveien', 'Multeveien', 'Seterveien', 'Mølleveien', 'Stasjonsgata', 'Nordre gate', 'Søndre gate', 'Øvregata']

/** Homes of a household, from 0. */
export const HOMES = 8

/** A home. No two are alike: households differ in municipality, street or number, homes of a household in the flat. */
export function addressOf(household: number, home: number): Vegadresse {
  const [kommunenummer, poststedsnavn, postnummer] = PLACES[household % PLACES.length] ?? PLACES[0]
  const street = Math.floor(household / PLACES.length) % STREETS.length
  const house = Math.floor(household / PLACES.length / STREETS.length) + 1
  return {
    kommunenummer,
    bruksenhetsnummer: `H010${home + 1}`,
    adressenavn: STREETS[street] ?? '',
    adressekode: String(10_000 + street),
    adressenummer: { husnummer: String(house) },
    poststed: { poststedsnavn, postnummer },
  }
}
