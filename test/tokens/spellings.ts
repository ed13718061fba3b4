import { type JWK, exportJWK, generateKeyPair } from 'jose'

/** A private P-256 key with its own `kid`. */
export async function newKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid }
}

/** The four spellings of one signed content that signature libraries take besides the canonical one. */
export const SPELLINGS: readonly (readonly [string, (token: string) => string])[] = [
  ['padding after the signature', (token) => `${token}==`],
  ['a space in the signature', (token) => token.replace(/(.{8})$/, ' $1')],
  ['a line break in the signature', (token) => token.replace(/(.{8})$/, '\n$1')],
  ['spare bits in the last character', withSpareBits],
]

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The last character of 64 bytes in base64url has four spare bits, which are zero. */
function withSpareBits(token: string): string {
  return token.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(token.at(-1) ?? '') + 1] ?? '')
}

const ORDER_OF_P256 = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** The same token with the other signature that holds: of (r, s) on P-256 that is (r, n − s). */
export function otherSignature(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const other = Buffer.from((ORDER_OF_P256 - s).toString(16).padStart(64, '0'), 'hex')
  return `${header}.${payload}.${Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url')}`
}
