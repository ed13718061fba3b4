import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'

/** The package as a service gets it: packed, and unpacked in a folder of its own. */

const ENTRIES = ['', '/express', '/fastify', '/nest', '/testing']

let folder: string
let tarball: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-package-'))
  const arguments_ = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const told = execFileSync('npm', arguments_, { cwd: 'client', encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [{ filename = '' } = {}] = JSON.parse(told) as { filename?: string }[]
  tarball = path.join(folder, filename)
  const place = path.join(folder, 'node_modules', '@fullmakt', 'client')
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1'])
  for (const name of ['jose', 'fastify', 'express', '@nestjs', '@types', 'rxjs', 'reflect-metadata'])
    symlinkSync(path.resolve('node_modules', name), path.join(folder, 'node_modules', name))
  write('package.json', '{ "type": "module" }')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(file: string, text: string): void {
  writeFileSync(path.join(folder, file), text)
}

function run(...command: readonly string[]): string {
  return execFileSync(process.execPath, [...command], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('has one dependency, and frameworks only where a service has them', () => {
  const own = JSON.parse(readFileSync('client/package.json', 'utf8')) as Record<string, Record<string, unknown>>
  expect(Object.keys(own['dependencies'] ?? {})).toEqual(['jose'])
  expect(Object.keys(own['peerDependencies'] ?? {})).toEqual(Object.keys(own['peerDependenciesMeta'] ?? {}))
  expect(Object.values(own['peerDependenciesMeta'] ?? {})).toEqual([{ optional: true }, { optional: true }])
})

test('its types are right for whoever resolves them, by an independent judge', async () => {
  const packed = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)))
  const analysis = await checkPackage(packed)
  expect('problems' in analysis ? analysis.problems : analysis).toEqual([])
})

test('its package.json holds what it promises, by another', async () => {
  const { messages } = await publint({
    pkgDir: path.join(folder, 'node_modules/@fullmakt/client'),
    strict: true,
    pack: false,
  })
  expect(messages).toEqual([])
})

test('is one and the same for import and require', () => {
  const lines = ENTRIES.map(
    (entry, n) =>
      `import * as imported${n} from '@fullmakt/client${entry}'\nseen.push(same(imported${n}, require('@fullmakt/client${entry}')))`,
  )
  write(
    'both.mjs',
    `import 'reflect-metadata'
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const seen = []
const same = (one, other) => Object.keys(one).length > 0 && Object.keys(one).every((name) => one[name] === other[name])
${lines.join('\n')}
console.log(JSON.stringify(seen))`,
  )
  expect(JSON.parse(run('both.mjs'))).toEqual(ENTRIES.map(() => true))
})

test('can be required by a service in CommonJS', () => {
  write('service.cjs', `const { connectFullmakt } = require('@fullmakt/client'); console.log(typeof connectFullmakt)`)
  expect(run('service.cjs').trim()).toBe('function')
})

test('compiles in services of both kinds, and what must not compile does not', async () => {
  const use = `import { connectFullmakt, type Fullmakt, type VerifiedToken } from '@fullmakt/client'
import { expressGuard } from '@fullmakt/client/express'
import { fastifyGuard } from '@fullmakt/client/fastify'
import { OnBehalfOfModule } from '@fullmakt/client/nest'
import { startFakeIssuer } from '@fullmakt/client/testing'
export function guards(fullmakt: Fullmakt): readonly unknown[] {
  const settings = { kind: 'web', verifier: fullmakt, minimumAssurance: 'high', user: () => null } as const
  return [expressGuard(settings)('nav.pension', 'read'), fastifyGuard(settings)('nav.pension', 'sign'), OnBehalfOfModule.register(settings)]
}
export const principalOf = (token: VerifiedToken): string => token.principal
export const all = [connectFullmakt, startFakeIssuer]
// @ts-expect-error -- not an action
export const wrong = (fullmakt: Fullmakt) => expressGuard({ kind: 'web', verifier: fullmakt, minimumAssurance: 'high', user: () => null })('nav.pension', 'look')
// @ts-expect-error -- a web service must say who its user is
export const nobody = (fullmakt: Fullmakt) => expressGuard({ kind: 'web', verifier: fullmakt, minimumAssurance: 'high' })
`
  write('use.mts', use)
  write('use.cts', use)
  const compiler = path.resolve('node_modules/typescript/bin/tsc')
  const flags = ['--noEmit', '--strict', '--target', 'es2023', '--types', 'node', '--skipLibCheck']
  const compiled = await Promise.all([
    promisify(execFile)(process.execPath, [compiler, ...flags, '--module', 'nodenext', 'use.mts', 'use.cts'], {
      cwd: folder,
    }),
    promisify(execFile)(
      process.execPath,
      [compiler, ...flags, '--module', 'esnext', '--moduleResolution', 'bundler', 'use.mts'],
      { cwd: folder },
    ),
  ])
  expect(compiled.map(({ stdout }) => stdout)).toEqual(['', ''])
})
