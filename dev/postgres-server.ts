import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { commandLine } from './folder-claim.js'
import type { OtherUser } from './postgres-place.js'
import { lastWords, supervise, type SupervisedProcess } from './supervised-process.js'

export interface ServerOptions {
  /** Folder with `postgres`. */
  readonly programs: string
  readonly user: OtherUser | undefined
  /** The data directory. */
  readonly data: string
  readonly log: string
  readonly settings: Readonly<Record<string, string>>
  readonly superuser: Role
}

export interface Role {
  readonly user: string
  readonly password: string
}

export interface Server {
  readonly port: number
  readonly process: SupervisedProcess
}

const POLL_MS = 20
/** Long, for after a crash the server replays its log before it answers. */
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 20_000
const LAUNCHES = 10
/** What is gone a moment later: another's hold on the port, the last sessions of a server that was killed. */
const PASSING_OBSTACLE = /could not bind|could not create any TCP\/IP sockets|pre-existing shared memory block/

/**
 * Launches a server on a free port of 127.0.0.1 and waits until it answers by the name it was given for this launch.
 *
 * @throws Error with the server's last words when it does not start
 */
export async function launchServer(options: ServerOptions): Promise<Server> {
  const { programs, user, data, log, superuser } = options
  for (let launch = 1; ; launch++) {
    const port = await freePort()
    const name = `fullmakt-${randomUUID()}`
    const args = ['-D', data, ...settingArguments(options.settings, port, name)]
    const process = supervise({ program: path.join(programs, 'postgres'), args, user, log })
    if (await answersAs(name, urlOf(port, 'postgres', superuser), process)) {
      process.letGo()
      return { port, process }
    }
    await process.end()
    const said = lastWords(log)
    if (launch === LAUNCHES || !PASSING_OBSTACLE.test(said)) {
      throw new Error(`PostgreSQL did not start on ${data}:\n${said}`)
    }
    await setTimeout(launch * POLL_MS)
  }
}

/** Ends the server of a data directory, if one runs. For a directory that by its claim nobody uses. */
export async function stopStrayServer(data: string): Promise<void> {
  const pidFile = path.join(data, 'postmaster.pid')
  const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8')) : 0
  if (!(pid > 0)) return
  const runs = () => commandLine(pid).includes(` -D ${data} `)
  if (!runs()) {
    // The number is another program's by now. PostgreSQL would take that for a server and refuse to start.
    if (commandLine(pid) !== '') rmSync(pidFile)
    return
  }
  process.kill(pid, 'SIGINT')
  const deadline = performance.now() + STOP_LIMIT_MS
  while (runs()) {
    if (performance.now() > deadline) throw new Error(`The PostgreSQL server ${pid} on ${data} does not stop`)
    await setTimeout(POLL_MS)
  }
}

/** The connection address of a database on this machine. */
export function urlOf(port: number, database: string, { user, password }: Role): string {
  const [name, secret, place] = [user, password, database].map(encodeURIComponent) as [string, string, string]
  return `postgres://${name}:${secret}@127.0.0.1:${port}/${place}`
}

/** Of a setting given twice the server takes the latter: what this file rests on comes last. */
function settingArguments(settings: Readonly<Record<string, string>>, port: number, name: string): string[] {
  const own = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', cluster_name: name }
  return [...Object.entries(settings), ...Object.entries(own)].flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

/** A port that is free now; another program may take it before the server does. */
async function freePort(): Promise<number> {
  const asker = createServer().listen(0, '127.0.0.1')
  await once(asker, 'listening')
  const { port } = asker.address() as AddressInfo
  asker.close()
  await once(asker, 'close')
  return port
}

/** False when our server ended, or the time did, before a server of this name answered. */
async function answersAs(name: string, url: string, process: SupervisedProcess): Promise<boolean> {
  const deadline = performance.now() + START_LIMIT_MS
  while (process.isRunning() && performance.now() < deadline) {
    if ((await nameOfServer(url)) === name) return true
    await setTimeout(POLL_MS)
  }
  return false
}

/** Undefined when nobody answers there, or whoever does refuses us. */
async function nameOfServer(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ name: string }>("select current_setting('cluster_name') as name")
    return rows[0]?.name
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}
