import { expect, test } from '@jest/globals'
import { NoDatabase } from '../../dev/local-fullmakt.js'
import { whyNot } from '../../dev/why-not.js'
import { ConfigError } from '../../src/config.js'
import { CatalogueError } from '../../src/registers/catalogue-files.js'
import { StartRefused } from '../../src/start-refused.js'

test.each<[error: Error, told: string]>([
  [new NoDatabase('the disk is full'), 'The database did not start: the disk is full'],
  [new ConfigError(['PORT is missing']), 'the settings do not do:\n  PORT is missing'],
  [
    new CatalogueError('services/nav.yaml', 3, 'unknown action "look"'),
    'A file of the catalogue or of the texts cannot be used:\nservices/nav.yaml:3: unknown action "look"',
  ],
  [
    new StartRefused('catalogue version 3 was published with other content'),
    'Refused to start: catalogue version 3 was published with other content.\nOr begin anew with an empty database: delete .data',
  ],
])('%s is told in words for a newcomer', (error, told) => {
  expect(whyNot(error, '.data')).toBe(told)
})

test('what nobody expected is told whole', () => {
  const error = new TypeError('x is not a function')
  expect(whyNot(error, '.data')).toBe(`An unexpected error. ${error.stack ?? ''}`)
})
