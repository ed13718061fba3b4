import { expect, test } from '@jest/globals'
import { ACR_VALUES, levelOf } from '../../src/login/assurance.js'

test.each([
  ['idporten-loa-low', 'low'],
  ['idporten-loa-substantial', 'substantial'],
  ['idporten-loa-high', 'high'],
  ['eidas-loa-substantial', 'substantial'],
  ['eidas-loa-high', 'high'],
  ['Level3', 'substantial'],
  ['Level4', 'high'],
  ['substantial', 'substantial'],
  ['high', 'high'],
])('%s is a login at level %s', (acr, level) => {
  expect(levelOf(acr)).toBe(level)
})

test.each([
  'selfregistered-email',
  'entraid',
  'evil-high',
  'idporten-loa-high ',
  'IDPORTEN-LOA-HIGH',
  'level4',
  '4',
  'toString',
  '',
  4,
  null,
  undefined,
  ['high'],
  { high: true },
])('%p is no level', (acr) => {
  expect(levelOf(acr)).toBeNull()
})

test('what a login asks for is at least the level that is wanted', () => {
  expect(ACR_VALUES.high.split(' ').map(levelOf)).toEqual(['high', 'high'])
  expect(ACR_VALUES.substantial.split(' ').map(levelOf)).toEqual(['substantial', 'substantial'])
})
