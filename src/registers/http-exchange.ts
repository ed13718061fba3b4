import { hasDuplicateMember } from '../domain/duplicate-members.js'
import { RegisterFault, type RegisterName } from './register-fault.js'

export interface HttpRequest {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Bytes of the answer after decompression. */
  readonly longestAnswer: number
  readonly signal: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * One request and its whole answer, whatever the status. Redirects are not followed: the token would go along.
 *
 * @throws RegisterFault `unreachable`, `timeout` when the signal says so, `too_large`, `malformed` when it is not UTF-8.
 */
export async function exchange(register: RegisterName, request: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body, signal, longestAnswer } = request
  try {
    const sent = { method, headers, signal, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) }
    const response = await fetch(url, sent)
    const text = await readWhole(register, response, longestAnswer)
    return { status: response.status, headers: response.headers, text }
  } catch (error) {
    if (error instanceof RegisterFault) throw error
    if (signal.aborted) throw new RegisterFault(register, 'timeout')
    throw new RegisterFault(register, 'unreachable', systemCode(error))
  }
}

async function readWhole(register: RegisterName, response: Response, longest: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > longest) throw new RegisterFault(register, 'too_large', `more than ${longest} bytes`)
    chunks.push(chunk)
  }
  try {
    return UTF8.decode(Buffer.concat(chunks))
  } catch {
    throw new RegisterFault(register, 'malformed', 'not UTF-8')
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** `ECONNREFUSED` and the like. The messages around it may quote the address. */
function systemCode(error: unknown): string | null {
  const code = memberOf(memberOf(error, 'cause') ?? error, 'code')
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : null
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

const JSON_TYPE = /^application\/([\w.-]+\+)?json *(;|$)/i

/**
 * What the answer says, if it says that it is JSON (`application/json` or any `+json`) and is.
 *
 * @throws RegisterFault `not_json` for another content type, `malformed` for half a text or a member that stands twice.
 */
export function readJson(register: RegisterName, { headers, text }: HttpAnswer): unknown {
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) throw new RegisterFault(register, 'not_json')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RegisterFault(register, 'malformed', 'not whole JSON')
  }
  if (hasDuplicateMember(text)) throw new RegisterFault(register, 'malformed', 'a member stands twice')
  return value
}

/** The code in an error answer, `FREG-001` or `invalid_grant`, for the one who has to mend it; null when there is none. */
export function errorCodeIn({ text }: HttpAnswer): string | null {
  const [, code] = /"(?:kode|error)"\s*:\s*"([A-Za-z][A-Za-z_]{0,40}(?:-\d{1,4})?)"/.exec(text.slice(0, 4096)) ?? []
  return code ?? null
}

/**
 * `Retry-After` (RFC 9110 section 10.2.3) in milliseconds; null when it is missing or says nothing.
 *
 * @param unit what a bare number counts. The standard says seconds, Folkeregisteret's documents milliseconds.
 */
export function readRetryAfter(headers: Headers, unit: 'seconds' | 'milliseconds', now: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value) * (unit === 'seconds' ? 1000 : 1)
  const date = /GMT$/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
