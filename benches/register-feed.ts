import path from 'node:path'
import { loadPersons } from '../src/registers/first-load.js'
import { Folkeregisteret } from '../src/registers/folkeregisteret.js'
import { followPersons } from '../src/registers/follow-persons.js'
import { Maskinporten } from '../src/registers/maskinporten.js'
import { BulkConnection } from '../src/store/bulk-connection.js'
import { type BenchDatabase, startBenchDatabase } from './bench-database.js'
import { forked } from './forked.js'
import { sampleMemory } from './memory.js'
import { BENCH_DOCUMENTS } from './register-documents.js'
import type { RegisterThatIs, RegisterToBe } from './register-process.js'
import { type Bench, whole } from './section.js'

const PERSONS = Number(process.env['BENCH_PERSONS'] ?? 200_000)
const TOUCHED = Math.floor(PERSONS / 4)
const CHANGED = Math.floor(PERSONS / 20)

/** Following the feed of the population register, over HTTP, into a database that waits for the disk. */
export const registerFeedBench: Bench = {
  name: 'register-feed',
  title: 'Following the feed of the population register',
  async run() {
    const database = await startBenchDatabase()
    try {
      const file = path.join(database.folder, 'documents.jsonl')
      const toBe: RegisterToBe = { persons: PERSONS, touched: TOUCHED, changed: CHANGED, file }
      const register = await forked<RegisterThatIs>('./register-process.js', toBe)
      try {
        await load(database, file, register.told.sequence)
        const { events, seconds, memory } = await follow(database, register.told)
        return [
          `${whole(events)} events about ${whole(PERSONS)} people that are known: ${whole(CHANGED)} changes (deaths, new numbers, ` +
            `guardians, responsibilities, protected addresses) and ${whole(TOUCHED)} that say only that someone was updated. For ` +
            'each page of 1,000 the documents of those concerned are fetched, and of both sides of a relation; they are read and ' +
            'merged, and committed with the cursor. The stand-in runs in a process of its own on the same machine.',
          `**${whole(events / seconds)} events a second** (${seconds.toFixed(1)} s). Most memory held by the following process: ` +
            `${whole(memory.firstHalf)} MiB in the first half, ${whole(memory.secondHalf)} MiB in the second.`,
        ]
      } finally {
        await register.stop()
      }
    } finally {
      await database.stop()
    }
  },
}

async function load({ ownerUrl }: BenchDatabase, file: string, sequence: number): Promise<void> {
  const connection = await BulkConnection.open(ownerUrl)
  try {
    await loadPersons(connection, { ...BENCH_DOCUMENTS, file, sequence, onDeaths: () => Promise.resolve() })
  } finally {
    await connection.close()
  }
}

async function follow({ serverUrl }: BenchDatabase, { url, issuer, tokenEndpoint, clientKey }: RegisterThatIs) {
  const tokens = new Maskinporten({ issuer, tokenEndpoint, clientId: 'bench', clientKey })
  const memory = sampleMemory()
  const began = performance.now()
  const followed = await followPersons({
    ...BENCH_DOCUMENTS,
    register: new Folkeregisteret({ address: url, tokens }),
    databaseUrl: serverUrl,
    onDeaths: () => Promise.resolve(),
    // The country has documents that make no sense, on purpose.
    onRefused: () => undefined,
  })
  const seconds = (performance.now() - began) / 1000
  if (followed.outcome !== 'up_to_date') throw new Error('another follows')
  return { events: followed.events, seconds, memory: memory.stop() }
}
