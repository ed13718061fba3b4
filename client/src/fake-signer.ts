import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { User } from './claims.js'
import type { Basis, Obligation, Power } from './ground.js'

/** What a token says. */
export interface FakeToken {
  readonly audience: string
  /** Who acts. */
  readonly user: User
  readonly powers: readonly Power[]
  readonly principal?: string
  readonly handle?: string
  readonly basis?: Basis
  readonly acr?: string
  readonly obligations?: readonly Obligation[]
  /** Seconds from its issue, at most 300. */
  readonly lifetime?: number
  /** Seconds since its issue. */
  readonly age?: number
  /** Thumbprint of the key that it is bound to. */
  readonly boundTo?: string
  /** Claims that are to be otherwise; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface SigningKeyPair {
  readonly privateKey: CryptoKey
  readonly privateJwk: JWK
  readonly publicJwk: JWK
}

export async function newSigningKey(): Promise<SigningKeyPair> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '', d = '' } = await exportJWK(privateKey)
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, kid: randomUUID(), alg: 'ES256', use: 'sig' } as const
  return { privateKey, publicJwk, privateJwk: { ...publicJwk, d } }
}

const STATUSES = { valid: 0, ended: 1, suspended: 2 } as const
const ENTRIES = 4_096

/** Signs tokens and lists as the issuer does. */
export class FakeSigner {
  /** Seconds. */
  listAge = 0
  private readonly bytes = Buffer.alloc(ENTRIES / 4)
  private next = 0

  constructor(
    private readonly issuer: string,
    public key: SigningKeyPair,
  ) {}

  token(wanted: FakeToken): Promise<string> {
    const { audience, user, powers, basis = 'mandate', handle = 'r_test', age = 0, lifetime = 300 } = wanted
    const issuedAt = Math.floor(Date.now() / 1000) - age
    const obligations = wanted.obligations === undefined ? {} : { obligations: wanted.obligations }
    const idx = this.next++ % ENTRIES
    this.set(idx, 0)
    return this.sign('at+jwt', {
      iss: this.issuer,
      aud: audience,
      sub: wanted.principal ?? 'p_test',
      client_id: 'test',
      iat: issuedAt,
      exp: issuedAt + lifetime,
      jti: randomUUID(),
      act: { iss: user.issuer, sub: user.subject, sub_profile: 'user' },
      acr: wanted.acr ?? 'idporten-loa-high',
      auth_time: issuedAt - 30,
      scope: [...new Set(powers.map(({ service, action }) => `${service}.${action}`))].join(' '),
      authorization_details: powers.map(({ service, action, provider, object }) => ({
        type: `${this.issuer}/rar/representation`,
        locations: [audience],
        actions: [action],
        datatypes: [service],
        identifier: handle,
        granted_by: { method: 'delegated' },
        basis,
        ...(provider === null ? {} : { provider }),
        ...(object === null ? {} : { object }),
        may_delegate: false,
        ...obligations,
      })),
      status: { status_list: { idx, uri: `${this.issuer}/statuslists/1` } },
      evaluation_id: randomUUID(),
      ...(wanted.boundTo === undefined ? {} : { cnf: { jkt: wanted.boundTo } }),
      ...wanted.claims,
    })
  }

  setStatus(token: string, status: keyof typeof STATUSES): void {
    this.set(indexOf(token), STATUSES[status])
  }

  isValid(token: string): boolean {
    const index = indexOf(token)
    return (((this.bytes[Math.floor(index / 4)] ?? 0) >> ((index % 4) * 2)) & 3) === 0
  }

  statusList(): Promise<string> {
    const iat = Math.floor(Date.now() / 1000) - this.listAge
    return this.sign('statuslist+jwt', {
      iss: this.issuer,
      sub: `${this.issuer}/statuslists/1`,
      iat,
      exp: iat + 600,
      ttl: 30,
      status_list: { bits: 2, lst: deflateSync(this.bytes).toString('base64url') },
    })
  }

  private set(index: number, status: number): void {
    const at = Math.floor(index / 4)
    const shift = (index % 4) * 2
    this.bytes[at] = ((this.bytes[at] ?? 0) & ~(3 << shift)) | (status << shift)
  }

  private sign(typ: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
    const { privateKey, publicJwk } = this.key
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ, kid: publicJwk.kid ?? '' }).sign(privateKey)
  }
}

function indexOf(token: string): number {
  return decodeJwt<{ status: { status_list: { idx: number } } }>(token).status.status_list.idx
}
