import { addressOf } from './country-addresses.js'
import type { Household } from './country-plan.js'
import { addressRow, giveResponsibility, makeParent, since } from './person-documents-draft.js'

const OTHER_HOME = 6

/** Both parents are responsible and live with the children. */
export function liveTogether({ people: [a, b, mother, father] }: Household): void {
  for (const child of [a, b]) {
    const meta = since(child.born)
    for (const [parent, role] of [
      [mother, 'mor'],
      [father, 'far'],
    ] as const) {
      giveResponsibility(child, parent, 'felles', meta)
      makeParent(child, parent, role, meta)
    }
  }
}

/** Both are responsible, in two homes; with shared residence the children live in both. */
export function liveApart(household: Household, shared: boolean): void {
  liveTogether(household)
  moveFatherOut(household, shared)
}

/** The father gets a home of his own; with shared residence the children live there too. */
export function moveFatherOut({ people: [a, b, , father], place, then }: Household, shared: boolean): void {
  const address = addressOf(place, OTHER_HOME)
  father.bostedsadresse = [addressRow(address, since(then))]
  if (shared) for (const child of [a, b]) child.deltBosted.push(addressRow(address, since(Math.max(then, child.born))))
}

/** The mother alone is responsible, and nothing is said of a father. */
export function motherAlone({ people: [a, b, mother] }: Household): void {
  for (const child of [a, b]) {
    giveResponsibility(child, mother, 'mor', since(child.born))
    makeParent(child, mother, 'mor', since(child.born))
  }
}
