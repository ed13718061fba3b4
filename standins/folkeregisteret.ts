import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CountryChanges } from './country-changes.js'
import type { RegisterEvent } from './country-events.js'
import { bearerCheck, type TokenIssuer } from './maskinporten-bearer.js'
import { partsOf, type PersonDocument } from './person-documents.js'
import { listIn, startServer, type Answer, type RunningServer } from './register-server.js'

export const FOLKEREGISTERET_SCOPE = 'folkeregister:deling/offentligmedhjemmel'
const BASE = '/folkeregisteret/offentlig-med-hjemmel/api/v1/'

export interface FolkeregisteretOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly people: CountryChanges
  readonly maskinporten: TokenIssuer
}

export interface RunningFolkeregisteret extends RunningServer {
  /** Where its paths begin, version included: `…/api/v1/`. */
  readonly url: string
  /** The people, and what can happen to them while it runs. */
  readonly people: CountryChanges
}

/**
 * Starts a stand-in for Folkeregisteret on loopback, as a body with legal basis meets it: look-up of one or up to 1000
 * people, the event feed and its documents. Every request needs a token of Maskinporten.
 *
 * @throws where the port is taken.
 */
export async function startFolkeregisteret({
  port,
  people,
  maskinporten,
}: FolkeregisteretOptions): Promise<RunningFolkeregisteret> {
  const check = bearerCheck(maskinporten, FOLKEREGISTERET_SCOPE)
  const server = await startServer(
    port,
    async (request, url) => (await check(request)) ?? (await answer(people, request, url)),
  )
  return { ...server, url: `${server.origin}${BASE}`, people }
}

/** Writes everyone's document to a file, one a line, in the order of their indexes. */
export async function dump(people: Pick<CountryChanges, 'people'>, file: string): Promise<void> {
  await pipeline(Readable.from(lines(people.people())), createWriteStream(file))
}

const LINES_AT_ONCE = 500

/** Several lines at a time, since a stream is slow at many small pieces. */
function* lines(documents: Iterable<PersonDocument>): Generator<string> {
  let waiting: string[] = []
  for (const document of documents) {
    waiting.push(`${JSON.stringify(document)}\n`)
    if (waiting.length < LINES_AT_ONCE) continue
    yield waiting.join('')
    waiting = []
  }
  if (waiting.length > 0) yield waiting.join('')
}

async function answer(people: CountryChanges, request: IncomingMessage, url: URL): Promise<Answer> {
  const path = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length).replace(/\/$/, '') : ''
  const parts = url.searchParams.getAll('part')
  if (path === 'personer/bulkoppslag' && request.method === 'POST')
    return bulk(people, await listIn(request, 'foedselsEllerDNummer'), parts)
  if (request.method !== 'GET') return refusal(404, 'Feil uri brukt.')
  if (path === 'hendelser/feed')
    return feed(people, url.searchParams.get('seq') ?? '', request.headers['if-none-match'])
  if (path === 'hendelser/siste/sekvensnummer') return { status: 200, body: { sekvensnummer: people.events.latest() } }
  const [, room, id = ''] = /^(personer|hendelser)\/([\w-]+)$/.exec(path) ?? []
  if (room === 'personer') return single(people, id, parts)
  return room === 'hendelser' ? eventDocument(people, id) : refusal(404, 'Feil uri brukt.')
}

/** A number that nobody has is answered without a person. */
function bulk(people: CountryChanges, numbers: readonly string[] | null, parts: readonly string[]): Answer {
  if (numbers === null) return refusal(400, 'Fra 1 til 1000 numre.')
  if (partsOf({ identifikasjonsnummer: [] }, parts) === null) return refusal(400, 'Ukjent part.')
  const oppslag = numbers.map((foedselsEllerDNummer) => {
    const index = people.indexOf(foedselsEllerDNummer)
    const folkeregisterperson = index === undefined ? null : partsOf(people.documentAt(index), parts)
    return folkeregisterperson === null ? { foedselsEllerDNummer } : { foedselsEllerDNummer, folkeregisterperson }
  })
  return { status: 200, body: { oppslag } }
}

function single(people: CountryChanges, number: string, parts: readonly string[]): Answer {
  const index = people.indexOf(number)
  if (index === undefined) return refusal(404, 'Personen finnes ikke.')
  const body = partsOf(people.documentAt(index), parts)
  return body === null ? refusal(400, 'Ukjent part.') : { status: 200, body }
}

function feed(people: CountryChanges, seq: string, known: string | undefined): Answer {
  if (!/^\d{1,15}$/.test(seq)) return refusal(400, 'Ugyldig sekvensnummer.')
  const events = people.events.from(Number(seq))
  if (events === null) return refusal(406, 'Sekvensnummeret er for gammelt.')
  const body = events.map(feedItem)
  const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`
  return known === etag ? { status: 304, headers: { etag } } : { status: 200, body, headers: { etag } }
}

/** The feed writes `hendelsetype` where an event document writes `hendelsestype`. */
function feedItem({ sequence, kind, number, document, personDocument, at }: RegisterEvent) {
  return {
    sekvensnummer: sequence,
    hendelse: {
      folkeregisteridentifikator: number,
      hendelsetype: kind,
      hendelsesdokument: document,
      persondokument: personDocument,
      ajourholdstidspunkt: at,
    },
  }
}

function eventDocument(people: CountryChanges, id: string): Answer {
  const event = people.events.find(id)
  if (event === undefined) return refusal(400, 'Dokumentet finnes ikke.')
  const { kind, number, at } = event
  const entitet = kind.startsWith('endringI') ? kind.slice(8, 9).toLowerCase() + kind.slice(9) : 'person'
  const hendelse = {
    folkeregisteridentifikator: number,
    hendelsestype: kind,
    ajourholdstidspunkt: at,
    egenskapshendelse: [{ entitet, entitetsendring: 'registrereNy' }],
  }
  return { status: 200, body: { dokumentidentifikator: id, skjemaversjon: '1.0', hendelse } }
}

function refusal(status: number, melding: string): Answer {
  return { status, body: { kode: 'FREG-002', melding } }
}
