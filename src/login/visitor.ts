import type { Language } from '../domain/catalogue.js'
import type { Actor } from '../domain/party.js'

/** A logged-in person, made once from the verified login, frozen, and passed as an argument ever after. */
export interface PersonVisitor {
  readonly kind: 'person'
  readonly actor: Actor
  /** How he came: with our own session, or with a Bearer token in another party's app. */
  readonly by: 'session' | 'app'
  readonly language: Language
}

/** A relying service that proved itself. */
export interface ServiceVisitor {
  readonly kind: 'service'
  readonly clientId: string
  /** When the access token with which it came expires. */
  readonly until: Date
}

export type Visitor = PersonVisitor | ServiceVisitor
