import { Buffer } from 'node:buffer'

const TIMEOUT_MS = 3_000

/** An answer of whatever status, read to its end. */
export interface Answer {
  readonly status: number
  readonly body: Uint8Array
}

/**
 * What stands at this address, where the whole answer comes within 3 s, with status 200, without redirection, and in at
 * most so many bytes after any decompression. Throws otherwise.
 */
export async function fetchBounded(address: string, accept: string, maximumBytes: number): Promise<Uint8Array> {
  const response = await fetch(address, { ...limits(), headers: { accept } })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`the issuer answered ${response.status}`)
  }
  return readBounded(response.body, maximumBytes)
}

/** What is answered to this, within the same bounds, with any status. Sent once, whatever happens. */
export async function postBounded(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string | URLSearchParams,
  maximumBytes: number,
): Promise<Answer> {
  const response = await fetch(address, { ...limits(), method: 'POST', headers, body })
  return { status: response.status, body: await readBounded(response.body, maximumBytes) }
}

function limits(): { readonly redirect: 'error'; readonly signal: AbortSignal } {
  return { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }
}

/** The whole body, if it is no larger than so many bytes. Throws otherwise. */
export async function readBounded(body: AsyncIterable<Uint8Array> | null, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop by throwing cancels the body.
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maximumBytes) throw new Error(`the answer is larger than ${maximumBytes / 1024} KiB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The address, if what comes from there can be trusted to come from there: https, or http to this very machine. */
export function safeAddress(url: URL, asker: string): string {
  const thisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && thisMachine))
    throw new TypeError(`${asker}: the address must be https, or http to this machine`)
  if (url.username !== '' || url.password !== '')
    throw new TypeError(`${asker}: the address must not hold a user name or password`)
  return url.href
}
