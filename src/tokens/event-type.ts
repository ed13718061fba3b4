import type { Cause, ChangeForClient, EventType } from '../store/ground-change-store.js'

/** What a change is to a client, by what caused it alone. */
const BY_CAUSE: Readonly<Record<Cause, EventType>> = {
  narrowed: 'delegation-scope-changed',
  frozen: 'delegation-suspended',
  thawed: 'delegation-resumed',
  ended: 'delegation-revoked',
  principal: 'principal-status-changed',
  other: 'delegation-scope-changed',
  time: 'delegation-scope-changed',
  grown: 'delegation-expired',
}

/** After one of these there is nothing more to tell until the ground stands again. */
const FINAL: readonly (EventType | null)[] = ['delegation-revoked', 'delegation-expired']

/**
 * What a client is told of a change to a ground of its own, given how the ground stands now and what it was told last;
 * null where it knows. The last that it is told always agrees with how the ground stands.
 */
export function eventTypeOf(
  { cause, status }: Pick<ChangeForClient, 'cause' | 'status'>,
  lastTold: EventType | null,
): EventType | null {
  if (status === 1) {
    if (FINAL.includes(lastTold)) return null
    return cause === 'time' || cause === 'grown' ? 'delegation-expired' : 'delegation-revoked'
  }
  if (cause === 'grown' && FINAL.includes(lastTold)) return null
  // What stands has not ended: some of it has.
  if (cause === 'ended') return 'delegation-scope-changed'
  // Thawed, but what it was passed on from or to is frozen still, or again.
  if (cause === 'thawed' && status === 2) return null
  if (cause === 'frozen' && lastTold === 'delegation-suspended') return null
  return BY_CAUSE[cause]
}
