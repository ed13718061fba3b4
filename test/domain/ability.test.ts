import { describe, expect, test } from '@jest/globals'
import { weigh } from '../../src/domain/ability.js'
import type { Action, Basis } from '../../src/domain/catalogue.js'
import { CATALOGUE } from '../support/catalogue.js'
import { M1 } from './situation.js'

const power = (service: string, action: Action) => ({ service, action })
const SEE = power('nav.pension', 'read')

describe('what was given, weighed against what the law keeps personal', () => {
  test.each([
    ['nothing', 'mandate', [], SEE, 'not_given'],
    ['the power itself', 'mandate', [SEE], SEE, 'given'],
    ['the power among others', 'mandate', [power('muni.school', 'read'), SEE], SEE, 'given'],
    ['another action', 'mandate', [power('nav.pension', 'write')], SEE, 'not_given'],
    ['another service', 'mandate', [power('muni.school', 'read')], SEE, 'not_given'],
    ['a service whose name a library reads as every service', 'mandate', [power('all', 'read')], SEE, 'not_given'],
    [
      'an action that a library reads as every action',
      'mandate',
      [power('nav.pension', 'manage' as Action)],
      SEE,
      'not_given',
    ],
    ['what is personal', 'mandate', [power('vote', 'read')], power('vote', 'read'), 'personal'],
    ['nothing of what is personal', 'mandate', [], power('vote', 'read'), 'personal'],
    ['what is personal for another basis', 'mandate', [SEE], SEE, 'given'],
    ['that, to the other basis', 'estate', [SEE], SEE, 'personal'],
    [
      'another action than the personal one',
      'guardian',
      [power('health.journal', 'read')],
      power('health.journal', 'read'),
      'given',
    ],
  ] as const satisfies readonly (readonly [string, Basis, readonly object[], object, string])[])(
    '%s',
    (_given, basis, given, asked, answer) => {
      expect(weigh({ basis, representationId: M1 }, given, asked, CATALOGUE)).toBe(answer)
    },
  )
})
