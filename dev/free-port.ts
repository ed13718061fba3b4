import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A port on 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return tryPort(0)
}

/** The port itself when it is free, else any free one. */
export async function freePortNear(port: number): Promise<number> {
  return tryPort(port).catch(() => tryPort(0))
}

export async function isFree(port: number): Promise<boolean> {
  return tryPort(port).then(
    () => true,
    () => false,
  )
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const found = (server.address() as AddressInfo).port
      server.close(() => resolve(found))
    })
  })
}
