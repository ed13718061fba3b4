import { expect, test } from '@jest/globals'
import { isCalled } from '../../src/domain/person-name.js'

const cases: [what: string, name: string, familyName: string | null, written: string, isSo: boolean][] = [
  ['as it is registered', 'Kari Aas Hansen', 'Aas Hansen', 'Aas Hansen', true],
  ['in capitals', 'Kari Ødegård', 'Ødegård', 'ØDEGÅRD', true],
  ['an accent as a character of its own', 'Kari Andre\u0301', 'Andre\u0301', 'André', true],
  ['a hyphen for a space', 'Kari Aas-Hansen', 'Aas-Hansen', 'aas hansen', true],
  ['spaces more', 'Kari Aas Hansen', 'Aas Hansen', ' Aas   Hansen ', true],
  ['with the given name', 'Kari Aas Hansen', 'Aas Hansen', 'Kari Aas Hansen', true],
  ['with one given name of several', 'Anne-Kari Marie Aas', 'Aas', 'marie aas', true],
  ['with another given name', 'Kari Aas', 'Aas', 'Mari Aas', false],
  ['with a part of the given name', 'Kari Aas', 'Aas', 'Kar Aas', false],
  ['with something behind it', 'Kari Aas', 'Aas', 'Aas Kari', false],
  ['the given name alone', 'Kari Aas', 'Aas', 'Kari', false],
  ['without the accent', 'Kari André', 'André', 'Andre', false],
  ['a part of it', 'Kari Aas Hansen', 'Aas Hansen', 'Hansen', false],
  ['written in one', 'Kari Aas Hansen', 'Aas Hansen', 'AasHansen', false],
  ['ss for ß', 'Kari Strauß', 'Strauß', 'STRAUSS', false],
  ['nothing written', 'Kari Aas', 'Aas', '', false],
  ['none is registered', '', null, '', false],
  ['an empty one is registered', 'Kari', '', '', false],
  ['none is registered, and a name is written', 'Kari', null, 'Kari', false],
]
test.each(cases)('%s', (_what, name, familyName, written, isSo) => {
  expect(isCalled({ name, familyName }, written)).toBe(isSo)
})
