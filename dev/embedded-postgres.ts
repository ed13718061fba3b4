import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { claimFolder } from './folder-claim.js'
import { clusterIn, findPlace, type Place } from './postgres-place.js'
import { launchServer, stopStrayServer, urlOf, type Server } from './postgres-server.js'
import { lastWords, supervise } from './supervised-process.js'

/** A running PostgreSQL server, reached over TCP on 127.0.0.1 with a password (scram-sha-256) and in no other way. */
export interface EmbeddedPostgres {
  readonly port: number
  /** Connection address of a database, for the superuser unless another role is given. A secret: it has a password. */
  url(database: string, role?: { user: string; password: string }): string
  /** Ends all sessions, stops the server and gives up the folder. Called again it waits for the same stop. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Where the database is kept from one start to the next, e.g. `.data/postgres`. Made when missing. */
  readonly folder: string
  /** False: faster writes, and a database that does not survive a crash of the machine. For tests. */
  readonly durable: boolean
  /** Further settings of the server. Its addresses, port and name cannot be set. */
  readonly settings?: Record<string, string>
}

const SUPERUSER = 'postgres'
const UNFINISHED = 'unfinished-'
/** Tries again for a while: a program about to end may still be writing in what is removed. */
const REMOVE_ALL = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }

/**
 * Starts PostgreSQL from the npm package on a free port, and makes the database at the first start. For development
 * and tests: the programs in the package are not meant for production.
 *
 * The server ends with this process, even when that is killed, and does not keep it alive. What a killed process left
 * (a half-made database, a server that still runs) is cleared away first. Whoever gets the answer can migrate safely:
 * the server at that port has proved to be the one started here.
 *
 * @throws Error when a living process uses the folder, or the server does not start (with its last words)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.folder, { recursive: true })
  const folder = realpathSync(options.folder)
  const release = claimFolder(folder)
  try {
    await stopStrayServer(dataIn(clusterIn(folder)))
    const place = findPlace(folder)
    await stopStrayServer(dataIn(clusterIn(place.home)))
    return running(await startIn(place, path.join(folder, 'postgres.log'), options), place.leave, release)
  } catch (error) {
    release()
    throw error
  }
}

function running({ port, superuser, process }: Running, leave: () => void, release: () => void): EmbeddedPostgres {
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await process.end()
    leave()
    release()
  }
  return {
    port,
    url: (database, role = superuser) => urlOf(port, database, role),
    stop: () => (stopped ??= stop()),
  }
}

interface Running extends Server {
  readonly superuser: { readonly user: string; readonly password: string }
}

async function startIn(place: Place, log: string, options: EmbeddedPostgresOptions): Promise<Running> {
  try {
    await makeCluster(place, log, options.durable)
    const cluster = clusterIn(place.home)
    const superuser = { user: SUPERUSER, password: readFileSync(passwordFileIn(cluster), 'utf8').trim() }
    const settings = { ...(options.durable ? {} : CARELESS), ...options.settings }
    const { programs, user } = place
    return { superuser, ...(await launchServer({ programs, user, data: dataIn(cluster), log, settings, superuser })) }
  } catch (error) {
    place.leave()
    throw error
  }
}

const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** A cluster is made under another name and renamed when it is whole, so one that bears its own name is never half. */
async function makeCluster({ programs, home, user }: Place, log: string, durable: boolean): Promise<void> {
  clearUnfinished(home)
  if (existsSync(clusterIn(home))) return
  const cluster = mkdtempSync(path.join(home, UNFINISHED))
  const passwordFile = passwordFileIn(cluster)
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (user) for (const made of [cluster, passwordFile]) chownSync(made, user.uid, user.gid)
  // prettier-ignore
  const args = ['-D', dataIn(cluster), '-U', SUPERUSER, '--pwfile', passwordFile, '--auth', 'scram-sha-256',
    '--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8',
    ...(durable ? [] : ['--no-sync'])]
  const status = await supervise({ program: path.join(programs, 'initdb'), args, user, log }).ended
  if (status !== 0) throw new Error(`The database could not be made in ${home}:\n${lastWords(log)}`)
  renameSync(cluster, clusterIn(home))
  // Whoever was at it when it was cut short may have gone on writing for a moment.
  clearUnfinished(home)
}

function clearUnfinished(home: string): void {
  const unfinished = readdirSync(home).filter((name) => name.startsWith(UNFINISHED))
  for (const name of unfinished) rmSync(path.join(home, name), REMOVE_ALL)
}

function dataIn(cluster: string): string {
  return path.join(cluster, 'data')
}

function passwordFileIn(cluster: string): string {
  return path.join(cluster, 'password')
}
