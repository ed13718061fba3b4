/** What a tester can find a person by: plain sentences made from the facts themselves, so that none is untrue. */

import type { Situation } from './people-rows.js'

/** One case in the words of the code (English) and of the login page (Norwegian bokmål). */
export interface CaseLabel {
  readonly en: string
  readonly nb: string
}

export interface CaseFacts {
  /** Whole years. */
  readonly age: number
  readonly diedOn: string | null
  readonly protectedAddress: boolean
  readonly dNumber: boolean
  /** The identifier of a foreign login, and whether it is the only one the person has. */
  readonly eidas: 'none' | 'also' | 'only'
  readonly childAges: readonly number[]
  readonly parentAges: readonly number[]
  readonly isGuardian: boolean
  readonly isWard: boolean
  readonly isManager: boolean
  readonly given: readonly Situation[]
  readonly received: readonly Situation[]
}

const SITUATIONS: Readonly<Record<Situation, CaseLabel>> = {
  active: { en: 'mandate active', nb: 'fullmakten gjelder' },
  ended_yesterday: { en: 'mandate ended yesterday', nb: 'fullmakten ble avsluttet i går' },
  expires_tomorrow: { en: 'mandate expires tomorrow', nb: 'fullmakten går ut i morgen' },
  offered: { en: 'mandate offered, not accepted', nb: 'fullmakten er tilbudt, ikke godtatt' },
  frozen: { en: 'mandate frozen', nb: 'fullmakten er fryst' },
  starts_next_month: { en: 'mandate starts next month', nb: 'fullmakten begynner neste måned' },
}

/** The labels of one person, the most telling first; someone without any gets a label that says so. */
export function caseLabels(facts: CaseFacts): readonly CaseLabel[] {
  const labels = [...ofThePerson(facts), ...ofTheFamily(facts), ...ofTheMandates(facts)]
  return labels.length > 0
    ? labels
    : [{ en: 'adult with no mandate and no children', nb: 'voksen uten fullmakt og barn' }]
}

function ofThePerson(facts: CaseFacts): readonly CaseLabel[] {
  const labels: CaseLabel[] = []
  if (facts.diedOn !== null) labels.push({ en: 'dead', nb: 'død' })
  if (facts.protectedAddress) labels.push({ en: 'protected address', nb: 'adressesperre' })
  if (facts.dNumber) labels.push({ en: 'd-number', nb: 'd-nummer' })
  if (facts.eidas === 'only') labels.push({ en: 'only an eIDAS login, no number', nb: 'bare eIDAS, uten nummer' })
  if (facts.eidas === 'also') labels.push({ en: 'also an eIDAS login', nb: 'også eIDAS' })
  if (facts.diedOn === null && (facts.age <= 18 || facts.age >= 90))
    labels.push({ en: `${facts.age}-year-old`, nb: `${facts.age}-åring` })
  return labels
}

function ofTheFamily(facts: CaseFacts): readonly CaseLabel[] {
  const children = facts.childAges.map((age) =>
    age <= 18
      ? { en: `parent of ${article(age)} ${age}-year-old`, nb: `forelder til en ${age}-åring` }
      : { en: 'parent of a grown child', nb: 'forelder til et voksent barn' },
  )
  const parents = facts.parentAges
    .filter((age) => age >= 90)
    .map((age) => ({ en: `child of ${article(age)} ${age}-year-old`, nb: `barn av en ${age}-åring` }))
  return [
    ...children,
    ...parents,
    ...(facts.isGuardian ? [{ en: 'guardian for pension and tax', nb: 'verge for pensjon og skatt' }] : []),
    ...(facts.isManager ? [{ en: 'manager of a company', nb: 'daglig leder i et selskap' }] : []),
    ...(facts.isWard ? [{ en: 'has a guardian for pension and tax', nb: 'har verge for pensjon og skatt' }] : []),
  ]
}

function ofTheMandates(facts: CaseFacts): readonly CaseLabel[] {
  return [
    ...[...new Set(facts.given)].map((s) => ({ en: `giver, ${SITUATIONS[s].en}`, nb: `giver, ${SITUATIONS[s].nb}` })),
    ...[...new Set(facts.received)].map((s) => ({
      en: `helper, ${SITUATIONS[s].en}`,
      nb: `hjelper, ${SITUATIONS[s].nb}`,
    })),
  ]
}

/** "An eight", "an eleven", "an eighteen", "an eighty": the others of our ages begin with a consonant. */
function article(age: number): 'a' | 'an' {
  return age === 8 || age === 11 || age === 18 || (age >= 80 && age < 90) ? 'an' : 'a'
}
