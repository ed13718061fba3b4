import { expect, test } from '@jest/globals'
import type { Party, PartyId } from '../../src/domain/party.js'
import { canBeTrusted } from '../../src/domain/trusted-contact.js'

const NOON = new Date('2026-11-22T11:00:00Z')
const ADULT: Party = {
  partyId: 'kari' as PartyId,
  kind: 'person',
  bornOn: '1985-11-21',
  diedOn: null,
  ceased: false,
  protectedAddress: false,
  capacityLost: [],
  residences: [],
  factsFreshAt: NOON,
}

const cases: [who: string, change: Partial<Party>, can: boolean][] = [
  ['an adult', {}, true],
  ['who turns 18 today', { bornOn: '2008-11-22' }, true],
  ['who turns 18 tomorrow', { bornOn: '2008-11-23' }, false],
  ['of whom no register has told', { bornOn: null }, false],
  ['someone dead', { diedOn: '2026-11-21' }, false],
  ['someone whose number was closed for good', { ceased: true }, false],
  ['someone with a protected address', { protectedAddress: true }, false],
  ['an organisation', { kind: 'organisation' }, false],
]
test.each(cases)('%s', (_who, change, can) => {
  expect(canBeTrusted({ ...ADULT, ...change }, NOON)).toBe(can)
})
