import type { Queryable } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import { type DeliveryChannel, NOTICES_CAUSED, noteWhatIsDue, tellNotices } from '../store/notice-cause-store.js'
import { keepOffice } from '../store/office.js'

/** How often it is looked for what is due by time alone, and for causes whose waking was lost: milliseconds. */
const BEAT = 5_000
/** Causes taken out of the outbox at once. */
const AT_ONCE = 500

export interface TellingOptions {
  readonly databaseUrl: string
  /** By which people are told besides the inbox; what no one can send is not put in a queue. */
  readonly channels: readonly DeliveryChannel[]
  readonly onFault: (error: unknown) => void
}

/**
 * Keeps people told, together with all other instances: one of them holds the office and makes notices of what is in the
 * outbox, at once when woken, and puts into it what is due by time alone.
 */
export function keepNotices({ databaseUrl, channels, onFault }: TellingOptions): Promise<() => Promise<void>> {
  const work = async (office: Queryable): Promise<void> => {
    await noteWhatIsDue(office, (await clock(office)).instant)
    await tellAll(office, channels)
  }
  return keepOffice({
    databaseUrl,
    office: 'notices',
    channel: NOTICES_CAUSED,
    beat: BEAT,
    leastPause: 0,
    work,
    onFault,
  })
}

/** Empties the outbox. For whoever holds the office. */
export async function tellAll(
  office: Queryable,
  channels: readonly DeliveryChannel[],
  atOnce = AT_ONCE,
): Promise<void> {
  let taken = atOnce
  while (taken === atOnce) taken = await tellNotices(office, atOnce, channels)
}
