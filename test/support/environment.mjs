import { TestEnvironment } from 'jest-environment-node'

/**
 * Lets tests start the built service outside the context that jest makes for each test file. There every look at a global
 * is caught by jest and the whole framework is loaded anew for each file; here it runs as it does in production, and is
 * loaded once in each worker.
 */
export default class Environment extends TestEnvironment {
  async setup() {
    await super.setup()
    this.global.importBuilt = (file) => import(new URL(`../../dist/${file}`, import.meta.url).href)
  }
}
