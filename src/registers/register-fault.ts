export const REGISTERS = ['maskinporten', 'folkeregisteret', 'enhetsregisteret', 'kontaktregisteret'] as const
export type RegisterName = (typeof REGISTERS)[number]

/** Every way in which a register can fail us. None of them is ever read as "there is nothing". */
export const REGISTER_FAULTS = [
  /** No connection, or it broke before the answer was whole. */
  'unreachable',
  /** No whole answer within the time that the question may take, tries included. */
  'timeout',
  /** 429: we ask too often. */
  'throttled',
  /** 5xx. */
  'server_error',
  /** It has failed so often that it is left alone for a while; nothing was sent. */
  'circuit_open',
  /** Any other status: our rights, our address or our question are not in order. */
  'refused',
  'too_large',
  'not_json',
  /** JSON, but not what the register's documents promise: half a text, a missing member, a code that we do not know. */
  'malformed',
  /** Someone that we asked for is not in the answer. */
  'incomplete',
  /** Someone that we did not ask for is in the answer, or a document is about another than it is given for. */
  'unasked',
  /** Sequence numbers that repeat, decrease or lie before what was asked for. */
  'out_of_order',
  /** The feed reaches no longer back to where we are: everything must be read anew. */
  'outside_window',
] as const
export type RegisterFaultCode = (typeof REGISTER_FAULTS)[number]

/**
 * A register did not give what we asked for. The message names register, code and at most a place or a status: no address
 * that was asked, nothing of the answer, no identity number. There is no `cause`, since the causes quote what they read.
 */
export class RegisterFault extends Error {
  override readonly name = 'RegisterFault'
  readonly detail: string | null

  constructor(
    readonly register: RegisterName,
    readonly code: RegisterFaultCode,
    detail: string | null = null,
    /** How long the register wants to be left alone, in milliseconds; null where it does not say. */
    readonly retryAfter: number | null = null,
  ) {
    // The last line of defence: no caller writes a number here.
    const safe = detail?.replaceAll(/\d{11}/g, '…') ?? null
    super(`${register}: ${code}${safe === null ? '' : ` (${safe})`}`)
    this.detail = safe
  }
}
