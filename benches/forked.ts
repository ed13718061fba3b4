import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program in a process of its own, with the same Node. */
export interface Forked<Told> {
  /** What it said when it was ready. */
  readonly told: Told
  stop(): Promise<void>
}

/**
 * Starts a program of this folder, hands it `given`, and waits until it says that it is ready. What it writes on standard
 * output is thrown away by the system.
 *
 * @throws Error when it ends before it is ready.
 */
export async function forked<Told>(program: string, given: unknown): Promise<Forked<Told>> {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = fork(file, [JSON.stringify(given)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const early = ended.then(() => {
    throw new Error(`${program} ended before it was ready`)
  })
  const [told] = (await Promise.race([once(child, 'message'), early])) as [Told]
  return {
    told,
    async stop() {
      child.disconnect()
      await ended
    },
  }
}

/** In the program: what it was given. */
export function given(): unknown {
  return JSON.parse(process.argv[2] ?? 'null')
}

/** In the program: says that it is ready, and does `stop` and ends when the one who started it lets go of it. */
export function ready(told: unknown, stop: () => Promise<unknown>): void {
  process.once('disconnect', () => void stop().finally(() => process.exit()))
  process.send?.(told)
}
