import type { Assurance } from './assurance.js'
import type { User } from './claims.js'
import type { Basis, Obligation, Power } from './ground.js'

/** A token that held, frozen throughout. */
export interface VerifiedToken {
  /** Pairwise pseudonym of the one on whose behalf it is done. */
  readonly principal: string
  /** The one who acts: equal to the `user` that was asked for, where one was. */
  readonly actor: User
  /** What was asked for and is covered. */
  readonly power: Power
  readonly basis: Basis
  /** The ground's handle, pairwise for this service. */
  readonly handle: string
  readonly assurance: Assurance
  /** Whether the sender has proved a key that the token is bound to. */
  readonly isBound: boolean
  /** What the service has to see to when it goes on. `introspect` has been seen to. */
  readonly obligations: readonly Obligation[]
  readonly authenticatedAt: Date
  readonly expiresAt: Date
  /** `jti`. The only key for caches and deny lists: one token has two valid signatures, hence two strings. */
  readonly tokenId: string
  /** Under this id the issuer's log tells how the answer came about. */
  readonly evaluationId: string
}

type Facts = Omit<VerifiedToken, 'authenticatedAt' | 'expiresAt'>

/** A class only because freezing does not keep a Date from being changed: here each reading gives a new one. */
export class Verified implements VerifiedToken {
  readonly principal: string
  readonly actor: User
  readonly power: Power
  readonly basis: Basis
  readonly handle: string
  readonly assurance: Assurance
  readonly isBound: boolean
  readonly obligations: readonly Obligation[]
  readonly tokenId: string
  readonly evaluationId: string
  readonly #authenticatedAt: number
  readonly #expiresAt: number

  /** @param authenticatedAt like `expiresAt` in seconds since 1970. */
  constructor(facts: Facts, authenticatedAt: number, expiresAt: number) {
    this.principal = facts.principal
    this.actor = Object.freeze(facts.actor)
    this.power = Object.freeze({ ...facts.power })
    this.basis = facts.basis
    this.handle = facts.handle
    this.assurance = facts.assurance
    this.isBound = facts.isBound
    this.obligations = facts.obligations
    this.tokenId = facts.tokenId
    this.evaluationId = facts.evaluationId
    this.#authenticatedAt = authenticatedAt
    this.#expiresAt = expiresAt
    Object.freeze(this)
  }

  get authenticatedAt(): Date {
    return new Date(this.#authenticatedAt * 1000)
  }

  get expiresAt(): Date {
    return new Date(this.#expiresAt * 1000)
  }

  toJSON(): VerifiedToken {
    const { authenticatedAt, expiresAt } = this
    return Object.assign({ authenticatedAt, expiresAt }, this)
  }
}
