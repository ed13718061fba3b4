import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../dev/free-port.js'
import { startLocalParts } from '../../dev/local-parts.js'
import { noteRunning } from '../../dev/running-service.js'
import { testDatabase } from '../support/database.js'
import { type Stage, openStage } from './processes.js'

const DEMO = 'dist/dev/demo.js'

/** Whole services are started, sometimes on a machine that does much else. */
let stage: Stage
beforeAll(() => {
  stage = openStage()
})
afterAll(() => stage.clear())

test('where no service answers, the demo starts one, does the job and leaves nothing', async () => {
  const TMPDIR = path.join(stage.folder, 'tmp')
  mkdirSync(TMPDIR)
  const data = path.join(stage.folder, 'left-behind')
  mkdirSync(data)
  // What a killed start leaves; its number is another program's by now.
  noteRunning(data, { pid: process.pid, url: `http://localhost:${await freePort()}`, idporten: 'http://localhost:1' })
  const demo = stage.run(DEMO, { DATA_FOLDER: data, TMPDIR })
  const status = await demo.ended
  const said = demo.said()
  if (status !== 0) throw new Error(`the demo ended with ${String(status)}: ${said}`)
  expect(said.trimEnd().split('\n').at(-1)).toBe('13 of 13 steps came out as they must.')
  expect(said.match(/^ {4}✓ /gm)).toHaveLength(13)
  expect(said.match(/^ ?\d+\. /gm)).toHaveLength(13)
  expect(said).not.toContain('✗')
  expect(said.split('\n').length).toBeLessThan(110)
  expect(Math.max(...said.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
  expect(said).not.toContain('\u001b')
  // Numbers masked, no token whole.
  expect(said).toMatch(/subject: \{type: person, id: \d{6}\*{5}\}/)
  expect(said).not.toMatch(/(?<!\d)\d{11}(?!\d)|eyJ[\w-]{40}/)
  expect(readdirSync(TMPDIR)).toEqual([])
})

test('where a step comes out otherwise than it must, the demo says so and ends with 1', async () => {
  const data = path.join(stage.folder, 'data')
  const CATALOGUE_FOLDER = catalogueWithoutReading()
  const database = await testDatabase(4)
  const parts = await startLocalParts({
    folder: path.join(data, 'dev'),
    databaseUrl: database.serverUrl,
    port: await freePort(),
    idportenPort: await freePort(),
    registers: false,
    settings: { CATALOGUE_FOLDER },
    reports: { request: () => undefined, fault: () => undefined },
  })
  noteRunning(data, { pid: process.pid, url: parts.url, idporten: parts.idporten.issuer })
  const demo = stage.run(DEMO, { DATA_FOLDER: data })
  expect(await demo.ended).toBe(1)
  expect(demo.said().match(/^ {4}✓ /gm)).toHaveLength(1)
  expect(demo.said()).toMatch(/^ {4}✗ expected answer: 201, came 422$/m)
  expect(demo.said()).toMatch(/\n1 of 13 steps came out as they must\.\n$/)
  await parts.stop()
  await database.drop()
})

/** A catalogue in which no one can give another the reading of a pension. */
function catalogueWithoutReading(): string {
  const folder = path.join(stage.folder, 'catalogue')
  cpSync('catalogue', folder, { recursive: true })
  const file = path.join(folder, 'services', 'nav.yaml')
  const text = readFileSync(file, 'utf8')
  const other = text.replace(
    'mandate:\n    actions: [read, communicate, write]',
    'mandate:\n    actions: [communicate, write]',
  )
  expect(other).not.toBe(text)
  writeFileSync(file, other)
  return folder
}
