export default class PlainReporter {
  onRunComplete(
    contexts: unknown,
    results: { numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number },
  ): void
  getLastError(): Error | undefined
}
