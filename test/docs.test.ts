import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { AUDIT_KINDS } from '../src/audit/audit-entry.js'
import { ACTIONS, ASSURANCE_LEVELS, BASES } from '../src/domain/catalogue.js'
import { STORED_STATES } from '../src/domain/mandate.js'
import { REASONS, REMEDIES, REMEDY_FOR } from '../src/domain/reasons.js'
import { readTextFiles } from '../src/registers/text-files.js'

/** Everything that is committed, or will be. */
const FILES = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(file))
const TEXTS = new Map(
  FILES.map((file) => [file, readFileSync(file, 'utf8')] as const).filter(([, text]) => !text.includes('\0')),
)
const PAGES = [...TEXTS.keys()].filter((file) => file.endsWith('.md'))
const TOP = 'src|test|docs|client|dev|standins|catalogue|texts|migrations|benches'

function read(file: string): string {
  const text = TEXTS.get(file)
  if (text === undefined) throw new Error(`there is no ${file}`)
  return text
}

function json(file: string): Record<string, Record<string, string>> {
  return JSON.parse(read(file)) as Record<string, Record<string, string>>
}

/** The rows of all tables on a page whose first cell is a name in code: the name, and the other cells. */
function rowsOf(text: string): (readonly [name: string, ...cells: string[]])[] {
  const rows = text.split('\n').filter((line) => /^\| `[^`]+` \|/.test(line))
  return rows.map((line) => {
    const [first = '', ...cells] = line.slice(1, -1).split(/(?<!\\)\|/)
    return [first.trim().slice(1, -1), ...cells.map((cell) => cell.trim())] as const
  })
}

/** What stands under a heading of the second level. */
function section(text: string, heading: string): string {
  const found = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))
  if (found === undefined) throw new Error(`there is no heading ${heading}`)
  return found
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
}

/** As the usual viewers make it: lower case, spaces as hyphens, no other signs. */
function anchorsOf(text: string): string[] {
  const headings = [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('README', () => {
  const commands = [...read('README.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  )

  test('is shorter than 150 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThan(150)
  })

  test('has the two commands as they are printed', () => {
    expect(commands).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test', 'npm run demo']))
  })
})

describe('what a page speaks of is there:', () => {
  test('the target of every link, and the heading', () => {
    const dead = PAGES.flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^(https?:|mailto:)/.test(target))
        .filter((target) => {
          const [file = '', anchor] = target.split('#')
          const found = file === '' ? page : path.join(path.dirname(page), file)
          if (!existsSync(found)) return true
          return anchor !== undefined && !anchorsOf(read(found)).includes(anchor)
        })
        .map((target) => `${page}: ${target}`),
    )
    expect(dead).toEqual([])
  })

  test('every file it names, and every page that the code names', () => {
    const named = new RegExp(`\`((?:${TOP})/[\\w./-]+\\.\\w+)\``, 'g')
    const ofPages = PAGES.flatMap((page) =>
      [...read(page).matchAll(named)].map(([, file = '']) => [page, file] as const),
    )
    const ofCode = [...TEXTS].flatMap(([file, text]) =>
      [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => [file, page] as const),
    )
    const gone = [...ofPages, ...ofCode].filter(([, file]) => !existsSync(file)).map((pair) => pair.join(': '))
    expect(gone).toEqual([])
  })

  test('every npm script', () => {
    const scripts = Object.keys(json('package.json')['scripts'] ?? {})
    const used = PAGES.flatMap((page) => [...read(page).matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name))
    expect(used.filter((name) => !scripts.includes(name))).toEqual([])
  })
})

type Locked = Readonly<Record<string, { readonly license?: string }>>

function lockedIn(file: string): Locked {
  return (JSON.parse(read(file)) as { packages: Locked }).packages
}

describe('docs/dependencies.md', () => {
  const page = read('docs/dependencies.md')
  test.each([
    ['In production', 'package.json', 'dependencies'],
    ['Where the system has it: the database for development and tests', 'package.json', 'optionalDependencies'],
    ['For building and testing', 'package.json', 'devDependencies'],
    ['Of the client package', 'client/package.json', 'dependencies'],
    ['Of the pages', 'web/package.json', 'devDependencies'],
    ['For those who have a PKCS #11 module', 'pkcs11/package.json', 'dependencies'],
  ])('%s: each of %s %s, and no other', (heading, file, kind) => {
    const names = rowsOf(section(page, heading)).map(([name]) => name)
    expect(names.sort()).toEqual(Object.keys(json(file)[kind] ?? {}).sort())
  })

  test('names the licence that each package states', () => {
    const packages = Object.assign({}, ...['package-lock.json', 'pkcs11/package-lock.json'].map(lockedIn)) as Locked
    const locked = (name = '') => packages[`node_modules/${name}`] ?? packages[`web/node_modules/${name}`]
    const wrong = rowsOf(page).filter(([name, licence]) => locked(name)?.license !== licence)
    expect(wrong).toEqual([])
  })

  test('tells of each override, and of no other', () => {
    const told = [...section(page, 'Overrides').matchAll(/^- `([^`]+)`/gm)].map(([, name]) => name)
    expect(told.sort()).toEqual(Object.keys(json('package.json')['overrides'] ?? {}).sort())
  })
})

describe('docs/decision-order.md', () => {
  const page = read('docs/decision-order.md')

  test('has each reason in its order, with the developer’s text and the remedy', async () => {
    const { reasons } = await readTextFiles('texts')
    const told = rowsOf(section(page, 'Reasons')).map(([code, , text, remedy]) => [code, text, remedy])
    const wanted = REASONS.map((code) => {
      const remedy = REMEDY_FOR[code]
      return [code, reasons[code].service.trim(), remedy === null ? '' : `\`${remedy}\``]
    })
    expect(told).toEqual(wanted)
  })

  test('has each remedy in its order, in the words of its English text', async () => {
    const { remedies } = await readTextFiles('texts')
    expect(rowsOf(section(page, 'Remedies'))).toEqual(REMEDIES.map((code) => [code, remedies[code].en.trim()]))
  })
})

test('docs/audit.md has each kind of entry in its order, and no other', () => {
  const told = rowsOf(section(read('docs/audit.md'), 'The kinds')).map(([kind]) => kind)
  expect(told).toEqual(AUDIT_KINDS)
})

test('docs/glossary.md has the words of the code', () => {
  const text = read('docs/glossary.md')
  const words = [...BASES, ...ACTIONS, ...STORED_STATES, ...ASSURANCE_LEVELS, 'not_yet_valid', 'expired', 'lapsed']
  expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([])
})

describe('docs/operating.md', () => {
  const page = read('docs/operating.md')
  const told = new Map(rowsOf(section(page, 'Settings')).map(([name, meaning, value]) => [name, { meaning, value }]))
  const config = read('src/config.ts')

  test('tells of each setting, and of no other', () => {
    const asked = [...TEXTS]
      .filter(([file]) => /^(src|dev)\/.*\.(ts|mjs)$/.test(file))
      .flatMap(([, text]) => [...text.matchAll(/process\.env(?:\.|\[')([A-Z_]+)/g)].map(([, name = '']) => name))
    const ofConfig = [...config.matchAll(/'([A-Z][A-Z_]+)'/g)].map(([, name = '']) => name)
    const wanted = new Set([...asked, ...ofConfig, 'TEST_DATABASE_URL'].filter((name) => name !== 'RSA'))
    expect([...told.keys()].sort()).toEqual([...wanted].sort())
  })

  test('tells the default and the bounds of each number', () => {
    const numbers = [...config.matchAll(/read\.number\('(\w+)', ([\d_]+), ([\d_]+), ([\d_]+)\)/g)]
    expect(numbers.length).toBeGreaterThan(2)
    for (const [, name = '', ...values] of numbers) {
      const [value, least, most] = values.map((text) => text.replaceAll('_', ''))
      expect([name, told.get(name)?.value]).toEqual([name, `${value ?? ''} (${least ?? ''} to ${most ?? ''})`])
    }
  })

  test('tells the other defaults, and that the rest has none', () => {
    for (const [, name = '', value = ''] of config.matchAll(/environment\['(\w+)'\] \?\? '([^']*)'/g)) {
      expect([name, told.get(name)?.value]).toEqual([name, `\`${value}\``])
    }
    for (const [, name = ''] of config.matchAll(/read\.(?:required|url|jwk|secret)\('(\w+)'/g)) {
      expect([name, told.get(name)?.value]).toEqual([name, 'none'])
    }
  })
})

describe('docs/decisions', () => {
  const pages = PAGES.filter((page) => /^docs\/decisions\/\d/.test(page)).sort()

  test('are numbered without a gap, and listed by their titles', () => {
    expect(pages.map((page) => Number(path.basename(page).slice(0, 4)))).toEqual(pages.map((_, index) => index + 1))
    const list = [...read('docs/decisions/README.md').matchAll(/^- \[(.+)\]\((.+)\)$/gm)]
    const titles = pages.map((page) => [/^# (.+)$/m.exec(read(page))?.[1], path.basename(page)])
    expect(list.map(([, title, file]) => [title, file])).toEqual(titles)
  })

  test.each(pages)('%s is one page with its four parts', (page) => {
    const headings = [...read(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['Context', 'Decision', 'Price', 'What would overturn it'])
    const lines = read(page).trimEnd().split('\n').length
    expect([lines >= 15, lines <= 35]).toEqual([true, true])
  })
})

/** Left open; made on someone's machine; a host that packages come from. */
function strayIn(text: string): string | undefined {
  const patterns = [
    new RegExp(`\\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`),
    /(?<![\w.])\/(?:root|home|Users|work|tmp)\/\w/,
    /\bregistry\.[a-z-]+\.(?:org|com|net|io|no)\b/,
  ]
  const found = patterns.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined)
  const here = path.resolve('.')
  // A checkout right under the root is called by a word that may stand anywhere: /app, /src.
  return found ?? (here.split(path.sep).length > 2 && text.includes(here) ? here : undefined)
}

/** Numbers that could be those of real people: eleven digits, and not of the synthetic series (month 81 to 92). */
function realNumbersIn(text: string): string[] {
  const numbers = [...text.matchAll(/(?<!\d)\d{11}(?!\d)/g)].map(([number]) => number)
  return numbers.filter((number) => {
    const month = Number(number.slice(2, 4))
    return (month < 81 || month > 92) && number !== NOBODY
  })
}
const NOBODY = '0'.repeat(11)

describe('no committed file', () => {
  const written = [...TEXTS].filter(([file]) => file !== 'package-lock.json')

  test('has anything left open, or the path of a machine, or the host of a package registry', () => {
    const strays = written.map(([file, text]) => [file, strayIn(text)]).filter(([, stray]) => stray !== undefined)
    expect(strays).toEqual([])
    for (const file of ['package-lock.json', 'pkcs11/package-lock.json'])
      expect(read(file)).not.toMatch(/"resolved": "https?:/)
  })

  test('holds a number that could be a real person’s', () => {
    const found = written.flatMap(([file, text]) => realNumbersIn(text).map(() => file))
    expect(found).toEqual([])
  })

  test('would get past these checks: they can fail', () => {
    const left = ['TO', 'DO'].join('')
    expect(strayIn(`// ${left}: later`)).toBe(left)
    expect(strayIn(`see ${['', 'root', 'notes'].join('/')}`)).toBe(['', 'root', 'n'].join('/'))
    expect(strayIn(`from ${['registry', 'example', 'org'].join('.')}`)).toBeDefined()
    expect(strayIn('registry.all()')).toBeUndefined()
    expect(realNumbersIn(['010190', '12345'].join(''))).toHaveLength(1)
    expect(realNumbersIn('47906701517')).toEqual([])
  })
})
