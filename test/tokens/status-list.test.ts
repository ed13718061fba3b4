import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { statusAt } from '../../client/src/status-list.js'
import { compressStatuses, packStatuses } from '../../src/tokens/status-list.js'

const FOLDER = process.env['VECTORS_DIR'] ?? path.join('..', 'shared', 'vectors')
const FILE = path.join(FOLDER, 'status-list.json')
const withVectors = existsSync(FILE) ? describe : describe.skip
if (!existsSync(FILE)) console.warn(`no vectors in ${FOLDER}: set VECTORS_DIR to read the lists of the draft`)

type Bits = 1 | 2 | 4 | 8
interface Vectors {
  readonly short: readonly {
    readonly bits: Bits
    readonly bytes_hex: string
    readonly lst: string
    readonly statuses: number[]
  }[]
  readonly long_size: number
  readonly long: readonly {
    readonly bits: Bits
    readonly lst: string
    readonly nonzero_or_listed: [number, number][]
  }[]
}

const inflated = (lst: string): Uint8Array => inflateSync(Buffer.from(lst, 'base64url'))

/** Index and value of those that are not 0. */
function setIn(bytes: Uint8Array, bits: Bits, size: number): [number, number][] {
  return Array.from({ length: size }, (_, index): [number, number] => [
    index,
    statusAt(bytes, bits, index) ?? -1,
  ]).filter(([, status]) => status !== 0)
}

withVectors('the lists of the draft', () => {
  const vectors = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Vectors) : null

  test('the short ones, to and fro', () => {
    for (const { bits, bytes_hex, lst, statuses } of vectors?.short ?? []) {
      const set = statuses.map((status, index) => ({ index, status }))
      expect(Buffer.from(packStatuses(statuses.length, bits, set)).toString('hex')).toBe(bytes_hex)
      const bytes = inflated(lst)
      expect(statuses.map((_, index) => statusAt(bytes, bits, index))).toEqual(statuses)
    }
    expect(vectors?.short.map(({ bits }) => bits)).toEqual([1, 2])
  })

  test('the long ones, of 1, 2, 4 and 8 bits', () => {
    const size = vectors?.long_size ?? 0
    for (const { bits, lst, nonzero_or_listed } of vectors?.long ?? []) {
      const listed = nonzero_or_listed.filter(([, status]) => status !== 0).sort(([a], [b]) => a - b)
      const bytes = inflated(lst)
      expect(bytes).toHaveLength((size * bits) / 8)
      expect(setIn(bytes, bits, size)).toEqual(listed)
      const set = nonzero_or_listed.map(([index, status]) => ({ index, status }))
      expect(Buffer.compare(packStatuses(size, bits, set), bytes)).toBe(0)
    }
    expect(vectors?.long.map(({ bits }) => bits)).toEqual([1, 2, 4, 8])
  })
})

test('what is packed and compressed reads the same', async () => {
  const entry = fc.record({ index: fc.nat({ max: 9_999 }), status: fc.constantFrom(1, 2) })
  const entries = fc.uniqueArray(entry, { selector: ({ index }) => index, maxLength: 500 })
  const property = fc.asyncProperty(entries, async (set) => {
    const bytes = inflated(await compressStatuses(packStatuses(10_000, 2, set)))
    expect(setIn(bytes, 2, 10_000)).toEqual(
      set.toSorted((a, b) => a.index - b.index).map(({ index, status }) => [index, status]),
    )
  })
  await fc.assert(property, { numRuns: 30 })
})
