import path from 'node:path'
import { COMPILER } from '../support/compiler.mjs'

/**
 * The tests of the law as `npm run mutation` runs them: without database, and with the same cases each time. What searches
 * random worlds, alone or beside the same rules in Cedar, is left to `npm test`: a change must be noticed by a case that
 * someone has written, and 1 000 worlds for each change would take hours. Stryker looks into the context that jest makes
 * for each file, so these run with jest's own runner.
 */
export default {
  rootDir: '../..',
  testRegex: '\\.test\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', COMPILER] },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/test/mutation/seeded-fast-check.mjs',
  },
  roots: ['<rootDir>/test/domain'],
  testPathIgnorePatterns: ['/test/domain/cedar/', '-properties\\.test\\.ts$'],
  testEnvironment: path.join(import.meta.dirname, 'environment.mjs'),
  runner: path.join(import.meta.dirname, 'until-one-fails.mjs'),
}
