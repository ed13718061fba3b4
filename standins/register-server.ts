/** What the stand-ins of the registers have in common: a server on loopback that answers in JSON and can be told to fail. */

import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FaultyAnswers } from './register-faults.js'

const MOST_BODY = 1_000_000

/** An answer before it is written. A text goes out as it stands. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface RunningServer {
  readonly origin: string
  readonly port: number
  /** Makes coming answers wrong. */
  readonly faults: FaultyAnswers
  stop(): Promise<void>
}

/**
 * Starts a server that answers each request as `answer` says, on loopback; port 0 takes any free one.
 *
 * @throws where the port is taken.
 */
export async function startServer(
  port: number,
  answer: (request: IncomingMessage, url: URL) => Promise<Answer>,
): Promise<RunningServer> {
  const faults = new FaultyAnswers()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    answer(request, url)
      .then((given) => faults.write(url.pathname, given, response))
      .catch((error: unknown) => {
        console.error('stand-in register:', error instanceof Error ? error.message : 'unknown')
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
  })
  const taken = await listen(server, port)
  return { origin: `http://localhost:${taken}`, port: taken, faults, stop: () => stop(server) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The request's body as text; null where it is larger than a megabyte. */
export async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= MOST_BODY) parts.push(part)
  }
  return size > MOST_BODY ? null : Buffer.concat(parts).toString('utf8')
}

/** Up to 1000 texts in the member of that name of a JSON object, as `{"name":["…"]}`; null where it is anything else. */
export async function listIn(request: IncomingMessage, name: string): Promise<readonly string[] | null> {
  const text = await bodyOf(request)
  try {
    const body: unknown = JSON.parse(text ?? '')
    const list: unknown =
      typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
    if (!Array.isArray(list) || list.length === 0 || list.length > 1000) return null
    return list.every((entry) => typeof entry === 'string') ? list : null
  } catch {
    return null
  }
}
