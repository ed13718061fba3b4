import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Database } from '../store/database.js'
import { type SignedList, findSignedList, statusListIds } from '../store/status-list-store.js'
import { statusListUri } from './status-list.js'

/** How long an instance answers with what it read, before it looks whether there is a newer one: milliseconds. */
const REMEMBERED = 500

/** A list as it goes out. */
export interface ServedList {
  /** Compact JWT. */
  readonly token: string
  /** The same, compressed for the way. */
  readonly gzipped: Buffer
  /** Weak: the same for both. */
  readonly etag: string
}

interface Known {
  readonly signed: SignedList
  readonly served: ServedList
}

/** The signed lists as every instance serves them: out of the database, which has one and the same for all. */
export class StatusLists {
  private readonly known = new Map<number, Known>()
  private readonly reading = new Map<number, { readonly at: number; readonly list: Promise<ServedList | null> }>()

  constructor(
    private readonly db: Database,
    private readonly issuer: string,
  ) {}

  /** The newest of this list, half a second old at most; null when there is no such list. */
  find(listId: number): Promise<ServedList | null> {
    const last = this.reading.get(listId)
    if (last !== undefined && performance.now() - last.at < REMEMBERED) return last.list
    const list = this.read(listId).catch((error: unknown) => {
      this.reading.delete(listId)
      throw error
    })
    this.reading.set(listId, { at: performance.now(), list })
    void list.then((found) => found === null && this.reading.delete(listId)).catch(() => undefined)
    return list
  }

  /** Where all the lists are. */
  async uris(): Promise<string[]> {
    return (await statusListIds(this.db)).map((listId) => statusListUri(this.issuer, listId))
  }

  private async read(listId: number): Promise<ServedList | null> {
    const known = this.known.get(listId)
    const signed = await findSignedList(this.db, listId, known?.signed ?? null)
    if (signed === null) return null
    if (known !== undefined && signed === known.signed) return known.served
    const served = await prepare(signed.token)
    this.known.set(listId, { signed, served })
    return served
  }
}

async function prepare(token: string): Promise<ServedList> {
  const hash = createHash('sha256').update(token).digest('base64url').slice(0, 22)
  return { token, gzipped: await promisify(gzip)(token), etag: `W/"${hash}"` }
}
