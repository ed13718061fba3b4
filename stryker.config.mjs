/** `npm run mutation`: whether the tests notice when the law in `src/domain` says something else (`docs/mutation.md`). */
export default {
  mutate: ['src/domain/**/*.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.js' },
  coverageAnalysis: 'all',
  disableTypeChecks: false,
  ignorePatterns: ['dist', '.data*', 'client', 'reports'],
  concurrency: Number(process.env.FULLMAKT_MUTATION_WORKERS ?? 1),
  maxTestRunnerReuse: 100,
  timeoutMS: 20_000,
  timeoutFactor: 3,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  warnings: { slow: false },
  thresholds: { high: 95, low: 90, break: 90 },
}
