import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { pageOf } from '../../src/decisions/search-page.js'
import type { Decision } from '../../src/domain/decide.js'

const YES: Decision = {
  allowed: true,
  basis: 'self',
  representationId: null,
  obligations: [],
  validUntil: null,
}
const NO: Decision = { ...YES, allowed: false, reason: 'frozen', remedy: null, basis: 'mandate' }

/** Walks through all pages as a store would, which gathers `atOnce` candidates after a key. */
function walk(answers: readonly boolean[], limit: number, atOnce: number): { yes: string[][]; looked: string[] } {
  const all = answers.map((allowed, place) => ({ key: String(place).padStart(4, '0'), decision: allowed ? YES : NO }))
  const yes: string[][] = []
  const looked: string[] = []
  let after: string | null = null
  do {
    const rest = all.filter(({ key }) => after === null || key > after)
    const page = pageOf(rest.slice(0, atOnce), limit, rest.length <= atOnce)
    yes.push(page.yes.map(({ key }) => key))
    looked.push(...page.looked.map(({ key }) => key))
    after = page.after
  } while (after !== null)
  return { yes, looked }
}

test('pages hold each yes once and in order, look at each candidate once, and are full but for the last', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (answers, limit) => {
      const { yes, looked } = walk(answers, limit, 1000)
      const wanted = answers.flatMap((allowed, place) => (allowed ? [String(place).padStart(4, '0')] : []))
      expect(yes.flat()).toEqual(wanted)
      expect(looked).toEqual(answers.map((_, place) => String(place).padStart(4, '0')))
      expect(yes.slice(0, -1).every((page) => page.length === limit)).toBe(true)
      expect(yes.length).toBe(Math.max(1, Math.ceil(wanted.length / limit)))
    }),
  )
})

test('the same when the candidates are gathered a few at a time, but that a page may be shorter', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (answers, limit, atOnce) => {
        const { yes, looked } = walk(answers, limit, atOnce)
        expect(yes.flat()).toEqual(
          answers.flatMap((allowed, place) => (allowed ? [String(place).padStart(4, '0')] : [])),
        )
        expect(looked).toEqual(answers.map((_, place) => String(place).padStart(4, '0')))
        expect(yes.every((page) => page.length <= limit)).toBe(true)
      },
    ),
  )
})
