import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import PlainReporter from './support/plain-reporter.js'
import { syntheticPeople } from '../standins/people.js'

const results = { numPassedTests: 1, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }
let before: string | undefined
let folder: string

beforeEach(() => {
  before = process.env['TEST_LOG_FOLDER']
  folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-scan-'))
  process.env['TEST_LOG_FOLDER'] = folder
  // What it tells of here is not of this run, and this process ends when that does.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  jest.spyOn(process, 'once').mockReturnThis()
})
afterEach(() => {
  if (before !== undefined) process.env['TEST_LOG_FOLDER'] = before
  rmSync(folder, { recursive: true })
  jest.restoreAllMocks()
})

test('the scan of the log can fail: the number of any of the synthetic people is found', () => {
  for (const { identityNumber } of syntheticPeople('2026-11-21')) {
    writeFileSync(path.join(folder, 'url.log'), `GET http://localhost/v1/people/${identityNumber}\n`)
    const reporter = new PlainReporter()
    reporter.onRunComplete(undefined, results)
    expect(reporter.getLastError()).toBeInstanceOf(Error)
  }
})

test('ids, hashes and times are no identity numbers', () => {
  const text =
    '{"id":"01890000-0000-7000-8000-000000000000","at":1795290535123,"hash":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}'
  writeFileSync(path.join(folder, 'audit.log'), text)
  const reporter = new PlainReporter()
  reporter.onRunComplete(undefined, results)
  expect(reporter.getLastError()).toBeUndefined()
})
