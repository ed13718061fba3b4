import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** A program that does not outlive this process. While it runs, this process waits for it, like for any child. */
export interface SupervisedProcess {
  readonly isRunning: () => boolean
  /** Resolves with the exit status (128 + signal where one ended it) when the program has ended. */
  readonly ended: Promise<number>
  /** Interrupts the program and waits for its end. */
  readonly end: () => Promise<number>
  /** From now on this process may end of its own accord, and the program with it. */
  readonly letGo: () => void
}

export interface SupervisedCommand {
  readonly program: string
  readonly args: readonly string[]
  /** Root only: the user to run as. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  /** File that gets all it says, emptied first. */
  readonly log: string
}

/**
 * The supervisor is a shell between us and the program, which interrupts the program when its standard input ends.
 * We hold the other end of that pipe, and the system closes it however we die.
 *
 * - `setpriv --pdeathsig` would need no shell, but macOS and small images lack it, it is cleared by a change of user,
 *   and it fires when the *thread* that started the program ends, which in a worker is long before the process does.
 * - It sends two signals. A shell starts background programs deaf to INT, and until they listen only TERM ends them;
 *   then TERM alone would let PostgreSQL wait for its sessions to end, and INT is what cuts them short.
 * - The outer shell waits for the program, so that its number stays its own for as long as it may be signalled.
 * - A session of its own keeps the terminal's Ctrl-C away: the order of ending is ours.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- & program=$!
(read -r line <&3; kill -TERM "$program"; kill -INT "$program") 2>/dev/null & watch=$!
exec 3<&-
wait "$program"; status=$?
kill "$watch" 2>/dev/null
exit "$status"
`

/** Starts a program that ends with this process, even when that is killed. Locale C, UTC, working folder `/`. */
export function supervise({ program, args, user, log }: SupervisedCommand): SupervisedProcess {
  const output = openSync(log, 'w', 0o600)
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', program, ...args], {
    ...user,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['pipe', output, output],
  })
  closeSync(output)
  let running = true
  const ended = once(child, 'exit')
    .then(([status]: (number | null)[]) => status ?? 1)
    .finally(() => (running = false))
  ended.catch(() => undefined) // whoever awaits it gets the error, and nobody has to
  return {
    isRunning: () => running,
    ended,
    end: () => {
      child.ref()
      child.stdin?.end()
      return ended
    },
    letGo: () => child.unref(),
  }
}

/** The end of what a program has said in its log. */
export function lastWords(log: string): string {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-15).join('\n')
}
