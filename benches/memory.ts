const EVERY = 100

/** The most that this process held, in MiB of resident memory. */
export interface MemorySamples {
  readonly firstHalf: number
  readonly secondHalf: number
}

/** Looks at the memory of this process ten times a second until it is stopped. */
export function sampleMemory(): { stop(): MemorySamples } {
  const seen: number[] = [process.memoryUsage.rss()]
  const timer = setInterval(() => seen.push(process.memoryUsage.rss()), EVERY)
  return {
    stop() {
      clearInterval(timer)
      const half = Math.ceil(seen.length / 2)
      const most = (samples: readonly number[]): number => Math.max(...samples, 0) / 2 ** 20
      return { firstHalf: most(seen.slice(0, half)), secondHalf: most(seen.slice(half)) }
    },
  }
}
