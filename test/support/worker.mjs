import fc from 'fast-check'

/** Whatever a test has left open goes when the run does, however it went. */
process.on('disconnect', () => process.exit())

/**
 * Random cases are the same in each run, so that a fault that is found is found again; FULLMAKT_SEED draws others. With
 * each fault fast-check prints the seed and the path that lead to it.
 */
fc.configureGlobal({ seed: Number(process.env.FULLMAKT_SEED ?? 20_261_122) })
