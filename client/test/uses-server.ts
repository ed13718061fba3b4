import type { IncomingMessage } from 'node:http'
import { type KeyServer, startKeyServer } from './key-server.js'

/** One use as it came. */
export type Came = Readonly<Record<string, unknown>> & { readonly use_id: string; readonly reference?: string }

/** What the server does with a request: an answer for each use, a status, or nothing at all. */
export type Behaviour = (uses: readonly Came[], request: IncomingMessage) => readonly unknown[] | number | 'silence'

export interface UsesServer extends AsyncDisposable {
  readonly issuer: string
  /** The uses of each request, as they came. */
  readonly requests: (readonly Came[])[]
  behave: Behaviour
}

export const takeAll: Behaviour = (uses) => uses.map(({ use_id }) => ({ use_id, taken: true, refused: null }))

/** A server that takes reports of uses as Fullmakt's does, or fails to. */
export async function startUsesServer(): Promise<UsesServer> {
  const requests: (readonly Came[])[] = []
  const server: KeyServer = await startKeyServer((response, request) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { uses } = JSON.parse(text) as { uses: readonly Came[] }
      requests.push(uses)
      const answer = started.behave(uses, request)
      if (typeof answer === 'number') response.writeHead(answer).end()
      else if (answer !== 'silence') response.writeHead(200).end(JSON.stringify({ uses: answer }))
    })
  })
  const started: UsesServer = {
    issuer: server.url.origin,
    requests,
    behave: takeAll,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  return started
}
