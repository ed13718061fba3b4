import { expect, test } from '@jest/globals'
import { sameName } from '../../src/domain/person-name.js'

const cases: [name: string, registered: string | null, written: string, same: boolean][] = [
  ['as it is registered', 'Aas Hansen', 'Aas Hansen', true],
  ['in capitals', 'Ødegård', 'ØDEGÅRD', true],
  ['an accent as a character of its own', 'Andre\u0301', 'André', true],
  ['a hyphen for a space', 'Aas-Hansen', 'aas hansen', true],
  ['a space more', 'Aas Hansen', ' Aas   Hansen ', true],
  ['without the accent', 'André', 'Andre', false],
  ['a part of it', 'Aas Hansen', 'Hansen', false],
  ['written in one', 'Aas Hansen', 'AasHansen', false],
  ['ss for ß', 'Strauß', 'STRAUSS', false],
  ['none is registered', null, '', false],
]
test.each(cases)('%s', (_name, registered, written, same) => {
  expect(sameName(registered, written)).toBe(same)
})
