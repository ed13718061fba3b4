/** What tests import of `@jest/globals`: the runner's, with a limit to the time of each test and hook. */
export const { describe, expect, jest } = globalThis

/** Milliseconds, where a test or hook says no other. */
const LIMIT = 60_000

function within(limit, work) {
  return async (...given) => {
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${limit} ms`)), limit)
    })
    try {
      return await Promise.race([work(...given), late])
    } finally {
      clearTimeout(timer)
    }
  }
}

const limited =
  (register) =>
  (name, work, limit = LIMIT) =>
    register(name, within(limit, work))
const hook =
  (register) =>
  (work, limit = LIMIT) =>
    register(within(limit, work))

export const test = Object.assign(limited(globalThis.test), {
  each: (...table) => limited(globalThis.test.each(...table)),
  skip: globalThis.test.skip,
})
export const beforeAll = hook(globalThis.beforeAll)
export const beforeEach = hook(globalThis.beforeEach)
export const afterAll = hook(globalThis.afterAll)
export const afterEach = hook(globalThis.afterEach)
