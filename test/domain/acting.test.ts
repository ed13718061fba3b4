import { expect, test } from '@jest/globals'
import { type Actor, type PartyId, forOneself, organisationOf } from '../../src/domain/party.js'

const login = { level: 'high', authenticatedAt: null, proof: 'login_token' } as const
const actor: Actor = { partyId: 'kari' as PartyId, login }

test('for oneself there is no organisation', () => {
  expect(forOneself(actor)).toEqual({ actor, party: 'kari' })
  expect(organisationOf(forOneself(actor))).toBeNull()
})

test('for an organisation it is the organisation', () => {
  expect(organisationOf({ actor, party: 'hansen-as' as PartyId })).toBe('hansen-as')
})
