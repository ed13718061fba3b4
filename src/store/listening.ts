import pg from 'pg'

/** After a lost connection another is tried so often: milliseconds. */
const AGAIN = 1_000

export interface ListeningOptions {
  readonly databaseUrl: string
  readonly channel: string
  /** Called with the payload of each notice; with null when notices may have been missed. */
  readonly onNotice: (payload: string | null) => void
  readonly onFault: (error: unknown) => void
}

/**
 * Listens on a channel through a connection of its own until it is stopped, and connects again when that is lost. Needs a
 * direct connection, as an office does. Fulfilled when it listens, or the first try has failed. Returns what stops it.
 */
export async function listen(options: ListeningOptions): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined

  const again = (error: unknown): void => {
    if (stopped) return
    options.onFault(error)
    timer = setTimeout(() => void connect(), AGAIN)
  }

  async function connect(): Promise<void> {
    const own = new pg.Client({
      connectionString: options.databaseUrl,
      application_name: 'fullmakt-listening',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    let lost = false
    const lose = (error: unknown): void => {
      if (lost) return
      lost = true
      void own.end().catch(() => undefined)
      again(error)
    }
    own.on('error', lose)
    own.on('end', () => lose(new Error('the connection that listens has ended')))
    own.on('notification', ({ payload }) => options.onNotice(payload ?? ''))
    client = own
    try {
      await own.connect()
      await own.query(`listen ${pg.escapeIdentifier(options.channel)}`)
      options.onNotice(null)
    } catch (error) {
      lose(error)
    }
  }

  await connect()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await client?.end().catch(() => undefined)
  }
}
