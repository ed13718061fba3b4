import { setTimeout } from 'node:timers/promises'
import type { Queryable } from '../store/database.js'
import { OfficeConnection } from '../store/office-connection.js'
import { type StoredKey, readSigningKeys } from '../store/signing-key-store.js'
import { CustodyError, type KeyCustody, importPublic } from './key-custody.js'
import { spanOf, stateAt } from './key-span.js'
import { type KeysAt, type UsableKey, SigningKeys } from './signing-keys.js'

/** The keys are read as often as this, and at once when one has changed: milliseconds. */
const LOOK = 2_000

/**
 * An instance that has not read them for so long neither signs nor verifies nor shows any: it may not know that one was
 * removed, or that another shows one that it does not. Milliseconds.
 */
export const STALE_AFTER = 10_000

export interface ReadingOptions {
  readonly databaseUrl: string
  readonly custody: KeyCustody
  readonly onFault: (error: unknown) => void
}

export interface FollowedKeys {
  readonly keys: SigningKeys
  stop(): Promise<void>
}

/**
 * The keys as the database has them, read again and again until `stop`. All instances go by the database's clock.
 *
 * @throws CustodyError when one of those that are shown cannot be got at.
 */
export async function followSigningKeys(db: Queryable, options: ReadingOptions): Promise<FollowedKeys> {
  const reader = new KeyReader(options.custody)
  const [fault] = await reader.read(db)
  if (fault !== undefined) throw fault
  const stopping = new AbortController()
  const running = keepReading(reader, options, stopping.signal)
  return {
    keys: new SigningKeys(() => reader.known()),
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function keepReading(reader: KeyReader, options: ReadingOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await readWhileConnected(reader, options, signal).catch((error: unknown) => {
      if (!signal.aborted) options.onFault(error)
    })
    await setTimeout(LOOK / 2, undefined, { signal }).catch(() => undefined)
  }
}

async function readWhileConnected(
  reader: KeyReader,
  { databaseUrl, onFault }: ReadingOptions,
  signal: AbortSignal,
): Promise<void> {
  const connection = await OfficeConnection.open(databaseUrl)
  const close = (): void => void connection.close()
  signal.addEventListener('abort', close)
  try {
    await connection.listen('signing_keys_changed')
    while (!signal.aborted) {
      connection.settle()
      for (const fault of await reader.read(connection)) onFault(fault)
      await connection.isWoken(LOOK)
    }
  } finally {
    signal.removeEventListener('abort', close)
    await connection.close()
  }
}

type Opened = Pick<UsableKey, 'publicJwk' | 'publicKey' | 'signer'>

/** Reads the keys and opens each once. */
class KeyReader {
  private opened = new Map<string, Opened>()
  private refused = new Set<string>()
  private latest: { readonly readAt: number; readonly keys: KeysAt } | null = null

  constructor(private readonly custody: KeyCustody) {}

  /** Null when it was too long ago. */
  known(): KeysAt | null {
    if (this.latest === null) return null
    const age = performance.now() - this.latest.readAt
    const { instant, keys } = this.latest.keys
    return age > STALE_AFTER ? null : { instant: instant + age, keys }
  }

  /**
   * What stands in the table counts only for keys whose private half is ours: who can write there alone puts no key of his
   * into `/jwks`. Answers with why others are left out, each told once.
   */
  async read(db: Queryable): Promise<readonly CustodyError[]> {
    const { instant, keys: stored } = await readSigningKeys(db)
    const readAt = performance.now()
    const faults: CustodyError[] = []
    const refused = new Set<string>()
    const opened = new Map<string, Opened>()
    const keys: UsableKey[] = []
    for (const row of stored) {
      const { kid, purpose } = row
      const span = spanOf(row, stored)
      if (stateAt(instant, span) === 'removed') continue
      const name = `${purpose} ${kid}`
      try {
        const key = this.opened.get(name) ?? (await this.open(row))
        opened.set(name, key)
        keys.push({ kid, purpose, span, ...key })
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error
        if (!this.refused.has(name)) faults.push(error)
        refused.add(name)
      }
    }
    this.opened = opened
    this.refused = refused
    this.latest = { readAt, keys: { instant, keys } }
    return faults
  }

  private async open(row: StoredKey): Promise<Opened> {
    const signer = await this.custody.open(row)
    return { publicJwk: row.publicJwk, publicKey: await importPublic(row.publicJwk), signer }
  }
}
