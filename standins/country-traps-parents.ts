/** What surprises readers of parental responsibility. */

import { addressOf } from './country-addresses.js'
import { organisationNumber } from './country-organisation-numbers.js'
import { dayText } from './country-days.js'
import { moveFatherOut } from './country-families.js'
import { giveGuardian, task } from './country-guardianship.js'
import { formerNumberOf } from './country-plan.js'
import { type Foreldreansvar } from './person-documents.js'
import {
  addressRow,
  correctBirth,
  dieOn,
  ended,
  giveResponsibility,
  makeParent,
  protect,
  renumber,
  since,
  type PersonDraft,
} from './person-documents-draft.js'
import type { TrapRow } from './country-trap.js'
function onlyResponsibility(child: PersonDraft, row: Omit<Foreldreansvar, 'ansvarssubjekt'>): void {
  child.foreldreansvar.push({ ...since(child.born), ansvarssubjekt: child.number, ...row })
}

export const PARENT_TRAPS: readonly TrapRow[] = [
  {
    name: 'responsibility_unknown',
    rate: 60,
    slots: [0, 2],
    family: 'none',
    apply: ({ people: [child, , mother] }) => {
      makeParent(child, mother, 'mor', since(child.born))
      onlyResponsibility(child, { ansvar: 'ukjent' })
    },
  },
  {
    name: 'father_without_holder',
    rate: 20,
    slots: [0, 3],
    family: 'none',
    apply: ({ people: [child, , , father] }) => {
      makeParent(child, father, 'far', since(child.born))
      onlyResponsibility(child, { ansvar: 'far' })
    },
  },
  {
    name: 'kin_without_responsibility',
    rate: 30,
    slots: [0, 2, 3],
    family: 'none',
    apply: ({ people: [child, , mother, father] }) => {
      makeParent(child, mother, 'mor', since(child.born))
      makeParent(child, father, 'far', since(child.born))
    },
  },
  {
    name: 'co_mother',
    rate: 20,
    slots: [0, 4],
    family: 'none',
    apply: ({ people: [child, , , , coMother] }) => {
      makeParent(child, coMother, 'medmor', since(child.born))
      giveResponsibility(child, coMother, 'medmor', since(child.born))
    },
  },
  {
    name: 'responsibility_of_others',
    rate: 30,
    slots: [0, 7],
    family: 'none',
    apply: ({ people: [child, , , , , , , grandmother] }) =>
      giveResponsibility(child, grandmother, 'andre', since(child.born)),
  },
  {
    name: 'responsibility_of_an_organisation',
    rate: 10,
    slots: [0],
    family: 'none',
    apply: ({ people: [child] }) =>
      onlyResponsibility(child, { ansvar: 'andre', ansvarligOrganisasjon: organisationNumber(0) }),
  },
  {
    name: 'holder_without_number',
    rate: 20,
    slots: [0],
    family: 'none',
    apply: ({ people: [child, , , father] }) =>
      onlyResponsibility(child, {
        ansvar: 'felles',
        ansvarligUtenIdentifikator: {
          navn: { fornavn: 'Aurelio', etternavn: 'Brandt' },
          foedselsdato: dayText(father.born),
          statsborgerskap: 'BRA',
          kjoenn: 'mann',
        },
      }),
  },
  {
    name: 'duplicate_responsibility',
    rate: 30,
    slots: [0, 2, 3],
    apply: ({ people: [child] }) => {
      child.foreldreansvar.push(...child.foreldreansvar)
    },
  },
  {
    name: 'unknown_responsibility_kind',
    rate: 5,
    slots: [0, 4],
    family: 'none',
    apply: ({ people: [child, , , , other] }) => giveResponsibility(child, other, 'fosterhjem', since(child.born)),
  },
  {
    name: 'responsibility_ended',
    rate: 60,
    slots: [0, 3],
    apply: ({ people: [child, , , father], plan }) => {
      const day = Math.max(child.born, plan.today - 300)
      for (const person of [child, father]) {
        person.foreldreansvar = person.foreldreansvar.map((row) =>
          row.ansvarlig === father.number && row.ansvarssubjekt === child.number ? ended(row, day) : row,
        )
      }
    },
  },
  {
    name: 'responsibility_ended_on_child_only',
    rate: 5,
    slots: [0, 3],
    apply: ({ people: [child, , , father], plan }) => {
      const day = Math.max(child.born, plan.today - 300)
      child.foreldreansvar = child.foreldreansvar.map((row) =>
        row.ansvarlig === father.number ? ended(row, day) : row,
      )
    },
  },
  {
    name: 'responsibility_under_old_number',
    rate: 10,
    slots: [0, 2],
    apply: (household) => {
      const [child, , mother] = household.people
      const former = formerNumberOf(household, 2)
      renumber(mother, former, mother.born, household.then)
      child.foreldreansvar = child.foreldreansvar.map((row) =>
        row.ansvarlig === mother.number ? { ...row, ansvarlig: former } : row,
      )
    },
  },
  {
    name: 'adult_with_old_responsibility',
    rate: 20,
    slots: [5, 7, 8],
    apply: ({ people: [, , , , , grown, , mother, father] }) => {
      if (grown.foreldreansvar.length > 0) return
      for (const parent of [mother, father]) giveResponsibility(grown, parent, 'felles', since(grown.born))
    },
  },
  {
    name: 'parent_under_18',
    rate: 5,
    slots: [1, 0],
    family: 'none',
    apply: ({ people: [mother, child], plan }) => {
      correctBirth(mother, plan.today - 6200)
      correctBirth(child, plan.today - 150)
      makeParent(child, mother, 'mor', since(child.born))
      giveResponsibility(child, mother, 'mor', since(child.born))
    },
  },
  { name: 'parent_dead', rate: 30, slots: [0, 3], apply: ({ people, plan }) => dieOn(people[3], plan.today - 90) },
  {
    name: 'parents_dead',
    rate: 10,
    slots: [0, 2, 3, 7],
    apply: ({ people, plan }) => {
      for (const slot of [2, 3] as const) dieOn(people[slot], plan.today - 400)
      const [child, , , , , , , guardian] = people
      const meta = since(Math.max(child.born, plan.today - 380))
      giveGuardian(child, {
        guardian: guardian.number,
        tasks: [task('nav', 'familie'), task('kommune', 'skoleOgUtdanning')],
        meta,
        kind: 'mindreaarig',
      })
    },
  },
  { name: 'parents_apart', rate: 100, slots: [0, 2, 3], apply: (household) => moveFatherOut(household, false) },
  { name: 'shared_residence', rate: 60, slots: [0, 2, 3], apply: (household) => moveFatherOut(household, true) },
  {
    name: 'family_in_hiding',
    rate: 10,
    slots: [0, 1, 2, 3],
    apply: (household) => {
      const { people, place, plan } = household
      for (const slot of [0, 1, 2] as const) {
        const person = people[slot]
        const day = Math.max(person.born, plan.today - 200)
        person.bostedsadresse = [addressRow(addressOf(place, 7), since(day))]
        protect(person, 'strengtFortrolig', day)
      }
    },
  },
]
