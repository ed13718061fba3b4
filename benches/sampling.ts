/** The middle one of these figures, or the mean of the middle two. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const [upper, lower] = [sorted[Math.floor(sorted.length / 2)], sorted[Math.ceil(sorted.length / 2) - 1]]
  if (upper === undefined || lower === undefined) throw new Error('there is no middle of nothing')
  return (upper + lower) / 2
}

/** The median of the ratios of figures that were taken one after the other. */
export function medianRatio(figures: readonly number[], to: readonly number[]): number {
  return median(figures.map((figure, round) => figure / (to[round] ?? Number.NaN)))
}

/** The figure below which this share (0 to 1) of them lies. */
export function percentile(figures: Float64Array, share: number): number {
  return figures.toSorted()[Math.min(figures.length - 1, Math.floor(figures.length * share))] ?? Number.NaN
}

/**
 * Runs the variants in turn, so many rounds, each round in the opposite order of the one before: whatever else the
 * machine does, it does to all of them. A first round is thrown away.
 */
export async function alternate<Name extends string, Figure>(
  rounds: number,
  variants: Readonly<Record<Name, () => Figure | Promise<Figure>>>,
): Promise<Readonly<Record<Name, readonly Figure[]>>> {
  const names = Object.keys(variants) as Name[]
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Figure[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const figure = await variants[name]()
      if (round > 0) figures[name].push(figure)
    }
  }
  return figures
}

const CALLS_BETWEEN_LOOKS = 64

/** How often a second this can be done, measured for so many seconds. */
export function callsPerSecond(seconds: number, call: () => unknown): number {
  const began = performance.now()
  let calls = 0
  while (performance.now() - began < seconds * 1000) {
    for (let i = 0; i < CALLS_BETWEEN_LOOKS; i++) call()
    calls += CALLS_BETWEEN_LOOKS
  }
  return (calls * 1000) / (performance.now() - began)
}

/** The same for what is waited for, with so many under way at any time. `call` is given a number that grows by one. */
export async function awaitedPerSecond(
  seconds: number,
  underway: number,
  call: (turn: number) => Promise<unknown>,
): Promise<number> {
  const began = performance.now()
  let turn = 0
  let finished = 0
  const worker = async (): Promise<void> => {
    while (performance.now() - began < seconds * 1000) {
      await call(turn++)
      finished++
    }
  }
  await Promise.all(Array.from({ length: underway }, worker))
  return (finished * 1000) / (performance.now() - began)
}
