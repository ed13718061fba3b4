import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, type CryptoKey, importJWK } from 'jose'
import { readHeader, readSigned } from './compact.js'
import { isObject, isText, type JsonObject } from './json.js'
import { TokenRefused } from './refused.js'

/**
 * Whether this proof comes for the first time. It is told apart by `id` and must be remembered until then; instances of one
 * service that share a memory take each proof once between them.
 */
export type ProofMemory = (id: string, until: Date, now: Date) => boolean | Promise<boolean>

/** The request that came with the token, as its sender made it. */
export interface PresentedProof {
  /** The `DPoP` header, if there was one. Two come from Node as one text, which is no proof. */
  readonly header: string | undefined
  readonly method: string
  /** The address that the sender used, not the one behind a proxy. Query and fragment do not count. */
  readonly url: URL
  readonly isFirst: ProofMemory
}

/** Seconds, before and after: a proof is made for one request. */
const WINDOW = 60
const MAXIMUM_LENGTH = 16_384

/** More than one process can verify in the two minutes that a proof may be held. */
const MOST_PROOFS = 250_000

/**
 * A memory for one process. It holds each proof for two minutes at most, and 250 000 of them: beyond that it takes none
 * until some are over, for one that it forgot could come again. Make one for the life of the process.
 */
export function rememberProofs(): ProofMemory {
  const known = new Map<string, number>()
  return (id, until, now) => {
    for (const [old, end] of known) {
      if (end >= now.getTime()) break
      known.delete(old)
    }
    if (known.has(id) || known.size >= MOST_PROOFS) return false
    known.set(id, until.getTime())
    return true
  }
}

/**
 * Demands proof of the key that the token is bound to (RFC 9449 section 4.3): made for this token and this request, less
 * than a minute ago, for the first time. Returns whether it is bound at all. Refuses with `proof_required` or `proof`.
 *
 * @param cnf of the verified token.
 */
export async function checkPossession(
  token: string,
  cnf: unknown,
  proof: PresentedProof | null,
  now: Date,
): Promise<boolean> {
  if (cnf === undefined) return false
  const jkt = isObject(cnf) ? cnf['jkt'] : undefined
  if (proof?.header === undefined) throw new TokenRefused('proof_required', 'cnf binds the token to a key')
  if (!isText(jkt)) throw new TokenRefused('proof_required', 'cnf binds the token in a way that is not taken here')
  try {
    const key = publicKeyIn(readHeader(proof.header, MAXIMUM_LENGTH))
    if ((await calculateJwkThumbprint(key)) !== jkt) throw refused('jwk is not the key of the token')
    const claims = await readSigned(proof.header, await imported(key))
    const { jti, until } = checkClaims(claims, token, proof, now)
    if (!(await proof.isFirst(`${jkt}.${jti}`, until, now))) throw refused('jti has been used')
    return true
  } catch (error) {
    throw error instanceof TokenRefused && error.code !== 'proof' ? refused(error.message) : error
  }
}

/** As an alias, for jose asks for an index signature. */
type PublicKey = { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }

const HEADER_MEMBERS = ['alg', 'jwk', 'typ']
const KEY_MEMBERS = ['kid', 'alg', 'use']

function publicKeyIn(header: JsonObject): PublicKey {
  const { typ, alg, jwk } = header
  if (typ !== 'dpop+jwt' || alg !== 'ES256') throw refused('typ is not dpop+jwt or alg not ES256')
  if (Object.keys(header).some((member) => !HEADER_MEMBERS.includes(member)) || !isObject(jwk))
    throw refused('the header has a member other than alg, jwk and typ, or no jwk')
  const { kty, crv, x, y, ...rest } = jwk
  if (Object.keys(rest).some((member) => !KEY_MEMBERS.includes(member))) throw refused('jwk is not just a public key')
  if (kty !== 'EC' || crv !== 'P-256' || !isText(x) || !isText(y)) throw refused('jwk is not on P-256')
  return { kty, crv, x, y }
}

async function imported(jwk: PublicKey): Promise<CryptoKey> {
  try {
    return await importJWK(jwk, 'ES256')
  } catch {
    throw refused('jwk is no point on P-256')
  }
}

function checkClaims(
  { htm, htu, iat, jti, ath }: JsonObject,
  token: string,
  { method, url }: PresentedProof,
  now: Date,
): { readonly jti: string; readonly until: Date } {
  if (htm !== method) throw refused('htm is not the method of the request')
  if (typeof htu !== 'string' || !URL.canParse(htu) || addressOf(new URL(htu)) !== addressOf(url))
    throw refused('htu is not the address of the request')
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat) || Math.abs(now.getTime() / 1000 - iat) > WINDOW)
    throw refused(`iat is missing or more than ${WINDOW} s from now`)
  if (!isText(jti) || jti.length > 255) throw refused('jti is missing or longer than 255 characters')
  if (ath !== createHash('sha256').update(token).digest('base64url')) throw refused('ath is not the hash of the token')
  return { jti, until: new Date((iat + WINDOW) * 1000) }
}

/**
 * The address in the one spelling that all equal ones have (RFC 3986 section 6.2.2 and 6.2.3), without query and fragment.
 * A user name stays in: no request has one.
 */
function addressOf({ protocol, username, password, host, pathname }: URL): string {
  return [protocol, username, password, host, pathname.replace(/%[\da-f]{2}/gi, unescaped)].join(' ')
}

/** Letters, digits and `-._~` need no escape; of the others the hexadecimal digits are written large. */
function unescaped(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : escape.toUpperCase()
}

function refused(message: string): TokenRefused {
  return new TokenRefused('proof', `DPoP proof: ${message}`)
}
