import { Buffer } from 'node:buffer'

/** An answer that is not a stream must come within this time; and a stream shows a sign of life each 15 s. */
const SILENCE_MS = 45_000
/** Characters of one message: an event and its frame. */
const LONGEST_MESSAGE = 8_192

/** One message of a stream of server-sent events. */
export interface Message {
  /** Undefined where the message moves the place in the stream on. */
  readonly data: string | undefined
  /** The place in the stream after this message. */
  readonly id: string | undefined
}

/** The issuer's answer was none of a stream. */
export class StreamRefused extends Error {
  constructor(readonly status: number) {
    super(`the issuer answered ${status}`)
  }
}

/**
 * The messages at this address (WHATWG HTML, section 9.2: lines end in LF here), until the stream ends. Throws when it
 * is silent for 45 s, when a message is too long, and `StreamRefused` when the answer is another than 200.
 */
export async function* readStream(
  address: string,
  headers: Readonly<Record<string, string>>,
  closing: AbortSignal,
): AsyncGenerator<Message> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error('the stream is silent')), SILENCE_MS)
  try {
    const signal = AbortSignal.any([closing, silence.signal])
    const response = await fetch(address, {
      headers: { accept: 'text/event-stream', ...headers },
      redirect: 'error',
      signal,
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new StreamRefused(response.status)
    }
    let rest = ''
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      timer.refresh()
      // What is not ASCII is in no token, and fails there.
      const messages = (rest + Buffer.from(chunk).toString('latin1')).split('\n\n')
      rest = messages.pop() ?? ''
      if (rest.length > LONGEST_MESSAGE) throw new Error(`a message is longer than ${LONGEST_MESSAGE} characters`)
      for (const message of messages) yield readMessage(message)
    }
  } finally {
    clearTimeout(timer)
  }
}

function readMessage(text: string): Message {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? []
    if (name !== '') fields.set(name, value)
  }
  return { data: fields.get('data'), id: fields.get('id') }
}
