import { createHash, randomInt } from 'node:crypto'

/**
 * What is left of digits and capital letters without those that are taken for one another (0 O Q, 1 I L, 2 Z, 5 S, 8 B,
 * U V): 23 of them. The number is a prime, so that one check character finds every single mistake and every exchange of two.
 */
const ALPHABET = '34679ACDEFGHJKMNPRTVWXY'
/** 23 to the power of 14 is 2 to the power of 63.3: too many to be gone through at ten tries an hour. */
const RANDOM = 14
const GROUP = 5

/** A new code as it is read out and written down: `K7M3P-…`, with its check character last. */
export function newCode(): string {
  return codeOf(Array.from({ length: RANDOM }, () => randomInt(ALPHABET.length)))
}

/** The same code for the same bytes, which must be random or come of a secret. At least 16 bytes. */
export function codeFrom(bytes: Buffer): string {
  let left = BigInt(`0x${bytes.toString('hex')}`)
  const base = BigInt(ALPHABET.length)
  const places = Array.from({ length: RANDOM }, () => {
    const place = Number(left % base)
    left /= base
    return place
  })
  return codeOf(places)
}

function codeOf(places: readonly number[]): string {
  const all = [...places, checkOf(places)]
  const characters = all.map((place) => ALPHABET.charAt(place)).join('')
  return Array.from({ length: all.length / GROUP }, (_, at) => characters.slice(at * GROUP, (at + 1) * GROUP)).join('-')
}

/** Weighted by place, so that two that have changed places are found too. */
function checkOf(places: readonly number[]): number {
  return places.reduce((sum, place, at) => sum + place * (at + 2), 0) % ALPHABET.length
}

/** Reads a code as people write it: any case, with or without what groups it. Null when the check character does not fit. */
export function readCode(written: string): string | null {
  const characters = Array.from(written.toUpperCase().replaceAll(/[\s\p{Pd}]/gu, ''))
  const places = characters.map((character) => ALPHABET.indexOf(character))
  if (places.length !== RANDOM + 1 || places.includes(-1)) return null
  const random = places.slice(0, RANDOM)
  return checkOf(random) === places[RANDOM] ? codeOf(random) : null
}

/** SHA-256 of the code as `newCode` writes it: what is kept. */
export function hashOfCode(code: string): Buffer {
  return createHash('sha256').update(code).digest()
}
