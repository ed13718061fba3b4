import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/**
 * Claims a folder for this process, and returns the function that gives it up.
 *
 * The claim also ends with the process, however that ends: it names the process and the moment it started, so neither a
 * crash nor a number used again blocks the folder. It holds among processes that see each other, which two containers
 * sharing the folder do not.
 *
 * @throws Error naming the holder, when a living process (this one included) has claimed the folder
 */
export function claimFolder(folder: string): () => void {
  const claim = path.join(folder, 'claim')
  const mine = `process ${process.pid} started ${startOf(process.pid) ?? ''}`
  while (!hangUp(claim, mine)) {
    const holder = read(claim)
    if (holder === undefined) continue
    if (isAlive(holder))
      throw new Error(`${folder} is in use by ${holder}. Stop that process or choose another folder.`)
    takeDown(claim, holder)
  }
  return () => {
    if (read(claim) === mine) rmSync(claim)
  }
}

/** A process's command line, its words parted by spaces; empty when there is no such process. */
export function commandLine(pid: number): string {
  if (process.platform !== 'linux') return askPs(pid, 'command=')
  return readProcess(pid, 'cmdline').replaceAll('\0', ' ')
}

/** The claim is the target of a symbolic link: made whole in one step, so nobody ever reads half a claim. */
function hangUp(claim: string, holder: string): boolean {
  try {
    symlinkSync(holder, claim)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

function read(claim: string): string | undefined {
  try {
    return readlinkSync(claim)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Another process may have replaced the dead claim since it was read; what was then taken by mistake is put back. */
function takeDown(claim: string, dead: string): void {
  const aside = `${claim}.${process.pid}`
  try {
    renameSync(claim, aside)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return
    throw error
  }
  const taken = readlinkSync(aside)
  rmSync(aside)
  if (taken !== dead) hangUp(claim, taken)
}

function isAlive(holder: string): boolean {
  const [, pid, started] = /^process (\d+) started (.+)$/.exec(holder) ?? []
  return pid !== undefined && startOf(Number(pid)) === started
}

/** When a process started, in the system's own form, good for comparing only; undefined when it is gone or a zombie. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs(pid, 'lstart=') || undefined
  // proc(5): the second field is the name in parentheses and may hold anything; state is field 3 and start time 22.
  const fields = readProcess(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function readProcess(pid: number, file: 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return ''
    throw error
  }
}

/** In one language and one time zone, whatever the asker's: what two processes are told must compare equal. */
function askPs(pid: number, column: string): string {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  try {
    return execFileSync('ps', ['-ww', '-o', column, '-p', String(pid)], { encoding: 'utf8', env }).trim()
  } catch {
    return '' // ps answers with an error when there is no such process
  }
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code
}
