import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface KeyServer extends AsyncDisposable {
  readonly url: URL
  /** Paths asked for so far. */
  readonly asked: readonly string[]
  answer: (response: ServerResponse, request: IncomingMessage) => void
}

/** An HTTP server on a free port of this machine that answers as a test tells it to. */
export async function startKeyServer(answer: KeyServer['answer']): Promise<KeyServer> {
  const asked: string[] = []
  const http = createServer((request, response) => {
    asked.push(request.url ?? '')
    server.answer(response, request)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  const server: KeyServer = {
    url: new URL(`http://127.0.0.1:${port}/jwks`),
    asked,
    answer,
    async [Symbol.asyncDispose]() {
      if (!http.listening) return
      http.close()
      http.closeAllConnections()
      await once(http, 'close')
    },
  }
  return server
}

export function json(value: unknown): KeyServer['answer'] {
  return (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
