import { ROLE_NAMES, type Rollegruppe } from './country-roles.js'
import type { SyntheticPerson } from './people.js'

/** The named people's roles in one organisation, as Enhetsregisteret knows them: those who manage it. */
export function peopleRoles(people: readonly SyntheticPerson[], today: string): readonly Rollegruppe[] {
  const type = { kode: 'DAGL', beskrivelse: ROLE_NAMES['DAGL'] ?? '' }
  const managers = people.filter(({ isManager }) => isManager === true)
  const roller = managers.map(({ identityNumber, bornOn, givenName, familyName, diedOn }, rekkefolge) => ({
    type,
    person: {
      fodselsdato: bornOn,
      fodselsnummer: identityNumber,
      navn: { fornavn: givenName, etternavn: familyName },
      erDoed: diedOn !== null,
    },
    fratraadt: false,
    avregistrert: false,
    rekkefolge,
  }))
  return managers.length === 0 ? [] : [{ type, sistEndret: today, roller }]
}
