import { createReadStream, createWriteStream, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { CountryChanges } from '../standins/country-changes.js'
import { country } from '../standins/country.js'
import { dump } from '../standins/folkeregisteret.js'
import { documentLines } from '../src/registers/document-lines.js'
import { loadPersons, readLines } from '../src/registers/first-load.js'
import { gatherStatistics, stripEmptyTables } from '../src/store/bare-tables.js'
import { BulkConnection } from '../src/store/bulk-connection.js'
import { mergeStaged, resolveStaged } from '../src/store/register-merge.js'
import { ensureRegister } from '../src/store/register-progress.js'
import { beginStaging, copyStaged } from '../src/store/register-staging.js'
import { stagedText } from '../src/store/staged-rows.js'
import { type BenchDatabase, startBenchDatabase } from './bench-database.js'
import { type MemorySamples, sampleMemory } from './memory.js'
import { BENCH_DOCUMENTS } from './register-documents.js'
import { type Bench, type Block, ratio, whole } from './section.js'

const PERSONS = Number(process.env['BENCH_PERSONS'] ?? 1_000_000)
const TABLES = ['party', 'party_identifier', 'party_fact', 'representation', 'relation_version'] as const
const STAGED = ['parties', 'identifiers', 'relations'] as const

/** Seconds, and how much memory this process held meanwhile. */
interface Timed<T> {
  readonly result: T
  readonly seconds: number
  readonly memory: MemorySamples
}

/** A first load from a file of documents, beside a bare COPY of the rows that come of it. */
export const registerLoadBench: Bench = {
  name: 'register-load',
  title: 'First load of the population register beside a bare COPY',
  async run() {
    const whole = await startBenchDatabase()
    const file = path.join(whole.folder, 'documents.jsonl')
    try {
      await dump(new CountryChanges(country({ seed: 1, persons: PERSONS })), file)
      const loaded = await timed(() => loadFrom(whole, file))
      const apart = await inPartsAndBare(file)
      return report(file, loaded, apart)
    } finally {
      await whole.stop()
    }
  },
}

async function loadFrom({ ownerUrl }: BenchDatabase, file: string) {
  const connection = await BulkConnection.open(ownerUrl)
  try {
    return await loadPersons(connection, {
      ...BENCH_DOCUMENTS,
      file,
      sequence: 1,
      onDeaths: () => Promise.resolve(),
    })
  } finally {
    await connection.close()
  }
}

/** Reading first, then all that comes after reading, then the bare COPY of the same rows: in one database, one after the other. */
async function inPartsAndBare(file: string) {
  const database = await startBenchDatabase()
  try {
    const spool = Object.fromEntries(STAGED.map((part) => [part, path.join(database.folder, part)]))
    const parsed = await timed(() => parseInto(spool, file))
    const merged = await timed(() => takeInSpool(database, spool))
    const bare = await bareCopy(database)
    return { parsed, merged, bare }
  } finally {
    await database.stop()
  }
}

async function parseInto(spool: Readonly<Record<string, string>>, file: string): Promise<number> {
  const streams = STAGED.map((part) => createWriteStream(spool[part] ?? '', { highWaterMark: 4 * 1024 * 1024 }))
  let documents = 0
  for await (const lines of documentLines(file)) {
    const { parties } = readLines(lines, BENCH_DOCUMENTS)
    const text = stagedText(parties, documents)
    documents += parties.length
    for (const [place, part] of STAGED.entries()) {
      const stream = streams[place]
      if (stream?.write(text[part]) === false)
        await new Promise<void>((resolve) => stream.once('drain', () => resolve()))
    }
  }
  await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.end(() => resolve()))))
  return documents
}

async function takeInSpool({ ownerUrl }: BenchDatabase, spool: Readonly<Record<string, string>>): Promise<void> {
  const connection = await BulkConnection.open(ownerUrl)
  try {
    await connection.transaction(async (tx) => {
      await ensureRegister(tx, 'freg')
      const putBack = await stripEmptyTables(tx)
      await beginStaging(tx)
      const read = (part: (typeof STAGED)[number]) =>
        createReadStream(spool[part] ?? '', { highWaterMark: 1024 * 1024 })
      await copyStaged(tx, { parties: read('parties'), identifiers: read('identifiers'), relations: read('relations') })
      await resolveStaged(tx)
      await mergeStaged(tx, { source: 'freg', kind: 'person' }, putBack !== null)
      await putBack?.()
      await gatherStatistics(tx)
    })
  } finally {
    await connection.close()
  }
}

/** The rows go out to files and from there into tables without anything, which get the same indexes afterwards. */
async function bareCopy({ folder, superuserUrl }: BenchDatabase) {
  const client = new pg.Client(superuserUrl)
  await client.connect()
  try {
    let rows = 0
    for (const table of TABLES) {
      const out = client.query(copyTo(`copy ${table} to stdout`))
      await pipeline(out, createWriteStream(path.join(folder, table)))
      rows += out.rowCount
    }
    const indexes = await client.query<{ make: string }>(
      `select replace(pg_get_indexdef(indexrelid), ' ON public.', ' ON bare.') as make from pg_index
        where indrelid = any($1::text[]::regclass[])`,
      [TABLES],
    )
    await client.query(`create schema bare`)
    for (const table of TABLES) await client.query(`create table bare.${table} (like public.${table})`)
    await client.query(`set maintenance_work_mem = '256MB'`)
    const copied = await timed(async () => {
      await client.query('begin')
      for (const table of TABLES) {
        const file = createReadStream(path.join(folder, table), { highWaterMark: 1024 * 1024 })
        await pipeline(file, client.query(copyFrom(`copy bare.${table} from stdin`)))
      }
      await client.query('commit')
    })
    const indexed = await timed(async () => {
      for (const { make } of indexes.rows) await client.query(make)
    })
    return { rows, copied, indexed }
  } finally {
    await client.end()
  }
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const memory = sampleMemory()
  const began = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - began) / 1000, memory: memory.stop() }
}

function report(
  file: string,
  loaded: Timed<Awaited<ReturnType<typeof loadFrom>>>,
  { parsed, merged, bare }: Awaited<ReturnType<typeof inPartsAndBare>>,
): Block[] {
  const bareSeconds = bare.copied.seconds + bare.indexed.seconds
  const line = (what: string, seconds: number, rows: number, toBare: number) => [
    what,
    seconds.toFixed(1),
    whole(rows / seconds),
    ratio(toBare / seconds),
  ]
  const memory = ({ memory: { firstHalf, secondHalf } }: Timed<unknown>) =>
    `${whole(firstHalf)} MiB in the first half, ${whole(secondHalf)} MiB in the second`
  return [
    `${whole(PERSONS)} documents of a synthetic country (${(statSync(file).size / 2 ** 30).toFixed(2)} GiB of JSON lines), of ` +
      `which come ${whole(bare.rows)} rows in ${TABLES.length} tables.`,
    {
      columns: ['what', 'seconds', 'rows a second', 'of bare'],
      rows: [
        line('bare COPY, no index', bare.copied.seconds, bare.rows, bareSeconds),
        line('**bare COPY, the same indexes afterwards**', bareSeconds, bare.rows, bareSeconds),
        line(
          '**all after parsing**: staging, merge, indexes, keys, statistics',
          merged.seconds,
          bare.rows,
          bareSeconds,
        ),
        line('the whole load from the file, parsing included', loaded.seconds, bare.rows, bareSeconds),
      ],
    },
    `Parsing alone: ${parsed.seconds.toFixed(1)} s, ${whole(parsed.result / parsed.seconds)} documents a second. Most memory ` +
      `held by the loading process: parsing ${memory(parsed)}; the whole load ${memory(loaded)}.`,
  ]
}
