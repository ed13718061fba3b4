import { expect, test } from '@jest/globals'
import { powerInWords } from '../../src/domain/power-words.js'
import { CATALOGUE, NAV } from '../support/catalogue.js'

const name = { nb: 'Pensjon', nn: 'Pensjonen', en: 'Pension', se: 'Penšuvdna' }
const read = { nb: 'se', nn: 'sjå', en: 'see', se: 'oaidnit' }
const catalogue = {
  ...CATALOGUE,
  services: CATALOGUE.services.map((one) => (one.id === 'nav.pension' ? { ...one, name, actionTexts: { read } } : one)),
}

test('a power is told in the reader’s language, with the name of its provider', () => {
  const power = { service: 'nav.pension', action: 'read', provider: NAV, object: 'sak 7' } as const
  expect(powerInWords(power, 'nn', catalogue)).toEqual({
    ...power,
    ...{ service_name: 'Pensjonen', action_text: 'sjå', provider_name: 'NAV' },
  })
})

test('what the catalogue does not have is called by its id, or by nothing', () => {
  const unworded = { service: 'nav.pension', action: 'write', provider: '999999999', object: null } as const
  expect(powerInWords(unworded, 'se', catalogue)).toEqual({
    ...unworded,
    ...{ service_name: 'Penšuvdna', action_text: 'write', provider_name: null },
  })
  const gone = { service: 'no.such', action: 'read', provider: null, object: null } as const
  expect(powerInWords(gone, 'en', catalogue)).toEqual({
    ...gone,
    ...{ service_name: 'no.such', action_text: 'read', provider_name: null },
  })
})
