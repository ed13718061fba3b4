import { afterEach, describe, expect, test } from '@jest/globals'
import { type Contact, Kontaktregisteret, isRecent, noticeChannels } from '../../src/registers/kontaktregisteret.js'
import {
  IMPATIENT,
  NUMBERS,
  type RegisterServer,
  type Reply,
  TOKENS,
  faultOf,
  json,
  startRegister,
} from './register-server.js'

const { child, mother, other } = NUMBERS

let server: RegisterServer | undefined
afterEach(async () => {
  await server?.stop()
  server = undefined
})

async function kontaktregisteret(...replies: Reply[]): Promise<Kontaktregisteret> {
  const started = (server = await startRegister(...replies))
  return new Kontaktregisteret({ address: `${started.address}rest/v2`, tokens: TOKENS, patience: IMPATIENT })
}

const row = (rest: object = {}): Record<string, unknown> => ({
  personidentifikator: mother,
  reservasjon: 'NEI',
  status: 'AKTIV',
  varslingsstatus: 'KAN_VARSLES',
  kontaktinformasjon: {
    epostadresse: 'kari@example.no',
    epostadresse_oppdatert: '2025-06-29T10:14:52+02',
    epostadresse_sist_verifisert: '2026-07-31T23:19:02+02',
    mobiltelefonnummer: '+4790000000',
    mobiltelefonnummer_oppdatert: '2024-03-20T10:44:39+01',
  },
  spraak: 'nn',
  ...rest,
})

const ACTIVE: Contact = {
  status: 'active',
  reserved: false,
  notifiable: true,
  language: 'nn',
  email: {
    address: 'kari@example.no',
    updatedAt: new Date('2025-06-29T08:14:52Z'),
    verifiedAt: new Date('2026-07-31T21:19:02Z'),
  },
  mobile: { address: '+4790000000', updatedAt: new Date('2024-03-20T09:44:39Z'), verifiedAt: null },
}

describe('the client', () => {
  test('asks by POST for each once, and reads what the register says', async () => {
    const register = await kontaktregisteret(json({ personer: [row()] }))
    await expect(register.contacts([mother, mother])).resolves.toEqual(new Map([[mother, ACTIVE]]))
    expect(server?.asked[0]).toMatchObject({
      method: 'POST',
      url: '/rest/v2/personer',
      body: JSON.stringify({ personidentifikatorer: [mother] }),
    })
  })

  test('asks for 1000 at a time', async () => {
    const numbers = Array.from({ length: 1_001 }, (_, index) => String(index).padStart(11, '0'))
    const all: Reply = (asked, response) => {
      const { personidentifikatorer } = JSON.parse(asked.body) as { personidentifikatorer: string[] }
      const personer = personidentifikatorer.map((personidentifikator) => row({ personidentifikator }))
      json({ personer })(asked, response)
    }
    const register = await kontaktregisteret(all)
    expect((await register.contacts(numbers)).size).toBe(1_001)
    expect(server?.asked).toHaveLength(2)
  })

  test.each<[string, object, Partial<Contact>]>([
    ['reserved', { reservasjon: 'JA' }, { reserved: true }],
    [
      'deleted, whose addresses no longer count',
      { status: 'SLETTET' },
      { status: 'deleted', email: null, mobile: null },
    ],
    [
      'not registered',
      { status: 'IKKE_REGISTRERT', reservasjon: undefined, kontaktinformasjon: undefined, varslingsstatus: undefined },
      { status: 'not_registered', notifiable: null, email: null, mobile: null },
    ],
    ['not notifiable', { varslingsstatus: 'KAN_IKKE_VARSLES' }, { notifiable: false }],
    ['with the older spelling of the language', { spraak: undefined, sprak: 'se' }, { language: 'se' }],
    ['with a language that we do not have', { spraak: 'de' }, { language: null }],
    ['without addresses', { kontaktinformasjon: {} }, { email: null, mobile: null }],
  ])('reads one who is %s', async (_, change, expected) => {
    const register = await kontaktregisteret(json({ personer: [row(change)] }))
    expect((await register.contacts([mother])).get(mother)).toEqual({ ...ACTIVE, ...expected })
  })

  test.each<[string, unknown, string]>([
    ['someone is left out', { personer: [row()] }, 'incomplete (1 of 2 left out)'],
    ['everyone is left out', {}, 'incomplete (2 of 2 left out)'],
    ['someone nobody asked for', { personer: [row({ personidentifikator: other })] }, 'unasked'],
    ['someone twice', { personer: [row(), row()] }, 'malformed (personer[1].personidentifikator)'],
    ['an unknown status', { personer: [row({ status: 'X' })] }, 'malformed (personer[0].status)'],
    ['no status', { personer: [row({ status: null })] }, 'malformed (personer[0].status)'],
    ['an unknown reservation', { personer: [row({ reservasjon: 'KANSKJE' })] }, 'malformed (personer[0].reservasjon)'],
    ['no reservation', { personer: [row({ reservasjon: null })] }, 'malformed (personer[0].reservasjon)'],
    [
      'a date that is none',
      { personer: [row({ kontaktinformasjon: { epostadresse: 'a@b.no', epostadresse_oppdatert: 'i fjor' } })] },
      'malformed (personer[0].kontaktinformasjon.epostadresse_oppdatert)',
    ],
  ])('names a fault: %s', async (_, body, message) => {
    const register = await kontaktregisteret(json(body))
    expect((await faultOf(register.contacts([mother, child]))).message).toBe(`kontaktregisteret: ${message}`)
  })
})

describe('18 months, by the days of Oslo', () => {
  const at = (text: string): Date => new Date(text)
  test.each<[string, string | null, string | null, string, boolean]>([
    ['confirmed today', '2026-01-10T12:00:00Z', null, '2026-01-10T12:00:00Z', true],
    ['the last second', '2026-01-10T12:00:00Z', null, '2027-07-09T21:59:59Z', true],
    ['the day itself', '2026-01-10T12:00:00Z', null, '2027-07-09T22:00:00Z', false],
    ['late in the evening is the next day in Oslo', '2026-01-09T23:30:00Z', null, '2027-07-09T21:59:59Z', true],
    ['31 August + 18 months is the end of February', '2025-08-31T12:00:00Z', null, '2027-02-27T22:59:59Z', true],
    ['and not March', '2025-08-31T12:00:00Z', null, '2027-02-27T23:00:00Z', false],
    ['verified later than written', '2020-01-01T00:00:00Z', '2026-01-10T12:00:00Z', '2027-01-01T00:00:00Z', true],
    ['written later than verified', '2026-01-10T12:00:00Z', '2020-01-01T00:00:00Z', '2027-01-01T00:00:00Z', true],
    ['both too old', '2020-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['no date', null, null, '2026-01-01T00:00:00Z', false],
    ['from the future', '2026-01-03T00:00:00Z', null, '2026-01-01T00:00:00Z', false],
  ])('%s', (_, updated, verified, instant, expected) => {
    const channel = {
      address: 'x',
      updatedAt: updated === null ? null : at(updated),
      verifiedAt: verified === null ? null : at(verified),
    }
    expect(isRecent(channel, at(instant))).toBe(expected)
  })

  const now = at('2026-11-22T12:00:00Z')
  test.each<[string, Partial<Contact>, unknown]>([
    ['each channel by its own date', {}, { email: 'kari@example.no', mobile: null }],
    ['none when reserved', { reserved: true }, { email: null, mobile: null }],
    ['none when the register says no', { notifiable: false }, { email: null, mobile: null }],
    [
      'the dates decide where the register says nothing',
      { notifiable: null },
      { email: 'kari@example.no', mobile: null },
    ],
    ['none when deleted', { status: 'deleted' }, { email: null, mobile: null }],
    ['none without channels', { email: null, mobile: null }, { email: null, mobile: null }],
  ])('what a person may be notified by: %s', (_, change, expected) => {
    expect(noticeChannels({ ...ACTIVE, ...change }, now)).toEqual(expected)
  })
})
