import pg from 'pg'
import type { Queryable, Statement } from './database.js'

/** Milliseconds of silence after which a holder counts as gone. */
const SILENCE = 10_000

/**
 * A connection outside the pool that can hold an office: an advisory lock which only one session has at a time, and which
 * falls free when its session ends, however that comes about. What the holder writes goes through the very session that
 * holds the office, so nobody writes who has lost it. Needs a direct connection: a pooler that shares sessions breaks it.
 */
export class OfficeConnection implements Queryable {
  private readonly wakings = new Set<() => void>()
  private woken = false
  private lost: Error | null = null

  private constructor(private readonly client: pg.Client) {}

  /**
   * @param silence milliseconds. PostgreSQL ends a session that has been silent for so long, so a process that hangs loses
   *   its office.
   */
  static async open(url: string, silence = SILENCE): Promise<OfficeConnection> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'fullmakt-office',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 20_000,
      query_timeout: 22_000,
      options: `-c idle_session_timeout=${silence} -c jit=off`,
    })
    const connection = new OfficeConnection(client)
    client.on('error', (error) => connection.fail(error))
    client.on('end', () => connection.fail(new Error('the connection has ended')))
    client.on('notification', () => connection.wake())
    await client.connect()
    return connection
  }

  async query<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.client.query({ name, text, values: [...values] })
    return rows as Row[]
  }

  /** Takes the office if it is free, and is from then on woken by this channel. */
  async take(office: string, channel: string): Promise<boolean> {
    const { rows } = await this.client.query<{ taken: boolean }>('select pg_try_advisory_lock(hashtext($1)) as taken', [
      office,
    ])
    if (rows[0]?.taken !== true) return false
    await this.listen(channel)
    return true
  }

  /** Is from then on woken by this channel, with an office or without. */
  async listen(channel: string): Promise<void> {
    await this.client.query(`listen ${pg.escapeIdentifier(channel)}`)
  }

  /** Forgets what has woken it: what is read from now on is newer than that. */
  settle(): void {
    this.woken = false
  }

  /**
   * True as soon as something has woken it since it last settled, false after `milliseconds` without.
   *
   * @throws Error when the connection is lost.
   */
  async isWoken(milliseconds: number): Promise<boolean> {
    if (!this.woken && this.lost === null) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          this.wakings.delete(done)
          resolve()
        }
        const timer = setTimeout(done, milliseconds)
        this.wakings.add(done)
      })
    }
    if (this.lost !== null) throw this.lost
    return this.woken
  }

  /** Gives up the office, and whoever waits to be woken is. */
  async close(): Promise<void> {
    this.fail(new Error('the connection was closed'))
    await this.client.end().catch(() => undefined)
  }

  private fail(error: Error): void {
    this.lost ??= error
    this.wake()
  }

  private wake(): void {
    this.woken = true
    for (const done of this.wakings) done()
  }
}
