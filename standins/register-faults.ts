import type { ServerResponse } from 'node:http'
import type { Answer } from './register-server.js'

/**
 * The ways in which a register can let its readers down. `down` cuts the connection, `half_page` ends in the middle of
 * the JSON, `repeated_page` says what was said the time before, `out_of_order` turns the list round, `left_out` leaves
 * every second item out, `stranger` puts in the last item of the answer before, `empty_list` leaves all items out. The number in `retryAfter` goes
 * into the header as it is: Folkeregisteret counts milliseconds there, others seconds.
 */
export type RegisterFailure =
  | { readonly kind: 'down' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  | {
      readonly kind:
        'wrong_content_type' | 'half_page' | 'repeated_page' | 'out_of_order' | 'left_out' | 'stranger' | 'empty_list'
    }

interface Waiting {
  readonly failure: RegisterFailure
  readonly path: RegExp
  left: number
}

/** Failures that wait for the next answers, first come first served. */
export class FaultyAnswers {
  readonly #waiting: Waiting[] = []
  readonly #last = new Map<string, Answer>()

  /** Spoils the next `times` answers to paths that match `path`; any path where none is given. */
  next(failure: RegisterFailure, times = 1, path = /./): void {
    this.#waiting.push({ failure, path, left: times })
  }

  /** Forgets what still waits. */
  clear(): void {
    this.#waiting.length = 0
  }

  /** Writes the answer, spoiled if a failure waits for it. */
  async write(path: string, answer: Answer, response: ServerResponse): Promise<void> {
    const failure = this.#take(path)
    const before = this.#last.get(path)
    this.#last.set(path, answer)
    if (failure?.kind === 'down') {
      response.destroy()
      return
    }
    if (failure?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, failure.milliseconds).unref())
    send(response, failure, failure === undefined ? answer : spoiled(answer, before, failure))
  }

  #take(path: string): RegisterFailure | undefined {
    const place = this.#waiting.findIndex((waiting) => waiting.path.test(path))
    const found = this.#waiting[place]
    if (found === undefined) return undefined
    found.left -= 1
    if (found.left <= 0) this.#waiting.splice(place, 1)
    return found.failure
  }
}

function send(
  response: ServerResponse,
  failure: RegisterFailure | undefined,
  { status, body, headers = {} }: Answer,
): void {
  if (body === undefined) {
    response.writeHead(status, headers).end()
    return
  }
  const text = JSON.stringify(body)
  const type = failure?.kind === 'wrong_content_type' ? 'text/html; charset=utf-8' : null
  const written = { 'content-type': 'application/json', ...headers, ...(type === null ? {} : { 'content-type': type }) }
  response.writeHead(status, written)
  response.end(failure?.kind === 'half_page' ? text.slice(0, Math.floor(text.length / 2)) : text)
}

function spoiled(answer: Answer, before: Answer | undefined, failure: RegisterFailure): Answer {
  switch (failure.kind) {
    case 'status': {
      const wait = failure.retryAfter
      const headers = wait === undefined ? {} : { 'retry-after': String(wait) }
      return { status: failure.status, body: { kode: 'FREG-001', melding: 'Feil i tjenesten.' }, headers }
    }
    case 'repeated_page':
      return before ?? answer
    case 'out_of_order':
      return withItems(answer, (items) => items.toReversed())
    case 'left_out':
      return withItems(answer, (items) => items.filter((_, place) => place % 2 === 1))
    case 'stranger':
      return withItems(answer, (items) => [...items, ...itemsOf(before).slice(-1)])
    case 'empty_list':
      return withItems(answer, () => [])
    case 'down':
    case 'slow':
    case 'wrong_content_type':
    case 'half_page':
      return answer
  }
}

/** The list that an answer is, or holds in its first member. */
function itemsOf(answer: Answer | undefined): readonly unknown[] {
  let items: readonly unknown[] = []
  if (answer !== undefined) withItems(answer, (found) => (items = found))
  return items
}

function withItems(answer: Answer, change: (items: readonly unknown[]) => readonly unknown[]): Answer {
  const { body } = answer
  if (Array.isArray(body)) return { ...answer, body: change(body) }
  if (typeof body !== 'object' || body === null) return answer
  const [first] = Object.entries(body) as [string, unknown][]
  return first !== undefined && Array.isArray(first[1])
    ? { ...answer, body: { ...body, [first[0]]: change(first[1] as unknown[]) } }
    : answer
}
