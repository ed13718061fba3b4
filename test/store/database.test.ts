import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Database, statement } from '../../src/store/database.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

let database: TestDatabase
let line: SilentLine

beforeAll(async () => {
  database = await testDatabase(1)
  line = await SilentLine.open(new URL(database.serverUrl))
})
afterAll(async () => {
  line.close()
  await database.drop()
})

/** A line to PostgreSQL that can go dead without a word, as one does behind a failed switch. */
class SilentLine {
  private readonly sockets = new Set<Socket>()
  private dead = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(real: URL): Promise<SilentLine> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const url = new URL(real)
    url.hostname = '127.0.0.1'
    url.port = String(address.port)
    const line = new SilentLine(server, url.href)
    server.on('connection', (from) => line.carry(from, connect(Number(real.port), real.hostname)))
    return line
  }

  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from).add(to)
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one.on('data', (data) => {
        if (!this.dead.has(one)) other.write(data)
      })
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  }

  /** Every connection that there is falls silent; new ones are carried. */
  fallSilent(): void {
    this.dead = new Set(this.sockets)
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }
}

const ONE = statement('test_one', 'select 1 as one')

test('a connection that went silent fails its statement in time, and the next one is answered', async () => {
  const db = await Database.open({ url: line.url, connections: 1, answerWithin: 300 })
  try {
    expect(await db.query(ONE, [])).toEqual([{ one: 1 }])
    line.fallSilent()
    await expect(db.query(ONE, [])).rejects.toThrow('Query read timeout')
    expect(await db.query(ONE, [])).toEqual([{ one: 1 }])
  } finally {
    await db.close()
  }
})

test('the same within a transaction: nothing more is sent on its connection, and the next transaction gets another', async () => {
  const db = await Database.open({ url: line.url, connections: 1, answerWithin: 300 })
  try {
    const interrupted = db.transaction(async (tx) => {
      await tx.query(ONE, [])
      line.fallSilent()
      return tx.query(ONE, [])
    })
    await expect(interrupted).rejects.toThrow('Query read timeout')
    expect(await db.transaction((tx) => tx.query(ONE, []))).toEqual([{ one: 1 }])
  } finally {
    await db.close()
  }
})
