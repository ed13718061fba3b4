import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A port on 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return listenOnce('127.0.0.1', 0)
}

/** The port itself when nothing is in its way, else any free one. */
export async function freePortNear(port: number): Promise<number> {
  return (await obstacleAt(port)) === null ? port : freePort()
}

/**
 * What keeps us from serving `http://localhost:<port>`, or null. Another's server on ::1 is in the way too: we listen on
 * 127.0.0.1 only, and browsers try ::1 first.
 */
export async function obstacleAt(port: number): Promise<'taken' | 'forbidden' | null> {
  const [mine, other] = await Promise.all(['127.0.0.1', '::1'].map((address) => faultOf(address, port)))
  if (mine === 'EACCES') return 'forbidden'
  return mine === null && other !== 'EADDRINUSE' ? null : 'taken'
}

async function faultOf(address: string, port: number): Promise<string | null> {
  return listenOnce(address, port).then(
    () => null,
    (error: unknown) => String((error as NodeJS.ErrnoException).code),
  )
}

function listenOnce(address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, address, () => {
      const found = (server.address() as AddressInfo).port
      server.close(() => resolve(found))
    })
  })
}
