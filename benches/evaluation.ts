import type { Request } from 'autocannon'
import pg from 'pg'
import { type Layers, measureLayers } from './evaluation-layers.js'
import { type Stage, startStage, questions } from './stage.js'
import { type Forked, forked } from './forked.js'
import { type Seen, load, medians } from './http-load.js'
import type { PeerGiven } from './peer-process.js'
import { alternate } from './sampling.js'
import { type Bench, type Block, milliseconds, ratio, whole } from './section.js'

const MANDATES = 10_000
const CONNECTIONS = [1, 16, 128] as const
const ROUNDS = 5
const SECONDS = 2

interface Measured {
  readonly empty: Seen
  readonly verifying: Seen
  readonly evaluation: Seen
}

/** An evaluation over HTTP beside handlers that do less, and its parts without HTTP. */
export const evaluationBench: Bench = {
  name: 'evaluation',
  title: 'Evaluation over HTTP beside an empty Fastify handler',
  async run() {
    const stage = await startStage(MANDATES)
    try {
      const answer = await sampleAnswer(stage)
      const measured = await beside(stage, answer)
      const layers = await measureLayers(stage.pairs, {
        databaseUrl: stage.database.serverUrl,
        connections: 10,
        underway: 128,
        seconds: SECONDS,
        rounds: 3,
      })
      return report(measured, layers, await durability(stage), JSON.stringify(answer).length)
    } finally {
      await stage.stop()
    }
  },
}

async function beside(stage: Stage, answer: Record<string, unknown>): Promise<ReadonlyMap<number, Measured>> {
  const empty = await peer({ does: 'nothing', answer })
  const verifying = await peer({ does: 'verify', answer, jwks: `${stage.url}/jwks`, issuer: stage.url })
  try {
    const measured = new Map<number, Measured>()
    for (const connections of CONNECTIONS) {
      const run = (url: string) => async () => {
        const requests = questions(stage.pairs, await stage.asker.accessToken())
        return load({ url: `${url}/access/v1/evaluation`, connections, requests, until: { seconds: SECONDS } })
      }
      const seen = await alternate(ROUNDS, {
        empty: run(empty.told),
        verifying: run(verifying.told),
        evaluation: run(stage.url),
      })
      measured.set(connections, {
        empty: medians(seen.empty),
        verifying: medians(seen.verifying),
        evaluation: medians(seen.evaluation),
      })
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

/** What PostgreSQL says of itself and of what it keeps after the runs. */
async function durability({ database }: Stage): Promise<string> {
  const client = new pg.Client(database.superuserUrl)
  await client.connect()
  try {
    const { rows } = await client.query<{ told: string }>(
      `select format('fsync %s, synchronous_commit %s, %s entries of evaluations in the log afterwards',
                current_setting('fsync'), current_setting('synchronous_commit'), count(*)) as told
         from audit_entry where kind = 'evaluation'`,
    )
    return rows[0]?.told ?? ''
  } finally {
    await client.end()
  }
}

function report(measured: ReadonlyMap<number, Measured>, layers: Layers, durable: string, bytes: number): Block[] {
  const rows = [...measured].flatMap(([connections, { empty, verifying, evaluation }]) =>
    [
      ['an empty Fastify handler', empty] as const,
      ['a handler that only verifies the Bearer token', verifying] as const,
      ['**an evaluation**', evaluation] as const,
    ].map(([what, { perSecond, p50, p99 }]) => [
      `${connections}: ${what}`,
      whole(perSecond),
      milliseconds(p50),
      milliseconds(p99),
      ratio(perSecond, empty.perSecond),
    ]),
  )
  return [
    `\`POST /access/v1/evaluation\`, allowed by a mandate, for ${whole(MANDATES)} pairs of people in turn. All in one run, ` +
      `in turn, medians of ${ROUNDS} runs of ${SECONDS} s. The handlers take the same body and answer the same ${bytes} ` +
      `bytes, each in a process of its own; the load generator and PostgreSQL share the same cores. ${durable}.`,
    { columns: ['connections: what', 'requests/s', 'p50 ms', 'p99 ms', 'of the empty one'], rows },
    'The parts of it without HTTP, 128 under way, 10 connections to PostgreSQL, from one Node process:',
    {
      columns: ['what', 'times/s'],
      rows: [
        ['the first statement alone: the facts', whole(layers.read)],
        ['both statements, a commit for each entry', whole(layers.readAndCommit)],
        ['`Decisions.evaluate`, entries that share commits', whole(layers.evaluate)],
      ],
    },
  ]
}
