import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Stage, openStage } from './processes.js'

/** A project of two lines, built by our own build. */
let stage: Stage
let project: string

/** The compiler takes seconds for the types of Node, of which nothing here is said. */
const SMALL = { target: 'es2023', lib: ['es5'], types: [], module: 'nodenext', strict: true }

function settings(options: {
  readonly rootDir: string
  readonly outDir: string
  readonly declaration?: boolean
}): string {
  const notes = { incremental: true, tsBuildInfoFile: `${options.outDir}/.tsbuildinfo` }
  return JSON.stringify({ compilerOptions: { ...SMALL, ...notes, ...options }, include: ['src/**/*.ts'] })
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true })
  writeFileSync(path.join(project, file), text)
}

function output(file: string): string {
  return readFileSync(path.join(project, 'dist', file), 'utf8')
}

function build(): Promise<number> {
  return stage.run(path.join(project, 'dev', 'build.mjs')).ended
}

/** When the compiler last wrote its notes, which it does at every run that changes something. */
function compiledAt(): number {
  return statSync(path.join(project, 'dist', '.tsbuildinfo')).mtimeMs
}

beforeAll(async () => {
  stage = openStage()
  project = path.join(stage.folder, 'project')
  for (const file of ['build', 'unless-built']) write(`dev/${file}.mjs`, readFileSync(`dev/${file}.mjs`, 'utf8'))
  for (const file of ['package.json', 'package-lock.json']) write(file, '{ "type": "module" }')
  write('tsconfig.json', JSON.stringify({ compilerOptions: SMALL, files: [] }))
  write('tsconfig.build.json', settings({ rootDir: '.', outDir: 'dist' }))
  write('client/tsconfig.json', settings({ rootDir: 'src', outDir: 'dist', declaration: true }))
  symlinkSync(path.resolve('node_modules'), path.join(project, 'node_modules'))
  write('client/src/verify.ts', 'export const verified = true\n')
  write('src/main.ts', "export const said: string = 'first'\n")
  write('src/aside.ts', 'export const aside = 1\n')
  expect(await build()).toBe(0)
})
afterAll(() => stage.clear())

test('what was built for these very sources is not built again', async () => {
  expect(output('src/main.js')).toContain("'first'")
  expect(existsSync(path.join(project, 'client', 'dist', 'verify.js'))).toBe(true)
  const before = compiledAt()
  expect(await build()).toBe(0)
  expect(compiledAt()).toBe(before)
})

test('a source with other words is compiled, however old its time stamp; one that is gone leaves no output', async () => {
  write('src/main.ts', "export const said: string = 'second'\n")
  utimesSync(path.join(project, 'src/main.ts'), 0, 0)
  rmSync(path.join(project, 'src/aside.ts'))
  expect(await build()).toBe(0)
  expect(output('src/main.js')).toContain("'second'")
  expect(existsSync(path.join(project, 'dist', 'src', 'aside.js'))).toBe(false)
})

test('an output that something else has written or removed is written anew', async () => {
  write('dist/src/main.js', "export const said = 'a hand in dist'\n")
  rmSync(path.join(project, 'client', 'dist', 'verify.js'))
  expect(await build()).toBe(0)
  expect(output('src/main.js')).toContain("'second'")
  expect(existsSync(path.join(project, 'client', 'dist', 'verify.js'))).toBe(true)
})

test('what does not compile is refused each time, until it does', async () => {
  write('src/main.ts', 'export const said: string = 3\n')
  expect(await build()).not.toBe(0)
  expect(await build()).not.toBe(0)
  write('src/main.ts', "export const said: string = 'third'\n")
  expect(await build()).toBe(0)
  expect(output('src/main.js')).toContain("'third'")
})
