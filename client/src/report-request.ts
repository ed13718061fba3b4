import { readBounded } from './bounded-fetch.js'
import { isObject, isText, parseObject } from './json.js'
import type { ReportedUse } from './reported-use.js'

const TIMEOUT_MS = 10_000
const LARGEST_ANSWER = 256 * 1024

/** What is wrong is in the request itself: to send it again does not help. */
const UNREADABLE = [400, 413, 422]

/** Which of them the issuer has refused, and by what code; throws when it has not answered for each of them. */
export async function postUses(
  address: string,
  token: () => Promise<string>,
  uses: readonly ReportedUse[],
  closing: AbortSignal,
): Promise<ReadonlyMap<string, string> | 'unreadable'> {
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), closing])
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${await unlessAborted(token(), signal)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ uses }),
    redirect: 'error',
    signal,
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    if (UNREADABLE.includes(response.status)) return 'unreadable'
    throw new Error(`the issuer answered ${response.status}`)
  }
  return readAnswer(await readBounded(response.body, LARGEST_ANSWER), uses)
}

function readAnswer(body: Uint8Array, uses: readonly ReportedUse[]): ReadonlyMap<string, string> {
  const items: unknown = parseObject(body)['uses']
  if (!Array.isArray(items)) throw new Error('the answer is none')
  const answers = new Map(items.filter(isObject).map((item) => [item['use_id'], item]))
  return new Map(
    uses.flatMap(({ use_id }) => {
      const answer = answers.get(use_id)
      if (answer?.['taken'] === true) return []
      const code = answer?.['refused']
      if (!isText(code)) throw new Error('the answer is not about each use')
      return [[use_id, code]]
    }),
  )
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('it took too long'))
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject)
    if (signal.aborted) stop()
  })
}
