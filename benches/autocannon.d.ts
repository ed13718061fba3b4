/** What the benches use of autocannon, which comes without types. */
declare module 'autocannon' {
  interface Request {
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }

  interface Client {
    setRequests(requests: readonly Request[]): void
  }

  interface Options {
    readonly url: string
    readonly connections: number
    /** Seconds. Not heeded where `amount` is given. */
    readonly duration?: number
    readonly amount?: number
    readonly requests: readonly Request[]
    readonly setupClient: (client: Client) => void
  }

  interface Result {
    /** Seconds. */
    readonly duration: number
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
    readonly '2xx': number
  }

  interface Run extends Promise<Result> {
    on(event: 'response', seen: (client: Client, status: number, bytes: number, milliseconds: number) => void): void
  }

  export default function autocannon(options: Options): Run
}
