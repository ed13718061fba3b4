/** Something that is fetched, held for a while, and fetched once for however many wait for it. */
export interface Held<T> {
  get(): Promise<T>
  /** Holds it no longer, unless another has come in its place. */
  drop(value: T): void
}

/** What was fetched, and for how many milliseconds it may be held. */
export interface Fetched<T> {
  readonly value: T
  readonly holdFor: number
}

/** After a failure nothing is fetched for this long, and the failure is answered again. */
const FAILURE_PAUSE_MS = 1_000

export function held<T>(fetchIt: () => Promise<Fetched<T>>): Held<T> {
  let current: { readonly value: T; readonly until: number } | undefined
  let failed: { readonly error: unknown; readonly until: number } | undefined
  let underway: Promise<T> | undefined

  async function load(): Promise<T> {
    const askedAt = performance.now()
    try {
      const { value, holdFor } = await fetchIt()
      current = { value, until: askedAt + holdFor }
      return value
    } catch (error) {
      failed = { error, until: performance.now() + FAILURE_PAUSE_MS }
      throw error
    } finally {
      underway = undefined
    }
  }

  return {
    async get() {
      if (current !== undefined && performance.now() < current.until) return current.value
      if (failed !== undefined && performance.now() < failed.until) throw failed.error
      return (underway ??= load())
    },
    drop(value) {
      if (current?.value === value) current = undefined
    },
  }
}
