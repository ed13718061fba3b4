/** The synthetic people as Folkeregisteret knows them: their families have homes, and parents are responsible for children. */

import { addressOf } from './country-addresses.js'
import { dayNumber } from './country-days.js'
import { ageOn, type SyntheticPerson } from './people.js'
import {
  dieOn,
  documentOf,
  giveResponsibility,
  makeParent,
  type PersonDraft,
  plainPerson,
  protect,
  since,
} from './person-documents-draft.js'
import type { PersonDocument, Vergemaal } from './person-documents.js'

/** Past every household of a synthetic country. */
const FIRST_HOME = 1_000_000

const TASKS = [
  ['nav', 'pensjon'],
  ['skatteetaten', 'skatt'],
] as const

/**
 * The documents of these people, in their order. Children under 18 have the parents who are among the people as `felles`
 * responsible, or the one as `mor`; families live together, and everyone else alone.
 */
export function peopleDocuments(people: readonly SyntheticPerson[], today: string): readonly PersonDocument[] {
  const drafts = new Map(people.map((person, place) => [person.id, draftOf(person, homeOf(people, person, place))]))
  const draft = (person: SyntheticPerson): PersonDraft => required(drafts.get(person.id))
  for (const child of people) {
    const parents = people.filter(({ children = [] }) => children.includes(child.identityNumber))
    const meta = since(dayNumber(child.bornOn))
    parents.forEach((parent, place) => {
      makeParent(draft(child), draft(parent), place === 0 ? 'mor' : 'far', meta)
      if (ageOn(child.bornOn, today) < 18)
        giveResponsibility(draft(child), draft(parent), parents.length > 1 ? 'felles' : 'mor', meta)
    })
  }
  for (const guardian of people) {
    for (const ward of people.filter(({ identityNumber }) => guardian.wards?.includes(identityNumber)))
      draft(ward).vergemaalEllerFremtidsfullmakt.push(guardianshipBy(guardian.identityNumber, today))
  }
  return people.map((person) => documentOf(draft(person)))
}

function draftOf(person: SyntheticPerson, home: number): PersonDraft {
  const { identityNumber, givenName, familyName, bornOn, diedOn, protectedAddress } = person
  const born = dayNumber(bornOn)
  const draft = plainPerson({
    index: home,
    number: identityNumber,
    kind: identityNumber >= '4' ? 'd_number' : 'birth_number',
    born,
    // Nothing asks for it, and the number does not tell.
    sex: 'kvinne',
    givenName,
    familyName,
    address: addressOf(FIRST_HOME + home, 0),
    registered: born,
  })
  if (protectedAddress) protect(draft, 'fortrolig', born)
  if (diedOn !== null) dieOn(draft, dayNumber(diedOn))
  return draft
}

/** Families are together: a person lives where the first of those people lives whose child or fellow parent he is. */
function homeOf(people: readonly SyntheticPerson[], person: SyntheticPerson, place: number): number {
  const children = (of: SyntheticPerson): readonly string[] => [of.identityNumber, ...(of.children ?? [])]
  const first = people.findIndex((other) => children(other).some((number) => children(person).includes(number)))
  return first < 0 ? place : first
}

function guardianshipBy(number: string, today: string): Vergemaal {
  return {
    ...since(dayNumber(today) - 400),
    vergemaaltype: 'voksen',
    embete: 'statsforvalterenIOsloOgViken',
    verge: {
      foedselsEllerDNummer: number,
      tjenesteomraade: TASKS.map(([vergeTjenestevirksomhet, vergeTjenesteoppgave]) => ({
        vergeTjenestevirksomhet,
        vergeTjenesteoppgave,
      })),
    },
  }
}

function required(draft: PersonDraft | undefined): PersonDraft {
  if (draft === undefined) throw new RangeError('someone has no document')
  return draft
}
