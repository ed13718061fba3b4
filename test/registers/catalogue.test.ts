import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Action, CatalogueVersion, Service } from '../../src/domain/catalogue.js'
import { hasValidCheckDigit } from '../../src/domain/identifier.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'

let catalogue: CatalogueVersion
beforeAll(async () => {
  catalogue = await readCatalogueFiles(path.resolve('catalogue'))
})

type Row = readonly [id: string, can: string, level: 3 | 4, sensitivity: number, giver: number | null, parent: string]

/** R read, C communicate, W write, S sign, P receive, X consent; `18 WS`: until 18, both parents for write and sign. */
const SERVICES: readonly Row[] = [
  ['tax.return', 'RWS', 4, 3, 18, '18 WS'],
  ['tax.card', 'RW', 3, 2, 15, '15'],
  ['tax.collection', 'RCW', 4, 3, 18, '18'],
  ['freg.postal-address', 'W', 4, 2, 18, '18'],
  ['freg.move', 'W', 4, 3, null, '18 W'],
  ['nav.pension', 'RCW', 4, 3, 18, '18'],
  ['nav.work-sickness', 'RCW', 4, 4, 18, '-'],
  ['nav.family', 'RCWP', 4, 3, 18, '18'],
  ['nav.assistive-tech', 'RCW', 4, 4, 18, '16'],
  ['nav.social-services', 'RCWP', 4, 4, 18, '18'],
  ['health.gp-choice', 'RW', 4, 2, 16, '16'],
  ['health.appointments', 'RCW', 4, 4, 16, '12'],
  ['health.prescriptions', 'RW', 4, 4, 16, '12'],
  ['health.record', 'R', 4, 4, 16, '12'],
  ['health.vaccines', 'R', 4, 3, 16, '16'],
  ['health.consents', 'X', 4, 4, null, '16 X'],
  ['health.refund', 'RWP', 4, 3, 16, '16'],
  ['health.travel-refund', 'RWP', 3, 3, 16, '16'],
  ['muni.care', 'RCW', 4, 4, 18, '16'],
  ['muni.school', 'RCW', 3, 3, 15, '18'],
  ['muni.kindergarten-sfo', 'RCWP', 3, 2, 18, '18'],
  ['muni.building', 'RWS', 4, 2, 18, '18 W'],
  ['housing.benefit', 'RW', 3, 3, 18, '-'],
  ['transport.vehicle', 'RWS', 4, 2, 18, '18 WS'],
  ['land.registry', 'RWS', 4, 4, 18, '18 W'],
  ['justice.criminal-case', 'RC', 4, 4, 18, '18'],
]

const LETTER: Readonly<Record<Action, string>> = {
  read: 'R',
  communicate: 'C',
  write: 'W',
  sign: 'S',
  receive: 'P',
  consent: 'X',
}
const letters = (actions: readonly Action[]): string => actions.map((action) => LETTER[action]).join('')

function rowOf({ id, actions, assurance, sensitivity, mandate, parent }: Service): Row {
  const both = parent === null ? '-' : `${String(parent.untilAge)} ${letters(parent.bothParents)}`.trim()
  return [id, letters(actions), assurance === 'high' ? 4 : 3, sensitivity, mandate?.principalFromAge ?? null, both]
}

describe('the services', () => {
  test('are the twenty-six', () => {
    const byId = (a: Row, b: Row): number => (a[0] < b[0] ? -1 : 1)
    expect(catalogue.services.map(rowOf).sort(byId)).toEqual([...SERVICES].sort(byId))
    expect(catalogue.version).toBe(1)
  })

  test('ask for more the more harm a wrong answer does', () => {
    const classes = new Map(catalogue.riskClasses.map((riskClass) => [riskClass.id, riskClass]))
    const proofs = catalogue.services.map(({ id, sensitivity, riskClass }) => [
      id,
      sensitivity,
      classes.get(riskClass)?.proof,
    ])
    expect(proofs).toEqual(
      catalogue.services.map(({ id, sensitivity }) => [
        id,
        sensitivity,
        sensitivity === 4 ? 'login_token' : 'asserted',
      ]),
    )
    expect(catalogue.riskClasses.filter(({ introspect }) => introspect).map(({ id }) => id)).toEqual(['highest'])
    const bounds = catalogue.riskClasses.map(({ freshnessMinutes }) => freshnessMinutes)
    expect(bounds).toEqual([...bounds].sort((a, b) => b - a))
  })

  test('of sensitivity 4 are never read on stale facts', () => {
    const stale = catalogue.services.filter(({ readOnStaleFacts }) => readOnStaleFacts)
    expect(stale.map(({ sensitivity }) => sensitivity)).not.toContain(4)
    expect(stale.every(({ actions }) => actions.includes('read'))).toBe(true)
  })

  test('name only organisations that are listed, each with a valid number', () => {
    const known = catalogue.organisations.map(({ orgnr }) => orgnr)
    expect(known.filter((orgnr) => !hasValidCheckDigit(orgnr))).toEqual([])
    const named = catalogue.services.flatMap(({ owner, providers }) => [owner, ...providers])
    expect([...new Set(named)].sort()).toEqual([...known].sort())
  })

  test('are offered by the owner alone or by several', () => {
    for (const { offeredBy, owner, providers } of catalogue.services) {
      if (offeredBy === 'owner') expect(providers).toEqual([owner])
      else expect(providers.length).toBeGreaterThan(1)
    }
    const listed = catalogue.services.filter(({ offeredBy }) => offeredBy === 'listed').map(({ id }) => id)
    expect(listed.filter((id) => !id.startsWith('muni.'))).toEqual(['justice.criminal-case', 'nav.social-services'])
  })
})

describe('mandates', () => {
  test('must be accepted where health, children or crime, or a signature, is at stake', () => {
    for (const { sensitivity, mandate } of catalogue.services) {
      if (mandate !== null) expect(mandate.acceptance).toBe(sensitivity === 4 || mandate.actions.includes('sign'))
    }
  })

  test('never give consent, never go to a minor, last three years at most', () => {
    for (const { mandate } of catalogue.services) {
      expect(mandate?.actions ?? []).not.toContain('consent')
      expect(mandate?.representativeFromAge ?? 18).toBe(18)
      expect(mandate?.maximumMonths ?? 1).toBeLessThanOrEqual(36)
    }
  })

  test('in a criminal case are short and never passed on', () => {
    const found = catalogue.services.find(({ id }) => id === 'justice.criminal-case')
    expect(found?.mandate).toMatchObject({ passingOn: false, defaultMonths: 6, maximumMonths: 12 })
  })

  test('never offer what the law keeps personal', () => {
    for (const rule of catalogue.personalByLaw.filter(({ bases }) => bases.includes('mandate'))) {
      const offered = catalogue.services.filter(({ id }) => rule.services.includes(id)).map(({ mandate }) => mandate)
      expect(
        offered.flatMap((mandate) => mandate?.actions ?? []).filter((action) => rule.actions.includes(action)),
      ).toEqual([])
    }
  })
})

describe('guardians', () => {
  test('can have forty-two tasks, twelve of them with consent for the act, and eight that have expired', async () => {
    const file = await readFile('catalogue/guardian-tasks.yaml', 'utf8')
    const count = (pattern: RegExp): number => file.match(pattern)?.length ?? 0
    expect([count(/^- \{ task: /gm), count(/consent_for_act: true/g), count(/, expired: true/g)]).toEqual([50, 12, 8])
  })

  test('have the tasks of the population register', () => {
    const tasks = catalogue.services.map(({ id, guardians }) => [
      id,
      guardians.map(({ business, task }) => `${business}/${task}`),
    ])
    expect(Object.fromEntries(tasks)).toMatchObject({
      'tax.return': ['skatteetaten/skatt'],
      'freg.move': ['skatteetaten/meldeFlytting'],
      'nav.pension': ['nav/pensjon'],
      'nav.social-services': ['nav/sosialeTjenester', 'kommune/sosialeTjenester'],
      'health.record': [],
      'health.consents': [],
      'muni.school': ['kommune/skoleOgUtdanning'],
      'justice.criminal-case': [],
    })
  })

  test('need consent for the act in real property and in sales of value only', () => {
    const guarded = catalogue.services.filter(({ guardians }) => guardians.some(({ consentForAct }) => consentForAct))
    expect(guarded.map(({ id }) => id).sort()).toEqual(['land.registry', 'muni.building', 'transport.vehicle'])
    expect(guarded.flatMap(({ guardians }) => guardians).every(({ consentForAct }) => consentForAct)).toBe(true)
    expect(guarded.find(({ id }) => id === 'land.registry')?.guardians).toHaveLength(7)
  })
})

test('what the law keeps personal', () => {
  expect(catalogue.personalByLaw.map(({ id }) => id)).toEqual([
    'vote',
    'marriage',
    'paternity',
    'will',
    'organ-donation',
    'coercion',
    'health-consents',
    'eid',
  ])
  const consents = catalogue.personalByLaw.find(({ id }) => id === 'health-consents')
  expect(consents).toMatchObject({ services: ['health.consents'], actions: ['consent'] })
  expect(consents?.bases).not.toContain('parent')
})

test('the catalogue is frozen through and through', () => {
  const thawed: string[] = []
  const visit = (value: unknown, where: string): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Object.isFrozen(value)) thawed.push(where)
    for (const [key, inner] of Object.entries(value)) visit(inner, `${where}.${key}`)
  }
  visit(catalogue, 'catalogue')
  expect(thawed).toEqual([])
  expect(() => Object.assign(catalogue.services[0]?.name ?? {}, { nb: 'x' })).toThrow(TypeError)
})
