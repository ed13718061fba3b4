/** Households of ten: two children, eight adults, and what is between them. Any one can be made without the others. */

import { addressOf } from './country-addresses.js'
import { chosen, happens } from './country-chance.js'
import { giveGuardian, someTasks } from './country-guardianship.js'
import { familyName, givenName } from './country-names.js'
import { liveApart, liveTogether, motherAlone } from './country-families.js'
import { HOUSEHOLD, numberPlace } from './country-numbers.js'
import { numberOf, type Household, type Plan, type Ten } from './country-plan.js'
import { trapOf } from './country-trap-rows.js'
import type { TrapRow } from './country-trap.js'
import {
  correctBirth,
  dieOn,
  giveResponsibility,
  makeParent,
  plainPerson,
  protect,
  renumber,
  setStatus,
  since,
  type PersonDraft,
} from './person-documents-draft.js'

/** Which of its homes each slot lives in: the children with their parents, the couple together, everyone else alone. */
const HOME_OF_SLOT = [0, 0, 0, 0, 1, 2, 3, 4, 4, 5]
/** Whoever guards people of other households stands in this slot of every sixteenth. */
const GUARDIAN_SLOT = 8
const GUARDIAN_EVERY = 16

/** The ten people of a household. The last household may have places beyond the country's size; nobody is tied to it. */
export function householdAt(plan: Plan, place: number): Ten {
  const whole = (place + 1) * HOUSEHOLD <= plan.persons
  const trap = whole ? trapOf(plan.seed, place) : undefined
  const people = Array.from({ length: HOUSEHOLD }, (_, slot) => somebody(plan, place, slot, trap)) as unknown as Ten
  if (!whole) return people
  const household = { plan, place, people, then: plan.today - 700 - chosen(700, plan.seed, place, 2) }
  if (trap === undefined) makeOrdinary(household)
  else {
    if (trap.family !== 'none') liveTogether(household)
    makeKin(household)
    trap.apply(household)
  }
  return people
}

function somebody(plan: Plan, place: number, slot: number, trap: TrapRow | undefined): PersonDraft {
  const { seed, today } = plan
  const index = place * HOUSEHOLD + slot
  const foreign =
    trap === undefined ? slot === 6 && happens(2000, seed, index, 3) : trap.dNumbers?.includes(slot) === true
  const kind = foreign ? 'd_number' : 'birth_number'
  const born = numberPlace(seed, today, place, slot).day
  const sex =
    slot === 2 || slot === 7 ? 'kvinne' : slot === 3 || slot === 8 || happens(5000, seed, index, 4) ? 'mann' : 'kvinne'
  return plainPerson({
    index,
    kind,
    born,
    sex,
    number: numberOf(plan, place, slot, kind),
    givenName: givenName(sex, seed, index),
    familyName: familyName(seed, place * HOUSEHOLD + (slot < 4 ? 0 : slot === 5 || slot === 8 ? 7 : slot)),
    address: addressOf(place, HOME_OF_SLOT[slot] ?? 0),
    registered: Math.max(born, today - 3000 - chosen(1000, seed, index, 5)),
  })
}

function makeOrdinary(household: Household): void {
  const { plan, place } = household
  const roll = chosen(100, plan.seed, place, 6)
  if (roll < 78) liveTogether(household)
  else if (roll < 88) liveApart(household, roll < 82)
  else if (roll < 97) motherAlone(household)
  makeKin(household)
  placeWards(household)
  changePeople(household)
}

/** The young adult is the couple's child; in three of ten the register still shows their responsibility. */
function makeKin({ people: [, , , , , grown, , mother, father], plan, place }: Household): void {
  const meta = since(grown.born)
  makeParent(grown, mother, 'mor', meta)
  makeParent(grown, father, 'far', meta)
  if (!happens(3000, plan.seed, place, 7)) return
  for (const parent of [mother, father]) giveResponsibility(grown, parent, 'felles', meta)
}

function placeWards({ people, plan, place, then }: Household): void {
  const rates = [
    [9, 880],
    [6, 180],
    [0, 40],
  ] as const
  for (const [slot, rate] of rates) {
    const ward = people[slot]
    if (!happens(rate, plan.seed, ward.index, 8)) continue
    const near = happens(6000, plan.seed, ward.index, 9)
    const guardian = near
      ? people[7].number
      : numberOf(plan, place - (place % GUARDIAN_EVERY), GUARDIAN_SLOT, 'birth_number')
    const from = Math.max(then, ward.born)
    const kind = slot === 0 ? 'mindreaarig' : 'voksen'
    giveGuardian(ward, { guardian, tasks: someTasks(plan.seed, ward.index), meta: since(from), kind })
  }
}

/** What happens to people by themselves: deaths, moves abroad, secrecy, new numbers, birth dates put right. */
function changePeople({ people, plan, place, then }: Household): void {
  const { seed } = plan
  const [a, b, mother, , alone, grown, other, , , old] = people
  if (old.vergemaalEllerFremtidsfullmakt.length === 0 && happens(300, seed, place, 10)) dieOn(old, then)
  if (happens(300, seed, place, 11)) setStatus(alone, 'utflyttet', then)
  if (happens(30, seed, place, 12))
    for (const person of [a, b, mother]) protect(person, 'fortrolig', Math.max(then, person.born))
  if (happens(500, seed, place, 13)) renumber(grown, numberOf(plan, place, 5, 'd_number'), grown.born, then)
  if (happens(200, seed, place, 14)) correctBirth(other, other.born - 1 - chosen(400, seed, place, 15))
}
