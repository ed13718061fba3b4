import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../dev/free-port.js'
import { median } from './sampling.js'
import { type Bench } from './section.js'

const ROUNDS = 3
const LIMITS = { first: 15, later: 5 } as const

/** `npm start` until the table is printed: with an empty data folder, and with one from before. */
export const startBench: Bench = {
  name: 'start',
  title: '`npm start` until the table is printed',
  async run() {
    const first: number[] = []
    const later: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-bench-'))
      chmodSync(folder, 0o755)
      try {
        first.push(await secondsToStart(folder))
        later.push(await secondsToStart(folder))
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
      }
    }
    const row = (what: string, limit: number, seconds: readonly number[]): string[] => [
      what,
      median(seconds).toFixed(1),
      Math.max(...seconds).toFixed(1),
      limit.toFixed(0),
    ]
    return [
      `Wall time from \`npm start\` to its table, the check that the build is up to date included. ${ROUNDS} times each.`,
      {
        columns: ['start', 'median s', 'longest s', 'limit s'],
        rows: [
          row('first: no data folder', LIMITS.first, first),
          row('later: the data folder of the first', LIMITS.later, later),
        ],
      },
    ]
  },
}

async function secondsToStart(folder: string): Promise<number> {
  const env = { ...process.env, DATA_FOLDER: folder, PORT: String(await freePort()) }
  const began = performance.now()
  // In a group of its own, so that the interrupt reaches npm and what npm started, as Ctrl-C would.
  const npm = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(npm, 'exit')
  const said: string[] = []
  for await (const line of createInterface({ input: npm.stdout })) {
    said.push(line)
    if (line.startsWith('Started in')) break
  }
  const seconds = (performance.now() - began) / 1000
  if (!said.at(-1)?.startsWith('Started in')) throw new Error(`it did not start:\n${said.join('\n')}`)
  npm.stdout.resume()
  process.kill(-(npm.pid ?? 0), 'SIGINT')
  await ended
  return seconds
}
