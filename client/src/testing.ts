import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import type { Question } from './ask.js'
import type { RegisteredClient } from './client-proof.js'
import { FakeDoors } from './fake-doors.js'
import type { ReportedUse } from './reported-use.js'
import { FakeSigner, type FakeToken, newSigningKey } from './fake-signer.js'

export type { FakeToken } from './fake-signer.js'

/** What the fake issuer answers to a question. `reason` goes with a no. */
export type FakeAnswer =
  | { readonly allowed: true; readonly obligations?: readonly { readonly type: string }[] }
  | { readonly allowed: false; readonly reason: string }

/** Someone for whom each user may act; the token that an exchange gives is made of `token`. */
export interface FakeRepresentation {
  readonly handle: string
  readonly name: string
  readonly token: FakeToken
}

/** An issuer for a service's own tests: real HTTP, real keys, real tokens and lists; what it says is the test's to set. */
export interface FakeIssuer extends AsyncDisposable {
  /** For the service's settings. It answers on a free port of this machine. */
  readonly issuer: string
  /** The client that the service is. Its proofs are checked. */
  readonly client: RegisteredClient
  /** A token, right in all but what is said of it. */
  token(wanted: FakeToken): Promise<string>
  /** From now on the token's status is this. Clients hold a list for 15 s: set it before they first look, or make a new one. */
  setStatus(token: string, status: 'valid' | 'ended' | 'suspended'): void
  /** How old the lists are that it hands out, in seconds. */
  setListAge(seconds: number): void
  /** Whether it answers at all. */
  setDown(isDown: boolean): void
  /** How it answers questions. Until it is told, no. */
  answer(decide: (question: Pick<Question, 'representative' | 'principal' | 'power'>) => FakeAnswer): void
  /** For whom its users may act. */
  represent(representations: readonly FakeRepresentation[]): void
  /** A new signing key; the old one is withdrawn, and access tokens with it. */
  rotateKey(): Promise<void>
  /** What the service reported so far. */
  readonly uses: readonly ReportedUse[]
  /** Paths asked for so far. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

/** Starts one. To be stopped by the test. */
export async function startFakeIssuer(): Promise<FakeIssuer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const signer = new FakeSigner(issuer, await newSigningKey())
  const key: JWK = (await newSigningKey()).privateJwk
  const client = { clientId: `test-${randomUUID().slice(0, 8)}`, key }
  const doors = new FakeDoors(issuer, signer, client)
  server.on('request', (request, response) => doors.open(request, response))

  async function stop(): Promise<void> {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return {
    issuer,
    client,
    asked: doors.asked,
    uses: doors.uses,
    token: (wanted) => signer.token(wanted),
    setStatus: (token, status) => signer.setStatus(token, status),
    setListAge: (seconds) => {
      signer.listAge = seconds
    },
    setDown: (isDown) => {
      doors.isDown = isDown
    },
    answer: (decide) => {
      doors.decide = decide
    },
    represent: (representations) => {
      doors.representations = representations
    },
    rotateKey: async () => {
      signer.key = await newSigningKey()
      doors.withdrawAccess()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
