import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Reports } from '../src/service.js'
import { freePortNear } from './free-port.js'
import { startLocalDatabase } from './local-database.js'
import type { LocalParts } from './local-parts.js'

/** Settings of the service that may be chosen for a local start too; all others are made for it. */
const PASSED_ON = ['CATALOGUE_FOLDER', 'TEXTS_FOLDER'] as const

export interface LocalFullmakt {
  readonly parts: LocalParts
  stop(): Promise<void>
}

/** The database would not start; the message says why. */
export class NoDatabase extends Error {}

/**
 * Starts everything on this machine, from the embedded PostgreSQL in `<folder>/postgres` to the service on `port`; the
 * stand-in ID-porten takes the next port or a free one. When a part does not start, nothing is left running.
 *
 * @throws NoDatabase, and what `startLocalParts` throws.
 */
export async function startLocalFullmakt(folder: string, port: number): Promise<LocalFullmakt> {
  mkdirSync(folder, { recursive: true })
  const partsModule = import('./local-parts.js') // loads while PostgreSQL starts: each takes about a second
  partsModule.catch(() => undefined)
  const database = await startLocalDatabase(folder).catch((cause: unknown) => {
    throw new NoDatabase(cause instanceof Error ? cause.message : String(cause), { cause })
  })
  try {
    const { startLocalParts } = await partsModule
    const parts = await startLocalParts({
      folder: path.join(folder, 'dev'),
      databaseUrl: database.serverUrl,
      port,
      idportenPort: await freePortNear(port + 1),
      settings: chosenSettings(),
      reports: FAULTS_ONLY,
    })
    return { parts, stop: () => parts.stop().finally(() => database.stop()) }
  } catch (error) {
    await database.stop()
    throw error
  }
}

function chosenSettings(): Readonly<Record<string, string>> {
  const chosen = PASSED_ON.map((name) => [name, process.env[name] ?? ''] as const)
  return Object.fromEntries(chosen.filter(([, value]) => value !== ''))
}

/** Faults are shown, requests are not: whoever tries things out looks at the answers. */
const FAULTS_ONLY: Reports = {
  request: () => undefined,
  fault: ({ requestId, error }) => console.error(`fault in ${requestId}:`, error),
}
