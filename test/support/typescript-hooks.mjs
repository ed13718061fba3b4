import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transformSync } from '@swc/core'

/** Strips types and writes decorator metadata, nothing else: what runs are the ES modules that production runs. */
export const COMPILER = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
}

/** The runner puts these where every file sees them; jest's own package gives them only within a context of jest's. */
const GLOBALS = ['describe', 'test', 'expect', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach', 'jest']
const JEST_GLOBALS = `data:text/javascript,export const { ${GLOBALS.join(', ')} } = globalThis`

/** An import that ends in `.js` means the source of that name, where there is one and nothing built beside it. */
export function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: JEST_GLOBALS, format: 'module', shortCircuit: true }
  const { parentURL = '' } = context
  const isOurs = parentURL.startsWith('file:') && !parentURL.includes('/node_modules/')
  if (isOurs && /^\.{1,2}\/.*\.js$/.test(specifier)) {
    const built = new URL(specifier, parentURL)
    const source = new URL(built.href.replace(/\.js$/, '.ts'))
    if (!existsSync(built) && existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true }
  }
  return next(specifier, context)
}

export function load(url, context, next) {
  const file = url.replace(/\?.*$/, '')
  if (!file.endsWith('.ts')) return next(url, context)
  const filename = fileURLToPath(file)
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...COMPILER, filename })
  return { format: 'module', source: code, shortCircuit: true }
}
