import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { obstacleAt } from '../../dev/free-port.js'

/** A program of `dist`, run as from a terminal. */
export interface Running {
  readonly child: ChildProcess
  /** What it has said so far, both streams as they came. */
  said(): string
  /** Waits until it has said this. @throws when it ends or a minute passes before. */
  until(text: string): Promise<void>
  /** 128 and the signal's number where a signal ended it, as a shell tells it. */
  readonly ended: Promise<number>
}

export interface Stage {
  /** A folder of its own, which every user may pass through. */
  readonly folder: string
  /** Runs a program with these settings and no others of ours. */
  run(program: string, settings?: Readonly<Record<string, string>>, words?: readonly string[]): Running
  /** Kills what still runs and removes the folder. */
  clear(): Promise<void>
}

export function openStage(): Stage {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'fullmakt-test-')))
  chmodSync(folder, 0o755)
  const children = new Set<Running>()
  return {
    folder,
    run(program, settings = {}, words = []) {
      const running = launch(program, settings, words)
      children.add(running)
      return running
    },
    async clear() {
      for (const { child } of children) child.kill('SIGKILL')
      for (const { ended } of children) await ended
      rmSync(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 })
    },
  }
}

function launch(program: string, settings: Readonly<Record<string, string>>, words: readonly string[]): Running {
  const { PATH = '', HOME = '', TMPDIR = os.tmpdir() } = process.env
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH, HOME, TMPDIR, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (words: Buffer) => (said += words.toString()))
  let over = false
  const ended = once(child, 'close').then(([status, signal]: unknown[]) => {
    over = true
    return typeof status === 'number' ? status : 128 + os.constants.signals[signal as NodeJS.Signals]
  })
  return {
    child,
    ended,
    said: () => said,
    async until(text) {
      const missing = (): boolean => !said.includes(text)
      await untilTrue(() => over || !missing())
      if (missing()) throw new Error(`ended without saying "${text}":\n${said}`)
    },
  }
}

/** The server process and its port, as PostgreSQL notes them in the data folder of a start. */
export function postgresIn(dataFolder: string): { readonly pid: number; readonly port: number } {
  const lines = readFileSync(path.join(dataFolder, 'postgres', 'cluster', 'data', 'postmaster.pid'), 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) }
}

export async function untilGone(pid: number): Promise<void> {
  await untilTrue(() => !isAlive(pid))
}

/** The ports of these on which someone listens. */
export async function taken(ports: readonly number[]): Promise<readonly number[]> {
  const obstacles = await Promise.all(ports.map(obstacleAt))
  return ports.filter((_port, index) => obstacles[index] !== null)
}

async function untilTrue(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('a minute has passed')
    await setTimeout(20)
  }
}

/** A zombie has ended; only its parent has not looked yet. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8')))
}
