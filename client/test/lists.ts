import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'
import { es256, KID, type Members, SECOND, signTexts } from './tokens.js'

/** Status lists as our issuer signs them, and wrong in every way a test may want. */

export const SIZE = 2 ** 20
export const ENDED = 1_000
export const FROZEN = 2_001
export const UNKNOWN = 3_002
export const VALID = 4_003

/** A list of so many entries, of which three are set. */
export function packed(size = SIZE): Buffer {
  const bytes = Buffer.alloc(size / 4)
  for (const [index, status] of [
    [ENDED, 1],
    [FROZEN, 2],
    [UNKNOWN, 3],
  ] as const)
    if (index < size) bytes[Math.floor(index / 4)] = status << ((index % 4) * 2)
  return bytes
}

export function compressed(bytes: Uint8Array): string {
  return deflateSync(bytes).toString('base64url')
}

const good = compressed(packed())

/** What a list says of itself and of its entries. */
export interface Changes {
  readonly header?: Members
  readonly claims?: Members
  readonly list?: Members
  readonly signer?: (input: string) => Uint8Array
}

/** A member changed to undefined is left out. */
export function signedList(
  issuer: string,
  uri: string,
  { header, claims, list, signer = es256 }: Changes = {},
): string {
  return signTexts(
    JSON.stringify({ alg: 'ES256', typ: 'statuslist+jwt', kid: KID, ...header }),
    JSON.stringify({
      iss: issuer,
      sub: uri,
      iat: SECOND - 10,
      exp: SECOND + 80,
      ttl: 30,
      status_list: { bits: 2, lst: good, ...list },
      ...claims,
    }),
    signer,
  )
}
