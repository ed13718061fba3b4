import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What a service started by `npm start` leaves in its data folder, for the demo and for a second start. */
export interface RunningNote {
  readonly pid: number
  readonly url: string
  /** Issuer of the stand-in ID-porten. */
  readonly idporten: string
}

/** Writes the note, and returns what takes it away again. */
export function noteRunning(folder: string, note: RunningNote): () => void {
  writeFileSync(fileIn(folder), JSON.stringify(note))
  return () => rmSync(fileIn(folder), { force: true })
}

/** The service that runs on this data folder; undefined when none does, whatever a killed one has left behind. */
export async function findRunning(folder: string): Promise<RunningNote | undefined> {
  const note = readNote(folder)
  return note !== undefined && isAlive(note.pid) && (await answers(note.url)) ? note : undefined
}

function readNote(folder: string): RunningNote | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as RunningNote
  } catch {
    return undefined // there is none, or its writer was killed in the midst of it
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

function fileIn(folder: string): string {
  return path.join(folder, 'running.json')
}
