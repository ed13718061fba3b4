import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { registerDigest } from '../../src/store/register-digest.js'
import { sql } from '../store/given.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type RegisterStage, SECRET, startRegisters } from './register-stage.js'

/** `.ci/run` kills 50 times: `FULLMAKT_KILLS=50`. */
const KILLS = Number(process.env['FULLMAKT_KILLS'] ?? '8')
const AT_ONCE = 2

let stage: RegisterStage
let file: string
let keyFile: string
let whole: TestDatabase

beforeAll(async () => {
  stage = await startRegisters(1000)
  file = await stage.file()
  keyFile = path.join(path.dirname(file), 'register-key')
  writeFileSync(keyFile, SECRET)
  whole = await testDatabase(2)
})
afterAll(async () => {
  await whole.drop()
  await stage.stop()
})

function startImport(database: TestDatabase): ChildProcess {
  const program = process.env['TEST_IMPORT_PROGRAM'] ?? 'dist/src/import.js'
  const env = {
    ...process.env,
    DATABASE_OWNER_URL: database.ownerUrl,
    REGISTER_KEY_FILE: keyFile,
    NODE_ENV: 'development',
  }
  return spawn(process.execPath, [program, file, '99'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

/** How the program ended, and after how many milliseconds. */
async function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, said }
}

/** A killed program's last statement may still be running; until it is over nobody else can take in this register. */
async function alone(database: TestDatabase): Promise<void> {
  const others = `select pid from pg_stat_activity where application_name = 'fullmakt-registers' and datname = current_database()`
  while ((await sql(database.database, others)).length > 0) await setTimeout(20)
}

test('an import that is killed at any point leaves nothing behind, and the next one does it all', async () => {
  const began = performance.now()
  expect(await ended(startImport(whole))).toEqual({ code: 0, said: '' })
  const lasted = performance.now() - began
  const expected = await registerDigest(whole.database, 'freg')
  expect(expected.lines).toBeGreaterThan(1300)

  let [killed, finished] = [0, 0]
  const killing = async (turns: number): Promise<void> => {
    const database = await testDatabase(2)
    try {
      for (let turn = 0; turn < turns; turn += 1) {
        const child = startImport(database)
        const exit = ended(child)
        await Promise.race([exit, setTimeout(Math.random() * lasted)])
        child.kill('SIGKILL')
        const { code } = await exit
        await alone(database)
        const { lines } = await registerDigest(database.database, 'freg')
        expect([0, expected.lines]).toContain(lines)
        if (code === null) killed += 1
        if (lines > 0) finished += 1
      }
      expect(await ended(startImport(database))).toEqual({ code: 0, said: '' })
      expect(await registerDigest(database.database, 'freg')).toEqual(expected)
    } finally {
      await database.drop()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, () => killing(KILLS / AT_ONCE)))
  expect(killed).toBeGreaterThan(0)
  expect(finished).toBeLessThan(KILLS)
}, 120_000)
