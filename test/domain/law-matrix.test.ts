import { describe, expect, test } from '@jest/globals'
import { type Decision, type Obligation, decide } from '../../src/domain/decide.js'
import { REASONS, remedyFor } from '../../src/domain/reasons.js'
import { LAW_ROWS, type LawRow } from './law-matrix.js'
import { ROWS } from './policy-matrix.js'

/** Of an answer, all but the id of the ground, which the basis tells here. */
function seen({ representationId, ...decision }: Decision): object {
  expect(representationId === null).toBe(decision.basis === null || decision.basis === 'self')
  return decision
}

function wanted([, { question, catalogue }, answer, about, validUntil, obligations]: LawRow): object {
  const basis = about === 'no one' ? null : about
  if (answer !== 'yes') {
    const remedy = remedyFor(answer, basis !== null && basis !== 'mandate')
    return { allowed: false, reason: answer, remedy, basis, obligations: obligations ?? [], validUntil }
  }
  const service = catalogue.current.services.find(({ id }) => id === question.power.service)
  const asOfService: readonly Obligation[] = [{ type: 'assurance', level: service?.assurance ?? 'high' }]
  return { allowed: true, basis, obligations: obligations ?? asOfService, validUntil }
}

describe('the matrix of the law', () => {
  test.each(LAW_ROWS.map((row) => [row[0], row] as const))('%s', (_sentence, row) => {
    const [, { question, facts, catalogue }] = row
    expect(seen(decide(question, facts, catalogue))).toEqual(wanted(row))
  })

  test('every sentence stands once', () => {
    expect(new Set(LAW_ROWS.map(([sentence]) => sentence)).size).toBe(LAW_ROWS.length)
  })

  test.each(REASONS)('%s has a row, here or in the matrix of mandates', (reason) => {
    expect([...ROWS, ...LAW_ROWS].some(([, , answer]) => answer === reason)).toBe(true)
  })

  test.each(['mandate', 'parent', 'guardian', 'lasting_power', 'organisation_role', 'self'] as const)(
    '%s has a yes and a no',
    (basis) => {
      const answers = LAW_ROWS.filter(([, , , about]) => about === basis).map(([, , answer]) => answer)
      expect(answers).toContain('yes')
      expect(answers.some((answer) => answer !== 'yes')).toBe(true)
    },
  )
})
