import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { transformSync } from '@swc/core'
import { COMPILER } from './compiler.mjs'

/**
 * Compiles all sources and all tests into `dist-test`, each file where it lies here, so that a plain process can run them.
 * `tsc` checks the types; this looks at none.
 */
const ROOT = path.resolve(import.meta.dirname, '../..')
const OUTPUT = path.join(ROOT, 'dist-test')
const SOURCES = ['src', 'migrations', 'standins', 'dev', 'benches', 'examples', 'test', 'client/src', 'client/test']

/** Jest's own package gives these only within a context of jest's. */
const JEST = 'node_modules/@jest/globals'
const texts = new Map([
  [`${JEST}/package.json`, '{ "type": "module", "exports": "./globals.js" }'],
  [`${JEST}/globals.js`, readFileSync(path.join(import.meta.dirname, 'globals.mjs'), 'utf8')],
])

for (const folder of SOURCES) {
  for (const name of readdirSync(path.join(ROOT, folder), { recursive: true })) {
    const file = path.join(folder, name)
    const filename = path.join(ROOT, file)
    if (file.endsWith('.js')) texts.set(file, readFileSync(filename, 'utf8'))
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...COMPILER, filename })
    texts.set(file.replace(/\.ts$/, '.js'), code)
  }
}

// What is as it was is left alone: another run may be reading it.
for (const [file, text] of texts) {
  const place = path.join(OUTPUT, file)
  if (existsSync(place) && readFileSync(place, 'utf8') === text) continue
  mkdirSync(path.dirname(place), { recursive: true })
  writeFileSync(place, text)
}
for (const name of readdirSync(OUTPUT, { recursive: true })) {
  if (name.endsWith('.js') && !texts.has(name)) rmSync(path.join(OUTPUT, name))
}
