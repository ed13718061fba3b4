import { TokenRefused } from './refused.js'
import type { GroundEvent } from './security-event.js'
import type { IssuedGround } from './statuses.js'

/** Tokens live for 300 s and clocks differ by 30 s: after this an event tells of no token that is still taken. Seconds. */
const TOLD_FOR = 360
const MOST_GROUNDS = 100_000

interface Told {
  /** Whatever was issued in this second or before is refused. */
  changed: number
  isSuspended: boolean
  /** Of the latest event. */
  second: number
}

/**
 * What events have told of grounds, for as long as it matters to a token. When there is more than memory is given to, the
 * oldest is put together into one: whatever was issued until then is refused, of whatever ground.
 */
export class ToldGrounds {
  private readonly told = new Map<string, Told>()
  private allUntil = 0

  note({ handle, type, second }: GroundEvent, now: Date): void {
    const before = this.told.get(handle)
    const ground = before ?? { changed: 0, isSuspended: false, second }
    ground.second = Math.max(ground.second, second)
    if (type === 'delegation-suspended') ground.isSuspended = true
    else if (type === 'delegation-resumed') ground.isSuspended = false
    else ground.changed = Math.max(ground.changed, second)
    // Last in the map, which is in the order of the latest event.
    this.told.delete(handle)
    this.told.set(handle, ground)
    this.forget(now.getTime() / 1000)
  }

  /** Refuses a token that was issued before its ground changed, or whose ground is frozen. */
  check({ handle, issuedAt }: IssuedGround): void {
    const ground = this.told.get(handle)
    if (issuedAt <= this.allUntil || (ground !== undefined && issuedAt <= ground.changed))
      throw new TokenRefused('status_ended', 'the ground has ended or changed since the token was issued')
    if (ground?.isSuspended === true) throw new TokenRefused('status_suspended', 'the ground is frozen')
  }

  private forget(now: number): void {
    for (const [handle, { second }] of this.told) {
      if (second > now - TOLD_FOR && this.told.size <= MOST_GROUNDS) return
      if (second > now - TOLD_FOR) this.allUntil = Math.max(this.allUntil, second)
      this.told.delete(handle)
    }
  }
}
