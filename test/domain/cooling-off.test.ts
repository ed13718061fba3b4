import { describe, expect, test } from '@jest/globals'
import { coolingOffHours, heldBack } from '../../src/domain/cooling-off.js'
import { CATALOGUE } from '../support/catalogue.js'

describe('for how long something is held', () => {
  const longer = {
    id: 'longer',
    freshnessMinutes: 60,
    proof: 'asserted',
    introspect: false,
    coolingOffHours: 48,
  } as const
  const riskOf: Readonly<Record<string, string>> = { 'nav.pension': 'low', 'health.journal': 'highest', vote: 'longer' }
  const catalogue = {
    ...CATALOGUE,
    riskClasses: [...CATALOGUE.riskClasses, longer],
    services: CATALOGUE.services.map((service) => ({ ...service, riskClass: riskOf[service.id] ?? service.riskClass })),
  }
  const cases: [name: string, services: readonly string[], hours: number][] = [
    ['nothing is given', [], 0],
    ['a class that asks for none', ['nav.pension'], 0],
    ['a class that asks for a day', ['health.journal'], 24],
    ['the longest of several counts, wherever it stands', ['vote', 'health.journal', 'nav.pension'], 48],
    ['the same the other way round', ['nav.pension', 'health.journal', 'vote'], 48],
    ['a service that is not in the catalogue', ['no.such'], 0],
  ]
  test.each(cases)('%s', (_name, services, hours) => {
    expect(coolingOffHours(services, catalogue)).toBe(hours)
  })
})

describe('what is held back', () => {
  const NOW = new Date('2026-11-22T10:00:00Z')
  const TOMORROW = new Date('2026-11-23T10:00:00Z')
  const BEFORE = new Date(TOMORROW.getTime() - 1)
  const AFTER = new Date(TOMORROW.getTime() + 1)
  const LATE = new Date('2027-11-22T23:00:00Z')
  const from = (validFrom: Date, validUntil = LATE) => ({ powerId: 'power', validFrom, validUntil })

  const cases: [name: string, hours: number, powers: ReturnType<typeof from>[], state: string, starts: Date[]][] = [
    ['nothing where no time is asked for', 0, [from(NOW)], 'active', [NOW]],
    ['not even what ends at once, where no time is asked for', 0, [from(NOW, NOW)], 'active', [NOW]],
    ['what has begun, where no time is asked for', 0, [from(new Date(0))], 'active', [new Date(0)]],
    ['what takes effect now', 24, [from(NOW)], 'held', [TOMORROW]],
    ['what would take effect a millisecond too early', 24, [from(BEFORE)], 'held', [TOMORROW]],
    ['nothing where all begin at the end of that time', 24, [from(TOMORROW)], 'active', [TOMORROW]],
    ['nothing where all begin later', 24, [from(AFTER), from(TOMORROW)], 'active', [AFTER, TOMORROW]],
    [
      'all where one would begin earlier, and the others keep their beginning',
      24,
      [from(AFTER), from(NOW)],
      'held',
      [AFTER, TOMORROW],
    ],
    ['what ends a millisecond after', 24, [from(NOW, AFTER)], 'held', [TOMORROW]],
  ]
  test.each(cases)('%s', (_name, hours, powers, state, starts) => {
    const held = heldBack(powers, hours, NOW)
    expect(held.state).toBe(state)
    expect(held.powers).toEqual(powers.map((power, index) => ({ ...power, validFrom: starts[index] })))
  })

  test.each([
    ['at the very end of the time', TOMORROW],
    ['before', BEFORE],
  ])('it is refused where one of them ends %s', (_name, until) => {
    expect(() => heldBack([from(NOW), from(NOW, until)], 24, NOW)).toThrow(
      expect.objectContaining({ code: 'end_before_start', message: expect.stringContaining('24 hours') as unknown }),
    )
  })
})
