import { TestEnvironment } from 'jest-environment-node'

/** Within a file too nothing runs after a test that failed. */
export default class Environment extends TestEnvironment {
  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.hasFailed = true
    if (name === 'test_start' && this.hasFailed) test.mode = 'skip'
  }
}
