import { randomInt, randomUUID } from 'node:crypto'
import { freeIdentityNumber, type LoginPerson, type SyntheticPerson } from './people.js'

export type NewPersonListener = (person: SyntheticPerson) => void | Promise<void>

/** A person as a tester makes one. `bornOn` is `YYYY-MM-DD`. */
export interface NewPerson {
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: string
}

/** The people of one running set of stand-ins: those it began with and those testers have made since. */
export class PeopleRegistry {
  readonly #byId = new Map<string, LoginPerson>()
  readonly #numbers = new Set<string>()
  readonly #listeners: NewPersonListener[] = []

  constructor(people: readonly LoginPerson[]) {
    for (const person of people) this.#keep(person)
  }

  /** Everyone, in the order they came. */
  all(): readonly LoginPerson[] {
    return [...this.#byId.values()]
  }

  find(id: string): LoginPerson | undefined {
    return this.#byId.get(id)
  }

  /**
   * Those whose name, or one of whose cases in English or Norwegian, holds every word of `text`. Case and accents do not
   * matter; an empty text finds everyone. Numbers are never looked at, so that none needs to be typed into an address.
   */
  search(text: string): readonly LoginPerson[] {
    const words = folded(text).split(/\s+/)
    return this.all().filter((person) =>
      [`${person.givenName} ${person.familyName}`, ...person.cases, ...person.casesNb].some((label) =>
        words.every((word) => folded(label).includes(word)),
      ),
    )
  }

  /** Calls `listener` for each person made from now on. `add` waits for it, so a register knows before anyone asks. */
  onNewPerson(listener: NewPersonListener): void {
    this.#listeners.push(listener)
  }

  /**
   * Makes a person with a free synthetic birth number. The serial begins at random: after a restart the registry has
   * forgotten earlier people that a database remembers, and must not hand their numbers to others.
   *
   * @throws RangeError where all numbers of that day are taken.
   */
  async add({ givenName, familyName, bornOn }: NewPerson): Promise<SyntheticPerson> {
    const number = freeIdentityNumber(bornOn, 'birth_number', randomInt(500), (n) => this.#numbers.has(n))
    if (number === null) throw new RangeError('no free synthetic number for that date of birth')
    const made: SyntheticPerson = {
      id: randomUUID(),
      identityNumber: number,
      givenName,
      familyName,
      bornOn,
      diedOn: null,
      protectedAddress: false,
      cases: ['made by a tester'],
      casesNb: ['laget av en tester'],
    }
    this.#keep(made)
    for (const listener of this.#listeners) await listener(made)
    return made
  }

  #keep(person: LoginPerson): void {
    this.#byId.set(person.id, person)
    if (person.identityNumber !== null) this.#numbers.add(person.identityNumber)
  }
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
