import { describe, expect, test } from '@jest/globals'
import { holdsIdentityNumber } from '../../src/domain/identifier.js'
import { type ReportedUse, type UseFault, type UsedToken, faultOf } from '../../src/domain/reported-use.js'

const ISSUED = new Date('2026-03-03T12:00:00Z')
const OSLO = '958935420'
const READ = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
const AT_OSLO = { service: 'muni.school', action: 'write', provider: OSLO, object: 'klasse-4b' } as const
const TOKEN: UsedToken = { powers: [READ, AT_OSLO], issuedAt: ISSUED, expiresAt: after(300) }

const USE: ReportedUse = {
  useId: '01890000-0000-7000-8000-000000000001',
  evaluationId: '01890000-0000-7000-8000-000000000002',
  power: READ,
  outcome: 'done',
  reference: 'sak 2026/1234',
  happenedAt: after(60),
}

function after(seconds: number): Date {
  return new Date(ISSUED.getTime() + seconds * 1000)
}

const SYNTHETIC = '28816196088'
/** The giver’s words, not the service’s, though another power names no object. */
const NAMED: UsedToken = { ...TOKEN, powers: [READ, { ...READ, object: SYNTHETIC }] }
const DAY = 86_400

describe('a report', () => {
  const rows: readonly (readonly [name: string, change: Partial<ReportedUse>, at: number, fault: UseFault | null])[] = [
    ['of what the token gives', {}, 60, null],
    ['that failed', { outcome: 'failed' }, 60, null],
    ['without a reference', { reference: null }, 60, null],
    ['as the clock of the service is 30 s slow', { happenedAt: after(-30) }, 60, null],
    ['of what was before the token', { happenedAt: after(-30.001) }, 60, 'used_before_token'],
    ['as the clock of the service is 30 s fast', { happenedAt: after(90) }, 60, null],
    ['of what is to come', { happenedAt: after(90.001) }, 60, 'used_in_the_future'],
    ['of what was done after the token had run out', { happenedAt: after(4000) }, 5000, null],
    ['that comes seven days after the end', {}, 300 + 7 * DAY, null],
    ['that comes later', {}, 300.001 + 7 * DAY, 'reported_too_late'],
    ['of another action', { power: { ...READ, action: 'write' } }, 60, 'power_not_in_token'],
    ['of another service', { power: { ...READ, service: 'nav.family' } }, 60, 'power_not_in_token'],
    ['at any provider, where the token names none', { power: { ...READ, provider: OSLO } }, 60, null],
    ['for any object, where the token names none', { power: { ...READ, object: 'sak-17' } }, 60, null],
    ['at the provider and for the object that it names', { power: AT_OSLO }, 60, null],
    ['at another provider', { power: { ...AT_OSLO, provider: '889640782' } }, 60, 'power_not_in_token'],
    ['at none, where it names one', { power: { ...AT_OSLO, provider: null } }, 60, 'power_not_in_token'],
    ['for another object', { power: { ...AT_OSLO, object: 'klasse-4c' } }, 60, 'power_not_in_token'],
    ['for none, where it names one', { power: { ...AT_OSLO, object: null } }, 60, 'power_not_in_token'],
    ['whose reference is a number', { reference: SYNTHETIC }, 60, 'reference_not_allowed'],
    ['whose reference has one in it', { reference: `søknad fra ${SYNTHETIC}` }, 60, 'reference_not_allowed'],
    ['whose object has one in it', { power: { ...READ, object: SYNTHETIC } }, 60, 'reference_not_allowed'],
    ['whose reference is longer than 100', { reference: 'x'.repeat(101) }, 60, 'reference_not_allowed'],
    ['whose reference is 100', { reference: 'ø'.repeat(100) }, 60, null],
    ['whose reference has two lines', { reference: 'sak\n17' }, 60, 'reference_not_allowed'],
    ['whose reference turns its direction', { reference: 'sak \u202e71' }, 60, 'reference_not_allowed'],
    ['whose reference is half a character', { reference: 'sak \ud800' }, 60, 'reference_not_allowed'],
    ['whose reference is nothing', { reference: '' }, 60, 'reference_not_allowed'],
  ]
  test.each(rows)('%s', (_name, change, at, fault) => {
    expect(faultOf({ ...USE, ...change }, TOKEN, after(at))).toBe(fault)
  })

  test('of no token that we know', () => {
    expect(faultOf(USE, null, after(60))).toBe('no_such_token')
  })

  test('may name an object as the token does', () => {
    const use = { ...USE, power: { ...READ, object: SYNTHETIC } }
    expect(faultOf(use, NAMED, after(60))).toBeNull()
    expect(faultOf({ ...use, reference: SYNTHETIC }, NAMED, after(60))).toBe('reference_not_allowed')
  })
})

describe('an identity number in a text', () => {
  test.each([
    SYNTHETIC,
    '288161 96088',
    '28.81.61-96088',
    `nr${SYNTHETIC}`,
    `1${SYNTHETIC}`,
    `${SYNTHETIC}/2`,
    '２８８１６１９６０８８',
    // A D-number of the synthetic series.
    '47906701517',
    '47906701517 01890000-0000-7000-8000-000000000000',
    '01890000-0000-7000-8000-000000000000 47906701517',
  ])('%s', (text) => {
    expect(holdsIdentityNumber(text)).toBe(true)
  })

  test.each([
    '',
    '2026/1234',
    '20261122101530',
    '28816196089',
    '889640782',
    '2881619608',
    '28816196088'.split('').join(' og '),
    '01890000-0000-7000-8000-000000000000',
    '28816196-0880-4000-8000-000000000000',
  ])('none: %s', (text) => {
    expect(holdsIdentityNumber(text)).toBe(false)
  })
})
