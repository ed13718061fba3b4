import { expect, test } from '@jest/globals'
import { ESLint } from 'eslint'

test('the lint can fail: a file known to be bad is found out', async () => {
  const eslint = new ESLint({ ignore: false })
  const [result] = await eslint.lintFiles(['test/fixtures/bad.ts'])
  const rules = new Set(result?.messages.map(({ ruleId }) => ruleId))
  expect([...rules]).toEqual(
    expect.arrayContaining(['@typescript-eslint/no-floating-promises', '@typescript-eslint/no-explicit-any', 'eqeqeq']),
  )
}, 60_000)
