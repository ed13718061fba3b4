import pg from 'pg'
import { DataSource } from 'typeorm'
import { Problem } from '../domain/problem.js'
import { migrations } from './migrations.js'

/** One prepared statement. The name is what PostgreSQL keeps the plan under and what tests and metrics count. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Names a statement: `statement('end_mandate', 'update …')`. */
export function statement(name: string, text: string): Statement {
  return { name, text }
}

/** Either the pool or one transaction: a store function takes it as its first argument. */
export interface Queryable {
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
}

/** An open transaction. A store function that must not run outside one asks for this. */
export interface Transaction extends Queryable {
  readonly isTransaction: true
}

export interface DatabaseOptions {
  readonly url: string
  readonly connections: number
  /**
   * Milliseconds after which a statement without any answer counts as failed and its connection as dead. Longer than the
   * server's own limit of 10 s: it strikes only where the server can no longer be heard.
   */
  readonly answerWithin?: number
  /** Called with the name of each statement before it is sent. */
  readonly onStatement?: (name: string) => void
}

/**
 * The connection to PostgreSQL: TypeORM holds settings, pool and migrations; statements go straight to its `pg` pool
 * (`docs/decisions/0003-statements-beside-typeorm.md`).
 */
export class Database implements Queryable {
  private constructor(
    private readonly source: DataSource,
    private readonly pool: pg.Pool,
    private readonly onStatement: (name: string) => void,
  ) {}

  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      url: options.url,
      poolSize: options.connections,
      migrations,
      migrationsTransactionMode: 'each',
      applicationName: 'fullmakt',
      extra: {
        statement_timeout: 10_000,
        query_timeout: options.answerWithin ?? 12_000,
        idle_in_transaction_session_timeout: 15_000,
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      },
      logging: false,
    })
    await source.initialize()
    const pool = (source.driver as unknown as { master: pg.Pool }).master
    return new Database(source, pool, options.onStatement ?? (() => undefined))
  }

  async query<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.onStatement(name)
    const result = await this.pool.query({ name, text, values: [...values] }).catch(asBusy)
    return result.rows as Row[]
  }

  /**
   * Runs `work` in one transaction (read committed) and commits it; rolls back and rethrows when `work` throws. A
   * connection on which anything went wrong between us and the server is closed, never handed to the next request.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch(asBusy)
    const tx: Transaction = {
      isTransaction: true,
      query: async <Row>({ name, text }: Statement, values: readonly unknown[]) => {
        this.onStatement(name)
        const result = await client.query({ name, text, values: [...values] })
        return result.rows as Row[]
      },
    }
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await work(tx)
      await client.query('commit')
      return result
    } catch (error) {
      if (isSilence(error)) broken = error
      else {
        await client.query('rollback').catch((failed: unknown) => {
          broken = failed instanceof Error ? failed : new Error(String(failed))
        })
      }
      throw error
    } finally {
      client.release(broken)
    }
  }

  /** Runs the migrations that the database lacks; several starters at once run each exactly once. Needs the owner's role. */
  async migrate(): Promise<string[]> {
    const lock = await this.pool.connect()
    try {
      await lock.query(`select pg_advisory_lock(hashtext('fullmakt_migrate'))`)
      const done = await this.source.runMigrations()
      return done.map(({ name }) => name)
    } finally {
      await lock.query(`select pg_advisory_unlock(hashtext('fullmakt_migrate'))`).catch(() => undefined)
      lock.release()
    }
  }

  /** Tells in one sentence why this program does not fit the database, or null when it does. Needs no owner's role. */
  async misfit(): Promise<string | null> {
    const { rows } = await this.pool.query<{ found: boolean }>(`select to_regclass('migrations') is not null as found`)
    if (rows[0]?.found !== true)
      return 'the database has not been migrated: run `npm run migrate` with the owner’s role'
    const applied = await this.pool.query<{ name: string }>('select name from migrations order by id')
    const have = new Set(applied.rows.map(({ name }) => name))
    const known = migrations.map((migration) => new migration().name)
    const missing = known.filter((name) => !have.has(name))
    if (missing.length > 0)
      return `the database lacks ${missing.join(', ')}: run \`npm run migrate\` with the owner’s role`
    const newer = [...have].filter((name) => !known.includes(name))
    if (newer.length > 0) return `the database is newer than this program (${newer.join(', ')}): start a newer program`
    return null
  }

  async close(): Promise<void> {
    await this.source.destroy()
  }
}

/** The server did not answer in time; a rollback would wait behind the statement that it did not answer. */
function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** No connection came free in time: an answer later is better than one that makes the queue longer. */
function asBusy(error: unknown): never {
  if (!(error instanceof Error) || error.message !== 'timeout exceeded when trying to connect') throw error
  throw new Problem('busy', 'too much to do just now: try again in a moment', {}, { cause: error })
}

/** The name of the constraint that a statement ran into, or null when the error is another. Store functions translate by it. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null
}
