import { randomUUID } from 'node:crypto'

/** The events that the register tells of, as far as they concern representation. */
export type EventKind =
  | 'endringIVergemaal'
  | 'endringIForeldreansvar'
  | 'endringIRettsligHandleevne'
  | 'endringIDoedsfall'
  | 'endringIAdressebeskyttelse'
  | 'endringIFamilierelasjon'
  | 'endringIStatus'
  | 'endringIIdentifikasjonsnummer'
  | 'endringIFoedsel'
  | 'endringIBostedsadresse'
  | 'endringIDeltBosted'
  | 'personErOpphoert'
  | 'personErReaktivert'
  | 'personErOppdatert'

export interface RegisterEvent {
  readonly sequence: number
  readonly kind: EventKind
  /** The number in force when it happened. */
  readonly number: string
  readonly document: string
  readonly personDocument: string
  /** ISO 8601. */
  readonly at: string
}

const PAGE = 1000

/** The feed of events: numbers rise, and may have gaps. */
export class EventLog {
  readonly #events: RegisterEvent[] = []
  #next: number
  #windowStart: number

  constructor(
    firstSequence: number,
    private readonly now: () => Date,
  ) {
    this.#next = firstSequence
    this.#windowStart = firstSequence
  }

  /** Tells that one person, known by this number, has changed in these ways. */
  add(number: string, kinds: readonly EventKind[]): void {
    const personDocument = documentId()
    for (const kind of kinds) {
      const at = this.now().toISOString()
      this.#events.push({ sequence: this.#next, kind, number, document: documentId(), personDocument, at })
      this.#next += 1
    }
  }

  /** Leaves numbers out of the sequence. */
  skip(numbers: number): void {
    this.#next += numbers
  }

  /** Forgets events before that number: the register keeps them for 36 months. */
  forgetBefore(sequence: number): void {
    this.#windowStart = sequence
  }

  /** Up to 1000 events from that number on, that one included; null where it lies before what the register keeps. */
  from(sequence: number): readonly RegisterEvent[] | null {
    if (sequence < this.#windowStart) return null
    let [low, high] = [0, this.#events.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#events[middle]?.sequence ?? Infinity) < sequence) low = middle + 1
      else high = middle
    }
    return this.#events.slice(low, low + PAGE)
  }

  /** The number of the newest event; the one before the first where there is none. */
  latest(): number {
    return this.#events.at(-1)?.sequence ?? this.#windowStart - 1
  }

  /** The event with that document. */
  find(document: string): RegisterEvent | undefined {
    return this.#events.find((event) => event.document === document)
  }
}

function documentId(): string {
  return randomUUID().replaceAll('-', '')
}
