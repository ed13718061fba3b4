import autocannon, { type Client, type Request } from 'autocannon'
import { median, medianRatio, percentile } from './sampling.js'
import { milliseconds, ratio, whole } from './section.js'

/** What one run saw from the outside. Times in milliseconds. */
export interface Seen {
  readonly answered: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

export interface Load {
  readonly url: string
  readonly connections: number
  /** Shared out among the connections in slices, so that no two ask the same at the same time. */
  readonly requests: readonly Request[]
  /** For so many seconds, each connection going round its slice; or until each request was sent once. */
  readonly until: { readonly seconds: number } | 'all_sent'
}

/**
 * Keeps so many connections busy, one request at a time on each.
 *
 * @throws Error when anything but 2xx came back: a refusal is no answer to measure.
 */
export async function load({ url, connections, requests, until }: Load): Promise<Seen> {
  const slices = sliced(requests, connections)
  let client = 0
  const run = autocannon({
    url,
    connections,
    requests: requests.slice(0, 1),
    setupClient: (one: Client) => one.setRequests(slices[client++ % connections] ?? []),
    ...(until === 'all_sent'
      ? { amount: Math.floor(requests.length / connections) * connections }
      : { duration: until.seconds }),
  })
  const times: number[] = []
  run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds))
  const { duration, errors, timeouts, non2xx, '2xx': answered } = await run
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${non2xx} refusals, ${errors} errors, ${timeouts} timeouts from ${url}`)
  const sorted = Float64Array.from(times)
  return { answered, perSecond: answered / duration, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }
}

/** What a table of runs is headed by, after what was run. */
export const SEEN_COLUMNS = ['requests/s', 'p50 ms', 'p99 ms', 'ratio'] as const

/** The medians, each figure's by itself; the ratio is that to the run `beside` which was made in the same round. */
export function seenRow(seen: readonly Seen[], beside: readonly Seen[]): string[] {
  const rates = seen.map(({ perSecond }) => perSecond)
  return [
    whole(median(rates)),
    milliseconds(median(seen.map(({ p50 }) => p50))),
    milliseconds(median(seen.map(({ p99 }) => p99))),
    ratio(
      medianRatio(
        rates,
        beside.map(({ perSecond }) => perSecond),
      ),
    ),
  ]
}

function sliced(requests: readonly Request[], connections: number): Request[][] {
  const each = Math.floor(requests.length / connections)
  if (each === 0) throw new Error('fewer requests than connections')
  return Array.from({ length: connections }, (_, i) => requests.slice(i * each, (i + 1) * each))
}
