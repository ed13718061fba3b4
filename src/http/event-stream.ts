import { Readable } from 'node:stream'
import type { StreamPart } from '../tokens/event-feed.js'

/** A receiver that has taken nothing for so long is cut off; it comes again with its cursor. Milliseconds. */
const PATIENCE = 30_000

/**
 * The parts as server-sent events (WHATWG HTML, section 9.2). Nothing is read ahead: the next part is asked for when the
 * one before has been taken, and a receiver who does not take it in time is left.
 */
export function eventStream(parts: AsyncGenerator<StreamPart>, patience = PATIENCE): Readable {
  const stream: Readable = Readable.from(
    written(parts, patience, () => stream.destroy(new Error('the receiver takes nothing'))),
    { objectMode: false, highWaterMark: 1 },
  )
  return stream
}

async function* written(
  parts: AsyncGenerator<StreamPart>,
  patience: number,
  leave: () => unknown,
): AsyncGenerator<string> {
  for await (const part of parts) {
    const timer = setTimeout(leave, patience)
    try {
      yield textOf(part)
    } finally {
      clearTimeout(timer)
    }
  }
}

function textOf(part: StreamPart): string {
  switch (part.kind) {
    case 'event':
      return `id: ${part.number}\nevent: set\ndata: ${part.set}\n\n`
    case 'place':
      return `retry: 1000\nid: ${part.number}\n\n`
    case 'still_here':
      return ': still here\n\n'
  }
}
