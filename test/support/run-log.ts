import { appendFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Adds a line to the log of the whole test run: what the service wrote, which addresses were called, what stands in the
 * audit log. When the run is over, `plain-reporter.js` looks for identity numbers in it, and finding one fails the run.
 */
export function noteInRunLog(kind: 'request' | 'fault' | 'url' | 'audit', text: string): void {
  const folder = process.env['TEST_LOG_FOLDER']
  if (folder === undefined) throw new Error('the test run has no log folder: was the global set-up left out?')
  appendFileSync(path.join(folder, `${kind}.log`), `${text}\n`)
}
