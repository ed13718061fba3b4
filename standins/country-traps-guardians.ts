/** What surprises readers of guardianships. */

import { dayText } from './country-days.js'
import {
  EXPIRED_TASK,
  giveGuardian,
  guardianRow,
  officeOf,
  someTasks,
  task,
  UNKNOWN_TASK,
} from './country-guardianship.js'
import { formerNumberOf, type Household } from './country-plan.js'
import { type Vergemaal } from './person-documents.js'
import { between, dieOn, renumber, since, type PersonDraft } from './person-documents-draft.js'
import type { TrapRow } from './country-trap.js'
/** Puts the oldest under the guardianship of one of the couple, changed as the trap wants it. */
function ward(
  household: Household,
  change: (row: Vergemaal) => Vergemaal | readonly Vergemaal[],
  guardianSlot: 7 | 8 = 7,
) {
  const { people, plan, then } = household
  const person = people[9]
  const tasks = someTasks(plan.seed, person.index)
  const row = guardianRow({ guardian: people[guardianSlot].number, tasks, meta: since(then) }, officeOf(person.index))
  person.vergemaalEllerFremtidsfullmakt.push(...[change(row)].flat())
}

function withTasks(row: Vergemaal, tasks: Vergemaal['verge']['tjenesteomraade'] & object): Vergemaal {
  return { ...row, verge: { ...row.verge, tjenesteomraade: tasks } }
}

function withoutTasks({ verge: { foedselsEllerDNummer } }: Vergemaal): Vergemaal['verge'] {
  return foedselsEllerDNummer === undefined ? {} : { foedselsEllerDNummer }
}

export const GUARDIAN_TRAPS: readonly TrapRow[] = [
  {
    name: 'duplicate_tasks',
    rate: 20,
    slots: [9, 7],
    apply: (household) =>
      ward(household, (row) =>
        withTasks(row, [...(row.verge.tjenesteomraade ?? []), ...(row.verge.tjenesteomraade ?? [])]),
      ),
  },
  {
    name: 'guardian_in_several_elements',
    rate: 40,
    slots: [9, 7],
    apply: (household) =>
      ward(household, (row) => [
        withTasks(row, [task('nav', 'pensjon'), task('skatteetaten', 'skatt')]),
        withTasks(row, [task('nav', 'pensjon'), task('bank', 'representasjonDagligbank')]),
      ]),
  },
  {
    name: 'guardian_by_name_only',
    rate: 20,
    slots: [9, 7],
    apply: (household) =>
      ward(household, ({ verge, ...row }) => ({ ...row, verge: byName(household.people[7], verge.tjenesteomraade) })),
  },
  {
    name: 'guardian_without_tasks',
    rate: 20,
    slots: [9, 7],
    apply: (household) =>
      ward(household, (row) => ({
        ...row,
        verge: {
          ...withoutTasks(row),
          omfang: 'personligeOgOekonomiskeInteresser',
          omfangetErInnenPersonligOmraade: true,
        },
      })),
  },
  {
    name: 'unknown_task_pair',
    rate: 10,
    slots: [9, 7],
    apply: (household) => ward(household, (row) => withTasks(row, [task('nav', 'pensjon'), UNKNOWN_TASK])),
  },
  {
    name: 'expired_task_pair',
    rate: 20,
    slots: [9, 7],
    apply: (household) => ward(household, (row) => withTasks(row, [EXPIRED_TASK, task('husbanken', 'bostoette')])),
  },
  {
    name: 'ended_guardianship',
    rate: 60,
    slots: [9, 7],
    apply: (household) =>
      ward(household, (row) => ({
        ...row,
        ...between(household.then - 900, household.then),
        verge: { ...withoutTasks(row), omfang: 'oekonomiskeInteresser', omfangetErInnenPersonligOmraade: false },
      })),
  },
  {
    name: 'two_guardians',
    rate: 40,
    slots: [9, 7, 8],
    apply: (household) => {
      ward(household, (row) => withTasks(row, [task('nav', 'pensjon'), task('nav', 'hjelpemidler')]))
      ward(household, (row) => withTasks(row, [task('bank', 'representasjonDagligbank')]), 8)
    },
  },
  {
    name: 'guardian_dead',
    rate: 10,
    slots: [9, 7],
    apply: (household) => {
      ward(household, (row) => row)
      dieOn(household.people[7], household.then + 200)
    },
  },
  {
    name: 'guardian_under_old_number',
    rate: 5,
    slots: [9, 2],
    apply: (household) => {
      const former = formerNumberOf(household, 2)
      renumber(household.people[2], former, household.people[2].born, household.then)
      ward(household, (row) => ({ ...row, verge: { ...row.verge, foedselsEllerDNummer: former } }))
    },
  },
  {
    name: 'guardian_not_yet',
    rate: 5,
    slots: [9, 7],
    apply: (household) => ward(household, (row) => ({ ...row, ...since(household.plan.today + 200) })),
  },
  {
    name: 'lasting_power',
    rate: 56,
    slots: [9, 7],
    apply: (household) =>
      ward(household, (row) => ({
        ...since(household.then),
        vergemaaltype: 'stadfestetFremtidsfullmakt',
        verge: withoutTasks(row),
      })),
  },
  {
    name: 'unknown_guardianship_kind',
    rate: 5,
    slots: [9, 7],
    apply: (household) => ward(household, (row) => ({ ...row, vergemaaltype: 'sikkerhetsvergemaal' })),
  },
  ...(['midlertidigForVoksen', 'forvaltningUtenforVergemaal'] as const).map((kind) => ({
    name: kind === 'midlertidigForVoksen' ? 'temporary_guardian' : 'administration_without_guardianship',
    rate: 20,
    slots: [6, 7],
    apply: ({ people, plan, then }: Household) =>
      giveGuardian(people[6], {
        guardian: people[7].number,
        tasks: someTasks(plan.seed, people[6].index),
        meta: since(then),
        kind,
      }),
  })),
  {
    name: 'asylum_minor',
    rate: 5,
    slots: [0, 7],
    dNumbers: [0],
    family: 'none',
    apply: ({ people: [child, , , , , , , guardian], then }) =>
      giveGuardian(child, {
        guardian: guardian.number,
        tasks: [task('kommune', 'skoleOgUtdanning')],
        meta: since(Math.max(then, child.born)),
        kind: 'ensligMindreaarigAsylsoeker',
      }),
  },
]

function byName(guardian: PersonDraft, tjenesteomraade: Vergemaal['verge']['tjenesteomraade']): Vergemaal['verge'] {
  const [name] = guardian.navn
  return {
    navnFoedselsdato: {
      personnavn: { fornavn: name?.fornavn ?? '', etternavn: name?.etternavn ?? '' },
      foedselsdato: dayText(guardian.born),
    },
    ...(tjenesteomraade === undefined ? {} : { tjenesteomraade }),
  }
}
