import { type HttpAnswer, errorCodeIn, exchange, readJson, readRetryAfter } from './http-exchange.js'
import type { Maskinporten } from './maskinporten.js'
import { DEFAULT_PATIENCE, type Patience, type Patiently, patiently } from './patience.js'
import { RegisterFault, type RegisterName } from './register-fault.js'

export interface RegisterAccess {
  /** Where the register's paths begin, e.g. `https://data.brreg.no/enhetsregisteret/`. */
  readonly address: string
  readonly tokens: Pick<Maskinporten, 'token' | 'forget'>
  readonly patience?: Patience
  /** Bytes of one answer. */
  readonly longestAnswer?: number
}

export interface RegisterQuestion {
  /** Below the address, without a slash before it. Never with an identity number: those go in the body. */
  readonly path: string
  readonly query?: readonly (readonly [name: string, value: string])[]
  /** Sent by POST; without it the question is a GET. */
  readonly body?: unknown
  /** Null where the register is open for this question. */
  readonly scope: string | null
  /** Of the answer that we have: the register may say that it still holds (304). */
  readonly etag?: string | null
  /** Statuses that are answers here, not refusals. Their body is not read. */
  readonly alsoAnswers?: readonly number[]
}

export interface RegisterAnswer {
  /** 200, 304 when an `etag` was sent, or one of `alsoAnswers`. */
  readonly status: number
  /** Null unless the status is 200. */
  readonly body: unknown
  readonly etag: string | null
}

const LONGEST_ANSWER = 32 * 1024 * 1024

/** The one place that speaks HTTP with a register: token, time, size, tries, circuit, content type. */
export class RegisterHttp {
  private readonly patiently: Patiently
  private readonly base: URL

  constructor(
    private readonly register: RegisterName,
    private readonly access: RegisterAccess,
    /** What a bare number in `Retry-After` counts at this register. */
    private readonly retryAfterUnit: 'seconds' | 'milliseconds' = 'seconds',
  ) {
    this.patiently = patiently(register, access.patience ?? DEFAULT_PATIENCE)
    this.base = new URL(access.address.endsWith('/') ? access.address : `${access.address}/`)
  }

  /** @throws RegisterFault, of this register or of `maskinporten`. */
  async ask(question: RegisterQuestion): Promise<RegisterAnswer> {
    // Fetched outside the tries, so that an ailing Maskinporten does not open this register's circuit.
    const token = question.scope === null ? null : await this.access.tokens.token(question.scope)
    return this.patiently((signal) => this.attempt(question, token, signal))
  }

  private async attempt(
    question: RegisterQuestion,
    token: string | null,
    signal: AbortSignal,
  ): Promise<RegisterAnswer> {
    const { body, etag, scope } = question
    const answer = await exchange(this.register, {
      url: this.urlOf(question),
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(etag ? { 'if-none-match': etag } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      longestAnswer: this.access.longestAnswer ?? LONGEST_ANSWER,
      signal,
    })
    if (answer.status === 401 && scope !== null && token !== null) this.access.tokens.forget(scope, token)
    return this.read(question, answer)
  }

  private urlOf({ path, query = [] }: RegisterQuestion): URL {
    const url = new URL(path, this.base)
    for (const [name, value] of query) url.searchParams.append(name, value)
    return url
  }

  private read({ etag, alsoAnswers = [] }: RegisterQuestion, answer: HttpAnswer): RegisterAnswer {
    const { status, headers } = answer
    const itsEtag = headers.get('etag')
    if (status === 200) return { status, body: readJson(this.register, answer), etag: itsEtag }
    if ((status === 304 && etag) || alsoAnswers.includes(status)) return { status, body: null, etag: itsEtag }

    const wait = readRetryAfter(headers, this.retryAfterUnit, Date.now())
    const detail = [String(status), errorCodeIn(answer)].filter((part) => part !== null).join(' ')
    if (status === 429) throw new RegisterFault(this.register, 'throttled', detail, wait)
    if (status >= 500) throw new RegisterFault(this.register, 'server_error', detail, wait)
    throw new RegisterFault(this.register, 'refused', detail)
  }
}
