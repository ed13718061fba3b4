import { openSync, writeSync } from 'node:fs'
import path from 'node:path'

/**
 * Adds a line to the log of the whole test run: what the service wrote, which addresses were called, what stands in the
 * audit log. When the run is over, `plain-reporter.js` looks for identity numbers in it, and finding one fails the run.
 */
export function noteInRunLog(kind: Kind, text: string): void {
  const file = files.get(kind) ?? open(kind)
  writeSync(file, `${text}\n`)
}

type Kind = 'request' | 'fault' | 'url' | 'audit'
/** Open for as long as the process lives. Each worker adds whole lines at the end. */
const files = new Map<Kind, number>()

function open(kind: Kind): number {
  const folder = process.env['TEST_LOG_FOLDER']
  if (folder === undefined) throw new Error('the test run has no log folder: was the global set-up left out?')
  const file = openSync(path.join(folder, `${kind}.log`), 'a')
  files.set(kind, file)
  return file
}
