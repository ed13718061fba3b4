import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import config from '../../../jest.config.js'
import '../../support/build.mjs'

/**
 * Holds `decide` against the rules in Cedar on very many random worlds: `node test/domain/cedar/run.mjs [worlds] [seed]`,
 * a million and the day's seed when nothing is said. Needs no database.
 */
const ROOT = path.resolve(import.meta.dirname, '../../..')
const [worlds = '1000000', seed = new Date().toISOString().slice(0, 10).replaceAll('-', '')] = process.argv.slice(2)

const { runner, testRegex, transform } = config
const ours = { runner, testRegex, transform }
const plain = JSON.stringify({ ...ours, rootDir: ROOT, roots: [path.join(ROOT, 'dist-test/test/domain/cedar')] })
const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js')
console.log(`${worlds} worlds from seed ${seed}`)
const { status } = spawnSync(process.execPath, [jest, '--config', plain, '--runInBand', 'cedar'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, FULLMAKT_CEDAR_WORLDS: worlds, FULLMAKT_CEDAR_SEED: seed },
})
process.exit(status ?? 1)
