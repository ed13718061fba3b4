import { Buffer } from 'node:buffer'
import {
  checkPrimeSync,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
} from 'node:crypto'

/**
 * Keys and signatures for the file of tokens, the same at every run: keys come from their names, and so do the nonces of
 * ECDSA (after the idea of RFC 6979). Everyone can make these private keys, which is what test keys are for.
 */

/** The order of P-256 (FIPS 186-5). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** A key on P-256. */
export function ecKey(name) {
  const secret = scalar(Buffer.from(name))
  const point = publicPoint(secret)
  const jwk = { kty: 'EC', crv: 'P-256', x: encode(point.subarray(1, 33)), y: encode(point.subarray(33)) }
  return { secret, jwk, privateJwk: { ...jwk, d: encode(bytesOf(secret)) } }
}

export function pemOf({ jwk }) {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' })
}

/** (r, s) as 64 bytes (RFC 7518 section 3.4). */
export function es256({ secret }) {
  return (input) => {
    const hash = createHash('sha256').update(input).digest()
    const nonce = scalar(createHmac('sha256', bytesOf(secret)).update(hash).digest())
    const r = numberOf(publicPoint(nonce).subarray(1, 33)) % ORDER
    const s = (power(nonce, ORDER - 2n, ORDER) * ((numberOf(hash) + r * secret) % ORDER)) % ORDER
    return Buffer.concat([bytesOf(r), bytesOf(s)])
  }
}

/** The other signature that is valid for the same text: (r, n − s). */
export function twinOf(signature) {
  return Buffer.concat([signature.subarray(0, 32), bytesOf(ORDER - numberOf(signature.subarray(32)))])
}

/** The same signature as a DER sequence, which is not what JWS wants. */
export function derOf(signature) {
  const parts = [signature.subarray(0, 32), signature.subarray(32)].map((half) => {
    const bytes = half[0] > 127 ? Buffer.concat([Buffer.of(0), half]) : half
    return Buffer.concat([Buffer.of(2, bytes.length), bytes])
  })
  const both = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(0x30, both.length), both])
}

/** An RSA key of 2048 bits. */
export function rsaKey(name) {
  const [p, q] = [prime(`${name}, p`), prime(`${name}, q`)]
  const e = 65_537n
  const d = inverse(e, (p - 1n) * (q - 1n))
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const members = Object.entries(numbers).map(([member, value]) => [member, encode(bytesOf(value, 0))])
  const privateJwk = { kty: 'RSA', ...Object.fromEntries(members) }
  return { privateJwk, jwk: { kty: 'RSA', n: privateJwk.n, e: privateJwk.e } }
}

export function rs256({ privateJwk }) {
  return (input) => sign('sha256', Buffer.from(input), createPrivateKey({ key: privateJwk, format: 'jwk' }))
}

export function hs256(secret) {
  return (input) => createHmac('sha256', secret).update(input).digest()
}

export function encode(bytes) {
  return Buffer.from(bytes).toString('base64url')
}

function scalar(seed) {
  return (numberOf(createHash('sha256').update(seed).digest()) % (ORDER - 1n)) + 1n
}

function publicPoint(secret) {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(bytesOf(secret))
  return curve.getPublicKey()
}

/** The first prime after a number of 1024 bits that comes from the name. */
function prime(name) {
  const half = (part) => createHash('sha512').update(`${name}, ${part}`).digest()
  let candidate = numberOf(Buffer.concat([half(1), half(2)])) | (3n << 1022n) | 1n
  while (!checkPrimeSync(candidate) || (candidate - 1n) % 65_537n === 0n) candidate += 2n
  return candidate
}

function inverse(value, modulus) {
  let [before, after] = [modulus, value % modulus]
  let [old, found] = [0n, 1n]
  while (after !== 0n) {
    const quotient = before / after
    ;[before, after] = [after, before - quotient * after]
    ;[old, found] = [found, old - quotient * found]
  }
  return ((old % modulus) + modulus) % modulus
}

function power(base, exponent, modulus) {
  let result = 1n
  for (let bit = exponent, square = base % modulus; bit > 0n; bit >>= 1n, square = (square * square) % modulus)
    if (bit & 1n) result = (result * square) % modulus
  return result
}

function numberOf(bytes) {
  return BigInt(`0x${bytes.toString('hex')}`)
}

function bytesOf(number, length = 32) {
  const digits = number.toString(16)
  return Buffer.from(digits.padStart(Math.max(length * 2, digits.length + (digits.length % 2)), '0'), 'hex')
}
