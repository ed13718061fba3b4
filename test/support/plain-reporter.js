import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Synthetic numbers: day, month + 80, nine more digits in all. The tests use no others. */
const IDENTITY_NUMBER = /\b[0-7]\d(8[1-9]|9[0-2])\d{7}\b/

/** No file takes so long, the ones with most cases in `.ci/run` included: minutes. `npm run race` takes longer. */
const LONGEST = Number(process.env['FULLMAKT_MOST_MINUTES'] ?? '20')

/**
 * Looks for identity numbers in the log of the whole run, ends a run in which a test waits for ever, and closes with one
 * plain line that any tool can read.
 */
export default class PlainReporter {
  running = new Map()

  onTestFileStart({ path: file }) {
    const tooLong = () => {
      process.stdout.write(`\n${file} has not ended after ${LONGEST} minutes\n0 passed, 1 failed\n`)
      process.exit(1)
    }
    this.running.set(file, setTimeout(tooLong, LONGEST * 60_000))
  }

  onTestFileResult({ path: file }) {
    clearTimeout(this.running.get(file))
  }

  onRunComplete(_contexts, results) {
    const { TEST_LOG_FOLDER: folder, TEST_POSTGRES_LOG: postgresLog } = process.env
    const files = folder === undefined ? [] : readdirSync(folder).map((name) => path.join(folder, name))
    if (postgresLog !== undefined) files.push(postgresLog)
    const lines = files.flatMap(linesOf)
    const found = lines.filter(({ text }) => IDENTITY_NUMBER.test(text))
    for (const { file, text } of found.slice(0, 5)) {
      process.stdout.write(
        `\nidentity number in ${path.basename(file)}: ${text.replace(IDENTITY_NUMBER, '[number]')}\n`,
      )
    }
    if (found.length > 0) this.error = new Error(`${found.length} lines of the log hold an identity number`)
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (found.length > 0 ? 1 : 0)
    // At the very end, after the summary of jest's own reporter.
    process.once('exit', () => {
      process.stdout.write(`\nlog of the run: ${lines.length} lines, ${found.length} with an identity number\n`)
      process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`)
    })
  }

  /** Jest exits with an error when a reporter has one. */
  getLastError() {
    return this.error
  }
}

function linesOf(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => ({ file, text }))
}
