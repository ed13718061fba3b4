/** What surprises readers of what the register says of a person alone. */

import { giveGuardian, someTasks } from './country-guardianship.js'
import { formerNumberOf, numberOf } from './country-plan.js'
import { correctBirth, dieOn, protect, renumber, setStatus, since } from './person-documents-draft.js'
import type { TrapRow } from './country-trap.js'
export const PERSON_TRAPS: readonly TrapRow[] = [
  { name: 'dead', rate: 60, slots: [9], apply: ({ people, then }) => dieOn(people[9], then) },
  { name: 'death_to_be_annulled', rate: 1, slots: [6], apply: ({ people, plan }) => dieOn(people[6], plan.today - 20) },
  {
    name: 'dead_without_date',
    rate: 2,
    slots: [9],
    apply: ({ people, then }) => {
      people[9].doedsfall.push(since(then))
      setStatus(people[9], 'doed', then)
    },
  },
  {
    name: 'ceased',
    rate: 10,
    slots: [6],
    dNumbers: [6],
    apply: ({ people, then }) => setStatus(people[6], 'opphoert', then),
  },
  { name: 'missing', rate: 3, slots: [4], apply: ({ people, then }) => setStatus(people[4], 'forsvunnet', then) },
  { name: 'emigrated', rate: 60, slots: [4], apply: ({ people, then }) => setStatus(people[4], 'utflyttet', then) },
  {
    name: 'inactive_d_number',
    rate: 60,
    slots: [6],
    dNumbers: [6],
    apply: ({ people, then }) => setStatus(people[6], 'inaktiv', then),
  },
  {
    name: 'changed_number',
    rate: 20,
    slots: [5],
    apply: ({ people, plan, place, then }) =>
      renumber(people[5], numberOf(plan, place, 5, 'd_number'), people[5].born, then),
  },
  {
    name: 'corrected_number',
    rate: 10,
    slots: [5],
    apply: (household) =>
      renumber(household.people[5], formerNumberOf(household, 5), household.people[5].born, household.then),
  },
  {
    name: 'birth_date_differs',
    rate: 40,
    slots: [6],
    apply: ({ people }) => correctBirth(people[6], people[6].born - 37),
  },
  {
    name: 'birth_year_only',
    rate: 5,
    slots: [6],
    dNumbers: [6],
    apply: ({ people: [, , , , , , person], then }) => {
      person.foedsel = person.foedsel.map(({ foedselsaar }) => ({ ...since(then), foedselsaar }))
    },
  },
  { name: 'confidential', rate: 20, slots: [4], apply: ({ people, then }) => protect(people[4], 'fortrolig', then) },
  {
    name: 'strictly_confidential',
    rate: 10,
    slots: [4],
    apply: ({ people, then }) => protect(people[4], 'strengtFortrolig', then),
  },
  {
    name: 'client_address',
    rate: 10,
    slots: [4],
    apply: ({ people, then }) => protect(people[4], 'klientadresse', then),
  },
  {
    name: 'unknown_protection',
    rate: 2,
    slots: [4],
    apply: ({ people, then }) => protect(people[4], 'hemmelig', then),
  },
  {
    name: 'unknown_status',
    rate: 2,
    slots: [4],
    apply: ({ people, then }) => setStatus(people[4], 'paaVandring', then),
  },
  {
    name: 'no_residence',
    rate: 20,
    slots: [4],
    apply: ({ people, then }) => {
      people[4].bostedsadresse = [
        { ...since(then), ukjentBosted: { bostedskommune: '0301' }, adressegradering: 'ugradert' },
      ]
    },
  },
  {
    name: 'capacity_lost',
    rate: 20,
    slots: [6, 7],
    apply: ({ people, plan, then }) => {
      people[6].rettsligHandleevne.push({ ...since(then), rettsligHandleevneomfang: 'oekonomiskeForhold' })
      giveGuardian(people[6], {
        guardian: people[7].number,
        tasks: someTasks(plan.seed, people[6].index),
        meta: since(then),
      })
    },
  },
]
