/**
 * Tests run the same ES modules that production runs. Each of the workers is one plain process that takes one test file
 * after the other (`docs/decisions/0001-es-modules-and-native-jest.md`); `test/support/build.mjs` has compiled them.
 */
export default {
  runner: 'jest-light-runner/child-process',
  roots: ['<rootDir>/dist-test/test', '<rootDir>/dist-test/client/test'],
  testRegex: '\\.test\\.js$',
  transform: {},
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  setupFiles: ['<rootDir>/test/support/worker.mjs'],
  reporters: ['default', '<rootDir>/test/support/plain-reporter.js'],
}
