import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import type { RefusalCode } from '../src/verify.js'
import { whosePension } from './example.js'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** Complete by its type: a new code does not compile until it stands here, and the test fails until README tells of it. */
const codes: Readonly<Record<RefusalCode, true>> = {
  format: true,
  type: true,
  algorithm: true,
  key: true,
  keys_unavailable: true,
  signature: true,
  issuer: true,
  audience: true,
  not_yet_valid: true,
  expired: true,
  lifetime: true,
  claims: true,
  proof_required: true,
  proof: true,
  actor_missing: true,
  actor_mismatch: true,
  power_not_covered: true,
  assurance: true,
  status_ended: true,
  status_suspended: true,
  status_unavailable: true,
  introspection_required: true,
}

test('the example in README is the one that is compiled here', async () => {
  const compiled = await readFile(new URL('./example.ts', import.meta.url), 'utf8')
  const shown = /```ts\n(.*?)```/s.exec(readme)?.[1]
  expect(shown?.replace("'@fullmakt/client'", "'../src/verify.js'")).toBe(compiled)
})

test('the example refuses what is no token', async () => {
  await expect(whosePension('no token', { issuer: 'https://idporten.no', subject: 'x' })).rejects.toMatchObject({
    code: 'format',
  })
})

test('README tells of every code and of no other', () => {
  const table = readme.split('\n').filter((line) => line.startsWith('| `'))
  const told = table.flatMap((line) => Array.from(line.split('|')[1]?.matchAll(/`(\w+)`/g) ?? [], ([, code]) => code))
  expect(told.toSorted()).toEqual(Object.keys(codes).toSorted())
})

test('README stays short', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(45)
})
