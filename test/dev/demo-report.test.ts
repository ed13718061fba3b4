import { expect, test } from '@jest/globals'
import { WrongOutcome, startReport } from '../../dev/demo-report.js'

test('the report marks what came otherwise, in colour on a terminal, and masks what must not be shown', async () => {
  const lines: string[] = []
  const report = startReport({ write: (line) => lines.push(line), width: 44, coloured: true })
  const sent = { id: '47906701517' }
  const got = { decision: false, token: 'a'.repeat(41), text_hash: 'b'.repeat(43) }
  const exchanged = { request: 'POST /x', sent, answer: '200', got }
  await report.step('One asks.', 'No.', ({ wire }) => wire(exchanged, { decision: false }))
  const wrong = report.step('Another asks.', 'Yes.', ({ wire }) => wire(exchanged, { answer: '200', decision: true }))
  await expect(wrong).rejects.toThrow(WrongOutcome)
  const broken = report.step('No one answers.', 'Yes.', () => Promise.reject(new TypeError('fetch failed')))
  await expect(broken).rejects.toThrow(WrongOutcome)
  expect(report.right()).toBe(1)
  const told = [
    '\u001b[2m    > POST /x  id: 479067*****\u001b[0m',
    '    < 200  decision: false, token:',
    '      aaaaaaaaaaaaaaaa…, text_hash:',
    `      ${'b'.repeat(43)}`,
  ]
  expect(lines).toEqual([
    '',
    '\u001b[1m 1. One asks.\u001b[0m',
    ...told,
    '\u001b[32m    ✓ No.\u001b[0m',
    '',
    '\u001b[1m 2. Another asks.\u001b[0m',
    ...told,
    '\u001b[31m    ✗ expected decision: true, came false\u001b[0m',
    '',
    '\u001b[1m 3. No one answers.\u001b[0m',
    '\u001b[31m    ✗ TypeError: fetch failed\u001b[0m',
  ])
})
