import { setTimeout } from 'node:timers/promises'
import { type FollowPersonsOptions, followPersons } from './follow-persons.js'
import { type FollowRolesOptions, followRoles } from './follow-roles.js'
import type { Followed } from './follow.js'

export interface FollowingOptions {
  readonly persons: FollowPersonsOptions
  readonly roles: FollowRolesOptions
  readonly everySeconds: number
  /** Told of what a reading failed with: a `RegisterFault` names the register and what is wrong. */
  readonly onFault: (register: string, error: unknown) => void
}

/**
 * Follows the registers from now on, each by itself: reads to the end, waits, reads on. A fault is told and the next
 * reading begins where the last one ended; until one succeeds the facts grow old, and answers say so. Returns what stops
 * it; when that is fulfilled nothing of it runs any more.
 */
export function followRegisters({ persons, roles, everySeconds, onFault }: FollowingOptions): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const keepReading = async (register: string, read: () => Promise<Followed>): Promise<void> => {
    while (!signal.aborted) {
      await read().catch((error: unknown) => {
        if (!signal.aborted) onFault(register, error)
      })
      await setTimeout(everySeconds * 1000, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const reading = [
    keepReading('folkeregisteret', () => followPersons({ ...persons, signal })),
    keepReading('enhetsregisteret', () => followRoles({ ...roles, signal })),
  ]
  return async () => {
    stopping.abort(new Error('following was stopped'))
    await Promise.all(reading)
  }
}
