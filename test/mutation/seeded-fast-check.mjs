import fc from '../../node_modules/fast-check/lib/fast-check.js'

/** The same random cases for every mutant, and no time spent on making a failing one smaller. */
fc.configureGlobal({ seed: 20_261_122, endOnFailure: true })

export * from '../../node_modules/fast-check/lib/fast-check.js'
export default fc
