import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Statement, Transaction } from './database.js'

/** A transaction on a connection of its own, into whose temporary tables rows can be copied. */
export interface BulkTransaction extends Transaction {
  /** Copies rows in PostgreSQL's text format into a table; `columns` as SQL writes them, e.g. `staged_party (doc, name)`. */
  copy(into: string, text: Iterable<string | Buffer> | AsyncIterable<string | Buffer>): Promise<void>
}

/**
 * One connection outside the pool, for what takes in facts of registers: it has temporary tables, an advisory lock that
 * lives as long as it does, and no limit on a statement's time. Statements are planned each time they run, since a page
 * of a feed and a whole country want different plans.
 */
export class BulkConnection {
  private constructor(
    private readonly client: pg.Client,
    private readonly onStatement: (name: string) => void,
  ) {}

  static async open(url: string, onStatement: (name: string) => void = () => undefined): Promise<BulkConnection> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'fullmakt-registers',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    // A connection that breaks while nothing is asked of it fails the next statement, which is soon enough.
    client.on('error', () => undefined)
    await client.connect()
    return new BulkConnection(client, onStatement)
  }

  async query<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.onStatement(name)
    const { rows } = await this.client.query({ text, values: [...values] })
    return rows as Row[]
  }

  /** Runs `work` in one transaction (read committed) and commits it; rolls back and rethrows when `work` throws. */
  async transaction<T>(work: (tx: BulkTransaction) => Promise<T>): Promise<T> {
    await this.client.query('begin')
    try {
      const result = await work({
        isTransaction: true,
        query: (statement, values) => this.query(statement, values),
        copy: async (into, text) => {
          await pipeline(Readable.from(text), this.client.query(copyFrom(`copy ${into} from stdin`)))
        },
      })
      await this.client.query('commit')
      return result
    } catch (error) {
      await this.client.query('rollback').catch(() => undefined)
      throw error
    }
  }

  async close(): Promise<void> {
    await this.client.end()
  }
}
