import { identityOf } from './person-document.js'
import { RegisterFault } from './register-fault.js'
import { type RegisterAccess, RegisterHttp } from './register-http.js'
import { RegisterRecord } from './register-record.js'

const SCOPE = 'folkeregister:deling/offentligmedhjemmel'

/** As many numbers as one bulkoppslag takes; and as many as we send: reading a thousand holds up everything else for 0.1 s. */
const MOST_NUMBERS = 1000
const BATCH = 250

/** Data minimisation: what a decision needs and nothing else. The numbers always come along. */
const PARTS = [
  'status',
  'doedsfall',
  'foedsel',
  'navn',
  'adressebeskyttelse',
  'bostedsadresse',
  'deltBosted',
  'foreldreansvar',
  'vergemaalEllerFremtidsfullmakt',
  // With a capital, unlike all others.
  'RettsligHandleevne',
]

/** Earlier numbers come with it. */
const WITH_HISTORY = [...PARTS, 'historikk']

/** The document for each number asked for, `null` where the register says that it knows no such person. */
export type PersonDocuments = ReadonlyMap<string, unknown>

/** Something has changed for one person. What it is says the document; a change of a child does not come on the parents. */
export interface RegisterEvent {
  readonly sequence: number
  readonly number: string
  /** `endringIVergemaal` and so on; a kind that we do not know is a change too. */
  readonly kind: string
  readonly updatedAt: Date | null
}

export interface EventPage {
  /** In order, with gaps. Empty: nothing has happened since. */
  readonly events: readonly RegisterEvent[]
  /** Where to go on. */
  readonly next: number
  /** To be sent with the same question again. */
  readonly etag: string | null
}

export interface FolkeregisteretOptions extends Omit<RegisterAccess, 'address'> {
  /** The package's address with its version, `…/folkeregisteret/offentlig-med-hjemmel/api/v1/`. */
  readonly address: string
  /** Numbers in one bulkoppslag, at most 1000; 250 unless told. */
  readonly batch?: number
}

/** Folkeregisteret, "offentlig med hjemmel". Persons are asked for by POST alone: `GET personer/{id}` has the number in its address. */
export class Folkeregisteret {
  private readonly http: RegisterHttp
  private readonly batch: number

  constructor(options: FolkeregisteretOptions) {
    this.http = new RegisterHttp('folkeregisteret', options, 'milliseconds')
    this.batch = Math.min(options.batch ?? BATCH, MOST_NUMBERS)
  }

  /**
   * The documents of these people, each proved to be about the number it is given for. One who has changed number is found
   * by the old one: where a document does not have the number that was asked for, or calls the person by one that is not in
   * it, it is read again with history.
   *
   * @throws RegisterFault `incomplete`, `unasked` and what `RegisterHttp` throws. There is no half result.
   */
  async persons(
    numbers: readonly string[],
    history: 'where_renumbered' | 'always' = 'where_renumbered',
  ): Promise<PersonDocuments> {
    const asked = [...new Set(numbers)]
    const found = new Map<string, unknown>()
    for (let start = 0; start < asked.length; start += this.batch) {
      const some = asked.slice(start, start + this.batch)
      for (const [number, document] of await this.batchOf(some, history)) found.set(number, document)
    }
    return found
  }

  private async batchOf(numbers: readonly string[], history: 'where_renumbered' | 'always'): Promise<PersonDocuments> {
    const parts = history === 'always' ? WITH_HISTORY : PARTS
    const documents = new Map(await this.lookUp(numbers, parts))
    const renumbered = numbers.filter((number) => identity(documents.get(number), number) !== 'proved')
    if (renumbered.length === 0) return documents
    const withHistory = await this.lookUp(renumbered, WITH_HISTORY)
    for (const [number, document] of withHistory) {
      if (identity(document, number) === 'about_another')
        throw new RegisterFault('folkeregisteret', 'unasked', 'a document of another')
      documents.set(number, document)
    }
    return documents
  }

  private async lookUp(numbers: readonly string[], parts: readonly string[]): Promise<PersonDocuments> {
    const { body } = await this.http.ask({
      path: 'personer/bulkoppslag',
      query: parts.map((part) => ['part', part] as const),
      body: { foedselsEllerDNummer: numbers },
      scope: SCOPE,
    })
    return readLookUp(body, numbers)
  }

  /**
   * Up to 1000 events, from this sequence number on and including it. `unchanged` where the etag still holds.
   *
   * @throws RegisterFault `outside_window` where the events are older than the register keeps them (36 months),
   * `out_of_order`, and what `RegisterHttp` throws.
   */
  async feed(from: number, etag: string | null = null): Promise<EventPage | 'unchanged'> {
    const answer = await this.http.ask({
      path: 'hendelser/feed',
      query: [['seq', String(from)]],
      scope: SCOPE,
      etag,
      alsoAnswers: [406],
    })
    if (answer.status === 304) return 'unchanged'
    if (answer.status === 406) throw new RegisterFault('folkeregisteret', 'outside_window')
    const events = RegisterRecord.readList('folkeregisteret', answer.body, 'feed').map(readEvent)
    events.reduce((least, { sequence }) => {
      if (sequence < least) throw new RegisterFault('folkeregisteret', 'out_of_order')
      return sequence + 1
    }, from)
    return { events, next: (events.at(-1)?.sequence ?? from - 1) + 1, etag: answer.etag }
  }

  /** The sequence number of the newest event, for whoever begins, or wants to know how far behind he is. */
  async latestSequence(): Promise<number> {
    const { body } = await this.http.ask({ path: 'hendelser/siste/sekvensnummer', scope: SCOPE })
    // Until April 2022 the answer was the bare number.
    const latest = RegisterRecord.read(
      'folkeregisteret',
      typeof body === 'number' ? { sekvensnummer: body } : body,
      'siste',
    )
    return latest.whole('sekvensnummer') ?? latest.refuse('sekvensnummer')
  }
}

function readLookUp(body: unknown, numbers: readonly string[]): PersonDocuments {
  const asked = new Set(numbers)
  const documents = new Map<string, unknown>()
  const answer = RegisterRecord.read('folkeregisteret', body, '')
  for (const entry of answer.records('oppslag')) {
    const number = entry.number('foedselsEllerDNummer') ?? entry.refuse('foedselsEllerDNummer')
    if (!asked.has(number)) throw new RegisterFault('folkeregisteret', 'unasked')
    if (documents.has(number)) entry.refuse('foedselsEllerDNummer')
    documents.set(number, entry.raw('folkeregisterperson'))
  }
  if (documents.size < numbers.length) {
    const missing = numbers.length - documents.size
    throw new RegisterFault('folkeregisteret', 'incomplete', `${missing} of ${numbers.length} left out`)
  }
  return documents
}

function identity(document: unknown, number: string): ReturnType<typeof identityOf> {
  return document === null ? 'proved' : identityOf(document, number)
}

function readEvent(row: RegisterRecord): RegisterEvent {
  const event = row.record('hendelse') ?? row.refuse('hendelse')
  return {
    sequence: row.whole('sekvensnummer') ?? row.refuse('sekvensnummer'),
    number: event.number('folkeregisteridentifikator') ?? event.refuse('folkeregisteridentifikator'),
    // The documents have both spellings.
    kind: event.text('hendelsetype') ?? event.text('hendelsestype') ?? event.refuse('hendelsetype'),
    updatedAt: event.instant('ajourholdstidspunkt'),
  }
}
