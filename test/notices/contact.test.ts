import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Actor } from '../../src/domain/party.js'
import { ContactDetails } from '../../src/notices/contact.js'
import type { Contact, ContactChannel } from '../../src/registers/kontaktregisteret.js'
import { RegisterFault } from '../../src/registers/register-fault.js'
import { ensureParty } from '../../src/store/party-store.js'
import { numberAt } from '../../standins/country-numbers.js'
import { furnish } from '../store/given.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

const NUMBER = numberAt({ day: 11_000, rank: 0 }, 'birth_number')
let stage: TestDatabase
let actor: Actor
beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  const partyId = await ensureParty(stage.database, { scheme: 'fnr', value: NUMBER })
  actor = { partyId } as Actor
})
afterAll(() => stage.drop())

const channel = (address: string, daysOld = 1): ContactChannel => ({
  address,
  updatedAt: new Date(Date.now() - daysOld * 86_400_000),
  verifiedAt: null,
})
const CONTACT: Contact = {
  status: 'active',
  reserved: false,
  notifiable: true,
  language: 'nn',
  email: channel('kari.nordmann@epost.example.no'),
  mobile: channel('+4790012345'),
}

const detailsFrom = (answer: () => Promise<ReadonlyMap<string, Contact>>): ContactDetails =>
  new ContactDetails(stage.database, { contacts: answer })
const details = (contact: Contact): Promise<unknown> =>
  detailsFrom(() => Promise.resolve(new Map([[NUMBER, contact]]))).of(actor)

test('what the register says is shown masked', async () => {
  const shown = await details(CONTACT)
  expect(shown).toEqual({
    status: 'active',
    reserved: false,
    language: 'nn',
    email: { masked: 'k***@e***.no', used_for_notices: true },
    mobile: { masked: '*** ** *45', used_for_notices: true },
    settings: { first_use: 'each' },
  })
  expect(JSON.stringify(shown)).not.toMatch(/kari|nordmann|example|900|123/)
})

test.each<[string, Partial<Contact>, email: unknown, mobile: unknown]>([
  ['too old an address', { email: channel('kari@example.no', 600) }, false, true],
  ['reserved', { reserved: true }, false, false],
  ['not to be notified', { notifiable: false }, false, false],
])('%s: it is told that it is not used', async (_name, change, email, mobile) => {
  expect(await details({ ...CONTACT, ...change })).toMatchObject({
    email: { used_for_notices: email },
    mobile: { used_for_notices: mobile },
  })
})

test('an address that is no address is masked all the same', async () => {
  expect(await details({ ...CONTACT, email: channel('kari'), mobile: null })).toMatchObject({
    email: { masked: 'k***@***' },
    mobile: null,
  })
})

test('a register that is down is a named refusal, and what is no fault of it goes on as it is', async () => {
  const down = detailsFrom(() => Promise.reject(new RegisterFault('kontaktregisteret', 'timeout')))
  await expect(down.of(actor)).rejects.toMatchObject({ code: 'contact_register_down' })
  const broken = detailsFrom(() => Promise.reject(new TypeError('ours')))
  await expect(broken.of(actor)).rejects.toThrow(TypeError)
})

test('someone without a number is not asked about', async () => {
  const partyId = await ensureParty(stage.database, { scheme: 'eidas', value: 'SE/NO/contact' })
  const never = detailsFrom(() => Promise.reject(new Error('asked')))
  expect(await never.of({ ...actor, partyId })).toMatchObject({ status: 'not_asked', email: null })
})
