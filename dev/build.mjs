import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * Builds the client and the service, unless that has been done for these very sources. To find that out takes the
 * compiler seconds at every start. Here the bytes that the last successful build read and wrote are compared with what
 * lies there now: neither a time stamp, nor another branch, nor a hand in `dist` lets old code run.
 */
const ROOT = path.resolve(import.meta.dirname, '..')
const STAMP = path.join(ROOT, 'dist', '.built')
/** In this order: the service is checked against the client's types. */
const PROJECTS = [
  { config: 'client/tsconfig.json', root: 'client/src', folders: ['.'], output: 'client/dist' },
  {
    config: 'tsconfig.build.json',
    root: '.',
    folders: ['src', 'migrations', 'standins', 'dev', 'benches', 'examples'],
    output: 'dist',
  },
]
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'client/tsconfig.json']

const stamp = existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : {}
const read = fingerprint(sources())
const wasWritten = stamp.written === fingerprint(outputs())
if (!wasWritten || stamp.read !== read) {
  rmSync(STAMP, { force: true })
  for (const project of PROJECTS) build(project)
  // What was edited meanwhile may or may not have been compiled.
  const isSteady = fingerprint(sources()) === read
  if (isSteady) writeFileSync(STAMP, JSON.stringify({ read, written: fingerprint(outputs()) }))
}

function build({ config, root, output }) {
  // The compiler goes by its notes on what it has written. Where something else has written too, it must write anew.
  if (!wasWritten) rmSync(path.join(ROOT, output, '.tsbuildinfo'), { force: true })
  for (const file of outputsOf({ output })) {
    const source = path.join(root, path.relative(output, file)).replace(/(\.d\.ts|\.js)$/, '.ts')
    if (!existsSync(path.join(ROOT, source))) rmSync(path.join(ROOT, file))
  }
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', config], { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

function sources() {
  const folders = PROJECTS.flatMap(({ root, folders }) => folders.map((folder) => path.join(root, folder)))
  return [...SETTINGS, ...folders.flatMap((folder) => filesIn(folder, /\.(ts|mjs)$/))]
}

function outputs() {
  return PROJECTS.flatMap(outputsOf)
}

function outputsOf({ output }) {
  return filesIn(output, /\.(js|d\.ts)$/)
}

function filesIn(folder, pattern) {
  if (!existsSync(path.join(ROOT, folder))) return []
  const names = readdirSync(path.join(ROOT, folder), { recursive: true }).filter((name) => pattern.test(name))
  return names.sort().map((name) => path.join(folder, name))
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
