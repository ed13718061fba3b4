import { createReadStream } from 'node:fs'

const LINE_END = 0x0a
const LONGEST_LINE = 4 * 1024 * 1024

/**
 * The lines of a file, a chunk of the file at a time: `readline` takes longer to find a line than we do to read what is in
 * it. Memory does not grow with the file.
 *
 * @throws Error for a line longer than 4 MiB: this is no file of documents.
 */
export async function* documentLines(file: string): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = whole.lastIndexOf(LINE_END)
    rest = whole.subarray(end + 1)
    if (rest.length > LONGEST_LINE) throw new Error('a line is longer than any document')
    if (end >= 0) yield linesOf(whole.subarray(0, end))
  }
  if (rest.length > 0) yield linesOf(rest)
}

function linesOf(bytes: Buffer): readonly string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
}
