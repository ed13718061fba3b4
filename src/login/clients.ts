import { type Client, findClient } from '../store/client-store.js'
import type { Queryable } from '../store/database.js'

interface Held {
  readonly client: Promise<Client | null>
  readonly readAt: number
}

const HELD_FOR_MS = 5_000
const MOST_HELD = 1_000

/**
 * The registered clients, as questions need them: what a client may ask about, and whether with numbers.
 *
 * A registration is held for at most 5 s, so that an evaluation costs no statement for it. That is no cache of decisions:
 * grants and facts are read anew each time, only a change of the client's own registration takes up to 5 s to be seen.
 * Where the client proves itself with a key, the registration is read and not taken from here.
 */
export class Clients {
  private readonly held = new Map<string, Held>()

  constructor(private readonly db: Queryable) {}

  /** The client as registered at most 5 s ago, or null. */
  async find(clientId: string): Promise<Client | null> {
    const held = this.held.get(clientId)
    if (held !== undefined && performance.now() - held.readAt < HELD_FOR_MS) return held.client
    return this.read(clientId)
  }

  /** One read serves all who wait for it; one that failed is forgotten. */
  private read(clientId: string): Promise<Client | null> {
    const client = findClient(this.db, clientId)
    this.held.delete(clientId)
    if (this.held.size >= MOST_HELD) this.held.delete(this.held.keys().next().value ?? '')
    this.held.set(clientId, { client, readAt: performance.now() })
    client.catch(() => this.held.delete(clientId))
    return client
  }
}
