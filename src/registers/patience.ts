import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  ExponentialBackoff,
  type IBackoff,
  type IRetryBackoffContext,
  TaskCancelledError,
  TimeoutStrategy,
  circuitBreaker,
  handleWhen,
  retry,
  timeout,
  wrap,
} from 'cockatiel'
import { RegisterFault, type RegisterFaultCode, type RegisterName } from './register-fault.js'

/** How long and how often one register is asked. Times in milliseconds. */
export interface Patience {
  /** For one question, with every try and every wait between them. */
  readonly total: number
  readonly retries: number
  /** About the first wait; each next one is about twice as long, with chance in it, up to the longest. */
  readonly firstWait: number
  /** A register that wants to be left alone for longer than this is not asked again for this question. */
  readonly longestWait: number
  /** Questions in a row that fail before it is left alone. */
  readonly failuresToOpen: number
  /** How long it is then left alone, before one question is let through to see. */
  readonly rest: number
}

export const DEFAULT_PATIENCE: Patience = {
  total: 30_000,
  retries: 3,
  firstWait: 250,
  longestWait: 5_000,
  failuresToOpen: 5,
  rest: 30_000,
}

/** What may be asked again: all our questions only read. Anything else would get the same answer. */
const PASSING: readonly RegisterFaultCode[] = ['unreachable', 'server_error', 'throttled']

/** What says that the register is unwell, rather than our question. */
const UNWELL: readonly RegisterFaultCode[] = [...PASSING, 'timeout']

export type Patiently = <T>(attempt: (signal: AbortSignal) => Promise<T>) => Promise<T>

/**
 * Runs attempts against one register: again after a passing fault, within one time limit for all, and not at all while
 * the register has failed too often. The circuit is shared by everyone who holds the result.
 *
 * @throws RegisterFault of the last attempt, `timeout` or `circuit_open`.
 */
export function patiently(register: RegisterName, patience: Patience): Patiently {
  const again = retry(handleWhen(mayBeTriedAgain(patience)), {
    maxAttempts: patience.retries,
    backoff: { next: (context) => waits(context, backoffOf(patience).next()) },
  })
  const breaker = circuitBreaker(handleWhen(isUnwell), {
    halfOpenAfter: patience.rest,
    breaker: new ConsecutiveBreaker(patience.failuresToOpen),
  })
  const policy = wrap(breaker, timeout(patience.total, TimeoutStrategy.Aggressive), again)

  return async (attempt) => {
    try {
      return await policy.execute(({ signal }) => attempt(signal))
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new RegisterFault(register, 'circuit_open')
      if (error instanceof TaskCancelledError) throw new RegisterFault(register, 'timeout')
      throw error
    }
  }
}

function mayBeTriedAgain({ longestWait }: Patience): (error: Error) => boolean {
  return (error) =>
    error instanceof RegisterFault && PASSING.includes(error.code) && (error.retryAfter ?? 0) <= longestWait
}

function isUnwell(error: Error): boolean {
  return error instanceof TaskCancelledError || (error instanceof RegisterFault && UNWELL.includes(error.code))
}

function backoffOf({ firstWait, longestWait }: Patience): ExponentialBackoff<unknown> {
  return new ExponentialBackoff({ initialDelay: firstWait, maxDelay: longestWait })
}

/** As long as the backoff says, but no shorter than the register asks for. */
function waits(
  context: IRetryBackoffContext<unknown>,
  backoff: IBackoff<unknown>,
): IBackoff<IRetryBackoffContext<unknown>> {
  const error = 'error' in context.result ? context.result.error : null
  const asked = error instanceof RegisterFault ? (error.retryAfter ?? 0) : 0
  return {
    duration: Math.max(backoff.duration, asked),
    next: (following) => waits(following, backoff.next(following)),
  }
}
