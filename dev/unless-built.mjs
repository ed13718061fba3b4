import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '..')
/** Another version of what builds may build otherwise. */
const SETTINGS = ['package.json', 'package-lock.json']

/**
 * Builds, unless that has been done for these very sources. To find that out takes the compilers seconds at every start.
 * Here the bytes that the last successful build read and wrote are compared with what lies there now: neither a time stamp,
 * nor another branch, nor a hand in what was built lets old code run.
 */
export function buildUnlessBuilt({ stamp, settings, sources, outputs, build }) {
  const file = path.join(ROOT, stamp)
  const last = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const reading = () => fingerprint([...SETTINGS, ...settings, ...sources()])
  const read = reading()
  const wasWritten = last.written === fingerprint(outputs())
  if (wasWritten && last.read === read) return
  rmSync(file, { force: true })
  build(wasWritten)
  // What was edited meanwhile may or may not have been compiled.
  if (reading() === read) writeFileSync(file, JSON.stringify({ read, written: fingerprint(outputs()) }))
}

/** Runs a program of Node's; ends this one when it fails. */
export function run(...command) {
  const { status } = spawnSync(process.execPath, command, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Files below a folder, by their paths from the root. */
export function filesIn(folder, pattern) {
  if (!existsSync(path.join(ROOT, folder))) return []
  const entries = readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile() && pattern.test(entry.name))
  return names.map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name))).sort()
}

function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(ROOT, file)))
      .update('\0')
  return hash.digest('hex')
}
