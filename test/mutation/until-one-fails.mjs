import TestRunner from 'jest-runner'

/** The file that found out the mutant before: the next one stands beside it, and is often found out by the same. */
let lastToFail = ''

/** Stops after a file that fails, for a mutant dies only once. The last to fail goes first, then the quickest. */
export default class UntilOneFails extends TestRunner {
  runTests(tests, watcher, options) {
    this.on('test-file-success', ([{ path }, { numFailingTests, testExecError }]) => {
      if (numFailingTests === 0 && !testExecError) return
      lastToFail = path
      watcher.setState({ interrupted: true })
    })
    const inOrder = tests.toSorted((one, other) => costOf(one) - costOf(other))
    return super.runTests(inOrder, watcher, options)
  }
}

function costOf({ path, duration }) {
  return path === lastToFail ? -1 : (duration ?? 0)
}
