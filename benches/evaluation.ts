import type { Request } from 'autocannon'
import pg from 'pg'
import { type Layers, measureLayers } from './evaluation-layers.js'
import { type Forked, forked } from './forked.js'
import { SEEN_COLUMNS, type Seen, load, seenRow } from './http-load.js'
import type { PeerGiven } from './peer-process.js'
import { alternate } from './sampling.js'
import { type Bench, type Block, whole } from './section.js'
import { type Stage, questions, startStage } from './stage.js'

const MANDATES = 10_000
const CONNECTIONS = [1, 16, 128] as const
const ROUNDS = 5
const SECONDS = 2
const WARM_UP_SECONDS = 6

type What = 'empty' | 'verifying' | 'evaluation'
type Measured = Readonly<Record<What, readonly Seen[]>>

const WHAT: Readonly<Record<What, string>> = {
  empty: 'an empty Fastify handler',
  verifying: 'a Fastify handler that verifies the Bearer token',
  evaluation: '**an evaluation**',
}

/** An evaluation over HTTP beside handlers that do less, and its parts without HTTP. */
export const evaluationBench: Bench = {
  name: 'evaluation',
  title: 'Evaluation over HTTP beside an empty Fastify handler',
  async run() {
    const stage = await startStage(MANDATES)
    try {
      const answer = await sampleAnswer(stage)
      const measured = await measure(stage, answer)
      const durable = await entriesOfYes(stage)
      const answered = [...measured.values()].flatMap(({ evaluation }) => evaluation.map((seen) => seen.answered))
      if (durable < answered.reduce((a, b) => a + b))
        throw new Error(`${durable} yeses in the log, fewer than answered`)
      const options = {
        databaseUrl: stage.database.serverUrl,
        connections: 10,
        underway: 128,
        seconds: SECONDS,
        rounds: 3,
      }
      return report(measured, await measureLayers(stage.pairs, options), JSON.stringify(answer).length)
    } finally {
      await stage.stop()
    }
  },
}

async function measure(stage: Stage, answer: Record<string, unknown>): Promise<ReadonlyMap<number, Measured>> {
  const empty = await peer({ does: 'nothing', answer })
  const verifying = await peer({ does: 'verify', answer, jwks: `${stage.url}/jwks`, issuer: stage.url })
  const urls = { empty: empty.told, verifying: verifying.told, evaluation: stage.url } as const
  const run = async (what: What, connections: number, seconds: number): Promise<Seen> => {
    const requests = questions(stage.pairs, await stage.asker.accessToken())
    return load({ url: `${urls[what]}/access/v1/evaluation`, connections, requests, until: { seconds } })
  }
  try {
    for (const what of Object.keys(urls) as What[]) await run(what, 128, WARM_UP_SECONDS)
    const measured = new Map<number, Measured>()
    for (const connections of CONNECTIONS) {
      const seen = await alternate(ROUNDS, {
        empty: () => run('empty', connections, SECONDS),
        verifying: () => run('verifying', connections, SECONDS),
        evaluation: () => run('evaluation', connections, SECONDS),
      })
      measured.set(connections, seen)
    }
    return measured
  } finally {
    await empty.stop()
    await verifying.stop()
  }
}

function peer(given: PeerGiven): Promise<Forked<string>> {
  return forked('./peer-process.js', given)
}

async function sampleAnswer({ url, pairs, asker }: Stage): Promise<Record<string, unknown>> {
  const [request] = questions(pairs, await asker.accessToken()) as [Request]
  const { method, headers, body } = request
  const response = await fetch(`${url}/access/v1/evaluation`, { method, headers, body })
  const answer = (await response.json()) as Record<string, unknown>
  if (answer['decision'] !== true) throw new Error(`the answer is not yes: ${JSON.stringify(answer)}`)
  return answer
}

/** How many evaluations the log says were answered with yes; rejects when PostgreSQL does not wait for the disk. */
async function entriesOfYes({ database }: Stage): Promise<number> {
  const client = new pg.Client(database.superuserUrl)
  await client.connect()
  try {
    const { rows } = await client.query<{ waits: boolean; yeses: number }>(
      `select current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on' as waits,
              (select count(*)::int from audit_entry
                where kind = 'evaluation' and entry::json #>> '{content,answer,allowed}' = 'true') as yeses`,
    )
    if (rows[0]?.waits !== true) throw new Error('commits do not wait for the disk')
    return rows[0].yeses
  } finally {
    await client.end()
  }
}

function report(measured: ReadonlyMap<number, Measured>, layers: Layers, bytes: number): Block[] {
  const rows = [...measured].flatMap(([connections, seen]) =>
    (Object.keys(WHAT) as What[]).map((what) => [WHAT[what], `${connections}`, ...seenRow(seen[what], seen.empty)]),
  )
  return [
    `\`POST /access/v1/evaluation\`, allowed by a mandate, for ${whole(MANDATES)} pairs of people in turn; the ratio is that to ` +
      `the empty handler. All in one run and in turn, medians of ${ROUNDS} runs of ${SECONDS} s each, after ` +
      `${WARM_UP_SECONDS} s of warming up. The handlers take the same body and answer the same ${bytes} bytes, each in a ` +
      'process of its own with the same Node; the load generator and PostgreSQL share the same cores. Commits wait for the ' +
      'disk, and every yes was found in the log.',
    { columns: ['what', 'connections', ...SEEN_COLUMNS], rows },
    'The parts of it without HTTP, from one Node process, 128 under way over 10 connections to PostgreSQL:',
    {
      columns: ['what', 'times/s'],
      rows: [
        ['the first statement, the facts of one pair at a time', whole(layers.read)],
        ['the same, those of up to 64 pairs together', whole(layers.readTogether)],
        ['both statements for one pair at a time, each entry with a commit of its own', whole(layers.readAndCommit)],
        ['`Decisions.evaluate`: both shared by those who wait', whole(layers.evaluate)],
      ],
    },
  ]
}
