import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Patience } from '../../src/registers/patience.js'
import { RegisterFault } from '../../src/registers/register-fault.js'

/** Real people's numbers never stand in this repository: all of these are synthetic (month + 80). */
export const NUMBERS = {
  child: '18832397314',
  mother: '12889197496',
  ward: '25876399957',
  guardian: '27816499491',
  other: '28816196088',
  dNumber: '47906701517',
} as const

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Reply = (asked: Asked, response: ServerResponse) => void

export interface RegisterServer {
  readonly address: string
  readonly asked: Asked[]
  /** What answers the next question; the last one answers every further. */
  replies: Reply[]
  stop(): Promise<void>
}

/** A register that answers as the test says, over real HTTP. */
export async function startRegister(...replies: Reply[]): Promise<RegisterServer> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      asked.push(one)
      const reply = register.replies.length > 1 ? register.replies.shift() : register.replies[0]
      if (reply === undefined) response.writeHead(404).end()
      else reply(one, response)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const register: RegisterServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    replies,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return register
}

export function json(value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Reply {
  return (_, response) => response.writeHead(code, headers).end(body)
}

/** So short that faults are met within a test. */
export const IMPATIENT: Patience = {
  total: 1_500,
  retries: 2,
  firstWait: 5,
  longestWait: 400,
  failuresToOpen: 3,
  rest: 200,
}

export const TOKENS = {
  token: () => Promise.resolve('a-token'),
  forget: () => undefined,
}

/** The fault that this ends in; anything else fails the test. */
export async function faultOf(question: Promise<unknown>): Promise<RegisterFault> {
  const error: unknown = await question.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof RegisterFault)) throw new Error(`no register fault but ${String(error)}`)
  return error
}
