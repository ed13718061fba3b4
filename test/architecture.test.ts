import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'

/** What each room of `src` may import: rooms to its left, and the packages of its trade. Anything else is a design error. */
const MAY_IMPORT: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: RegExp }>> = {
  domain: { rooms: [], packages: /^(@casl\/ability|@navikt\/fnrvalidator)$/ },
  store: {
    rooms: ['domain', 'migrations'],
    packages:
      /^(pg|pg-copy-streams|typeorm|uuid|jose|node:crypto|node:stream|node:stream\/promises|node:timers\/promises)$/,
  },
  registers: { rooms: ['domain', 'store'], packages: /^(yaml|jose|cockatiel|node:.*)$/ },
  login: { rooms: ['domain', 'store', 'audit'], packages: /^(jose|openid-client|node:.*)$/ },
  audit: { rooms: ['domain', 'store'], packages: /^(uuid|node:.*)$/ },
  decisions: { rooms: ['domain', 'store', 'registers', 'login', 'audit'], packages: /^(uuid|node:crypto)$/ },
  mandates: {
    rooms: ['domain', 'store', 'registers', 'login', 'audit', 'decisions'],
    packages: /^(uuid|node:crypto)$/,
  },
  rulings: { rooms: ['domain', 'store', 'audit'], packages: /^(uuid)$/ },
  employments: { rooms: ['domain', 'store', 'audit'], packages: /^(uuid)$/ },
  acts: { rooms: ['domain', 'store', 'login', 'audit', 'decisions'], packages: /^(uuid)$/ },
  tokens: {
    rooms: ['domain', 'store', 'registers', 'login', 'audit', 'decisions'],
    packages: /^(jose|uuid|node:crypto|node:module|node:path|node:util|node:zlib|node:timers\/promises)$/,
  },
  notices: {
    rooms: ['domain', 'store', 'registers', 'audit'],
    packages: /^(nodemailer|node:crypto|node:fs\/promises|node:path|node:timers\/promises)$/,
  },
  papers: {
    rooms: ['domain', 'store', 'mandates'],
    packages: /^(pdfkit|node:crypto|node:module|node:fs\/promises)$/,
  },
  requests: {
    rooms: ['domain', 'store', 'audit', 'papers'],
    packages: /^(uuid|node:crypto|node:fs\/promises|node:path)$/,
  },
  http: {
    rooms: [
      'domain',
      'store',
      'registers',
      'login',
      'audit',
      'decisions',
      'mandates',
      'acts',
      'rulings',
      'employments',
      'tokens',
      'requests',
      'notices',
      'papers',
    ],
    packages: /^(@nestjs\/.*|@fastify\/.*|fastify|passport|class-validator|class-transformer|jose|node:.*)$/,
  },
}

/** Words of a language, not of a trade: a function lives with the word it is about. */
const NO_ROOM = ['utils', 'util', 'common', 'helpers', 'types', 'shared', 'lib', 'misc']

interface Import {
  readonly file: string
  readonly from: string
  readonly typeOnly: boolean
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(import|export)(\s+type)?[^'"\n;]*?(?:\{[^}]*\})?[^'"\n;]*?from\s+['"]([^'"]+)['"]/g,
  )
  const bare = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, from = '']) => ({
    file,
    from,
    typeOnly: false,
  }))
  return [...bare, ...[...found].map(([, , type, from = '']) => ({ file, from, typeOnly: type !== undefined }))]
}

/** The room of a relative import, or the package. */
function targetOf({ file, from }: Import): { readonly room: string } | { readonly package: string } {
  if (!from.startsWith('.')) return { package: from }
  const [top, room = ''] = path.relative('.', path.resolve(path.dirname(file), from)).split(path.sep)
  return { room: top === 'src' ? (room.endsWith('.js') ? 'src' : room) : (top ?? '') }
}

test('arrows point one way', () => {
  const strays = filesIn('src').flatMap((file) => {
    const room = path.relative('src', file).split(path.sep)[0] ?? ''
    const may = MAY_IMPORT[room]
    if (may === undefined) return []
    return importsOf(file)
      .map((one) => ({ one, target: targetOf(one) }))
      .filter(({ target }) =>
        'package' in target
          ? !may.packages.test(target.package)
          : target.room !== room && !may.rooms.includes(target.room),
      )
      .map(({ one }) => `${file} imports ${one.from}`)
  })
  expect(strays).toEqual([])
})

test('every room of src has its rule, and none has a name that says nothing', () => {
  const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(rooms.map(({ name }) => name).sort()).toEqual(Object.keys(MAY_IMPORT).sort())
  const folders = ['src', 'client', 'standins', 'dev', 'benches', 'examples', 'test'].flatMap((top) =>
    readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.parentPath.includes('node_modules'))
      .map(({ name }) => name),
  )
  expect(folders.filter((name) => NO_ROOM.includes(name))).toEqual([])
})

test('production code knows nothing of stand-ins, development or tests', () => {
  const strays = filesIn('src')
    .flatMap(importsOf)
    .filter((one) => {
      const target = targetOf(one)
      return 'room' in target && ['standins', 'dev', 'test', 'benches', 'client', 'examples'].includes(target.room)
    })
  expect(strays).toEqual([])
})

/** What serves one framework only is an entry of its own, and asks for nothing else of it. */
const FRAMEWORK_OF: Readonly<Record<string, string>> = {
  'client/src/fastify.ts': 'fastify',
  'client/src/nest.ts': '@nestjs/common',
}

test('the client imports nothing of the service, and of packages jose alone, or the framework that a file is for', () => {
  const strays = filesIn('client/src')
    .flatMap(importsOf)
    .filter((one) => {
      const target = targetOf(one)
      if ('room' in target) return target.room !== 'client'
      return !/^(jose|node:.*)$/.test(target.package) && target.package !== FRAMEWORK_OF[one.file]
    })
  expect(strays).toEqual([])
})

test('no file imports itself by way of others', () => {
  const graph = new Map(
    filesIn('src').map((file) => [
      file,
      importsOf(file)
        .filter(({ from, typeOnly }) => from.startsWith('.') && !typeOnly)
        .map(({ from }) => path.join(path.dirname(file), from.replace(/\.js$/, '.ts'))),
    ]),
  )
  const cycles: string[] = []
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
      return
    }
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
  }
  // Depth-first from every file is exponential in the worst case; ours is a small and layered graph.
  for (const file of graph.keys()) visit(file, [])
  expect([...new Set(cycles)]).toEqual([])
})

test('SQL stands in the store and nowhere else', () => {
  const sql = /['\"`]\s*(select|insert into|update|delete from|with \w+ as)\s[^'\"`]*\s(from|set|values|\()/
  const strays = filesIn('src')
    .filter((file) => !file.startsWith(path.join('src', 'store')))
    .filter((file) => sql.test(readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
  expect(strays).toEqual([])
})

test('the domain knows no clock and no chance', () => {
  const strays = filesIn('src/domain').filter((file) =>
    /\bDate\.now\b|new Date\(\)|Math\.random|process\.|crypto/.test(readFileSync(file, 'utf8')),
  )
  expect(strays).toEqual([])
})

test('no defaults, no barrels', () => {
  const files = [
    ...filesIn('src'),
    ...filesIn('client/src'),
    ...filesIn('standins'),
    ...filesIn('dev'),
    ...filesIn('examples'),
  ]
  expect(files.filter((file) => path.basename(file) === 'index.ts')).toEqual([])
  expect(files.filter((file) => /^export default/m.test(readFileSync(file, 'utf8')))).toEqual([])
})

test('the check can fail: an import across the rooms is found, also over several lines', () => {
  const file = 'src/domain/example.ts'
  const text = `import {\n  Database,\n} from '../store/database.js'\n`
  expect(/from\s+['"]([^'"]+)['"]/.exec(text)?.[1]).toBe('../store/database.js')
  expect(targetOf({ file, from: '../store/database.js', typeOnly: false })).toEqual({ room: 'store' })
  expect(MAY_IMPORT['domain']?.rooms).not.toContain('store')
})
