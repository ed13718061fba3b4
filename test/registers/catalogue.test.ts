import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Action, BASES, type CatalogueVersion, type ParentRule, type Service } from '../../src/domain/catalogue.js'
import { hasValidCheckDigit } from '../../src/domain/identifier.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'

let catalogue: CatalogueVersion
beforeAll(async () => {
  catalogue = await readCatalogueFiles(path.resolve('catalogue'))
})

type Row = readonly [id: string, can: string, level: 3 | 4, sensitivity: number, giver: number | null, parent: string]

/**
 * R read, C communicate, W write, S sign, P receive, X consent. `18 2p WS +S`: a parent until 18, both for write and sign,
 * consent of the Statsforvalter for signing; `16 (12 R) h`: until 16, from 12 to read only, someone living with the child.
 */
const SERVICES: readonly Row[] = [
  ['tax.return', 'RWS', 4, 3, 18, '18 2p WS'],
  ['tax.card', 'RW', 3, 2, 15, '15'],
  ['tax.collection', 'RCW', 4, 3, 18, '18'],
  ['freg.postal-address', 'W', 4, 2, 18, '18'],
  ['freg.move', 'W', 4, 3, null, '18 2p W'],
  ['nav.pension', 'RCW', 4, 3, 18, '18'],
  ['nav.work-sickness', 'RCW', 4, 4, 18, '-'],
  ['nav.family', 'RCWP', 4, 3, 18, '18'],
  ['nav.assistive-tech', 'RCW', 4, 4, 18, '16 (12 CW)'],
  ['nav.social-services', 'RCWP', 4, 4, 18, '18'],
  ['health.gp-choice', 'RW', 4, 2, 16, '16 h'],
  ['health.appointments', 'RCW', 4, 4, 16, '16 (12 CW) h'],
  ['health.prescriptions', 'RW', 4, 4, 16, '16 (12 R) h'],
  ['health.record', 'R', 4, 4, 16, '12 h'],
  ['health.vaccines', 'R', 4, 3, 16, '16 h'],
  ['health.consents', 'X', 4, 4, null, '16 2p X h'],
  ['health.refund', 'RWP', 4, 3, 16, '16 h'],
  ['health.travel-refund', 'RWP', 3, 3, 16, '16 h'],
  ['muni.care', 'RCW', 4, 4, 18, '16'],
  ['muni.school', 'RCW', 3, 3, 15, '18 (15 RC)'],
  ['muni.kindergarten-sfo', 'RCWP', 3, 2, 18, '18'],
  ['muni.building', 'RWS', 4, 2, 18, '18 2p WS +S'],
  ['housing.benefit', 'RW', 3, 3, 18, '-'],
  ['transport.vehicle', 'RWS', 4, 2, 18, '18 2p WS'],
  ['land.registry', 'RWS', 4, 4, 18, '18 2p WS +S'],
  ['justice.criminal-case', 'RC', 4, 4, 18, '18'],
  ['fullmakt.organisation', 'RWS', 3, 4, null, '-'],
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
  const level = assurance === 'high' ? 4 : 3
  return [id, letters(actions), level, sensitivity, mandate?.principalFromAge ?? null, parentOf(parent)]
}

function parentOf(parent: ParentRule | null): string {
  if (parent === null) return '-'
  const { untilAge, reduced, bothParents, consentForAct, coResidence } = parent
  const parts = [
    String(untilAge),
    reduced && `(${String(reduced.fromAge)} ${letters(reduced.actions)})`,
    bothParents.length > 0 && `2p ${letters(bothParents)}`,
    consentForAct.length > 0 && `+${letters(consentForAct)}`,
    coResidence && 'h',
  ]
  return parts.filter(Boolean).join(' ')
}

describe('the services', () => {
  test('are the twenty-seven', () => {
    const byId = (a: Row, b: Row): number => (a[0] < b[0] ? -1 : 1)
    expect(catalogue.services.map(rowOf).sort(byId)).toEqual([...SERVICES].sort(byId))
    expect(catalogue.version).toBe(3)
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

describe('fields of life', () => {
  test('are economic where money or property is at stake', () => {
    const personal = catalogue.services.filter(({ field }) => field === 'personal').map(({ id }) => id)
    expect(personal.sort()).toEqual([
      'freg.move',
      'freg.postal-address',
      'health.appointments',
      'health.consents',
      'health.gp-choice',
      'health.prescriptions',
      'health.record',
      'health.vaccines',
      'justice.criminal-case',
      'muni.care',
      'muni.kindergarten-sfo',
      'muni.school',
      'nav.assistive-tech',
    ])
  })
})

describe('lasting powers', () => {
  test('reach no further than guardians do: where no guardian has a task, their documents are for the staff', () => {
    for (const { id, guardians, lastingPower } of catalogue.services) {
      expect([id, lastingPower === null]).toEqual([id, guardians.length === 0])
    }
  })

  test('give what the service has, but for what the law keeps personal', () => {
    for (const { actions, lastingPower } of catalogue.services) {
      if (lastingPower !== null) expect(lastingPower.actions).toEqual(actions)
    }
    const kept = catalogue.personalByLaw.filter(({ bases }) => bases.includes('lasting_power'))
    const services = kept.flatMap((rule) => rule.services)
    expect(catalogue.services.filter(({ id, lastingPower }) => lastingPower && services.includes(id))).toEqual([])
  })
})

describe('roles in organisations', () => {
  const LEAD = ['DAGL', 'LEDE', 'DTSO', 'KOMP', 'BEST', 'BOBE']
  const used = (): readonly Service[] =>
    catalogue.services.filter(({ id, roles }) => roles.length > 0 && id !== 'fullmakt.organisation')

  test('are those of the register, two of them held in common', async () => {
    const file = await readFile('catalogue/roles.yaml', 'utf8')
    expect(file.match(/role: [A-ZÆØÅ]+/g)).toHaveLength(34)
    expect(file.match(/role: \w+(?=.*joint: true)/g)).toEqual(['role: SIFE', 'role: POFE'])
  })

  test('count where organisations use the service', () => {
    const given = used()
    expect(given.map(({ id }) => id).sort()).toEqual([
      'land.registry',
      'muni.building',
      'tax.collection',
      'tax.return',
      'transport.vehicle',
    ])
  })

  test('sign for it only where they are registered to, or own it; those in common only together', () => {
    for (const { actions, roles } of used()) {
      for (const { role, actions: given, joint } of roles) {
        expect([role, joint]).toEqual([role, ['SIFE', 'POFE'].includes(role)])
        if (LEAD.includes(role)) expect(given).toEqual(actions.filter((action) => action !== 'sign'))
        else expect(given).toEqual(joint ? ['sign'] : actions)
      }
    }
  })

  test('handle its mandates alone, unless they sign in common; the chair signs with the board', () => {
    const handling = catalogue.services.find(({ id }) => id === 'fullmakt.organisation')
    expect(handling?.roles.every(({ actions }) => letters(actions) === 'RWS')).toBe(true)
    expect(handling?.roles.filter(({ joint }) => joint).map(({ role }) => role)).toEqual(['LEDE', 'SIFE', 'POFE'])
  })

  test('by procuration reach no real property', () => {
    const withProcuration = used().filter(({ roles }) => roles.some(({ role }) => /^P/.test(role)))
    expect(withProcuration.map(({ id }) => id).sort()).toEqual(['tax.collection', 'tax.return', 'transport.vehicle'])
  })

  test('of accountants, auditors and members of a board give nothing', () => {
    const named = new Set(catalogue.services.flatMap(({ roles }) => roles.map(({ role }) => role)))
    const single = ['INNH', 'SIGN', 'SIHV', 'PROK', 'POHV']
    expect([...named].sort()).toEqual([...LEAD, ...single, 'SIFE', 'POFE'].sort())
  })
})

test('what no one does for anyone, and what is kept from all but parents', () => {
  const basesOf = new Map(catalogue.personalByLaw.map(({ id, bases }) => [id, bases]))
  for (const id of ['vote', 'marriage', 'paternity', 'will']) expect(basesOf.get(id)).toEqual(BASES)
  for (const id of ['organ-donation', 'coercion', 'health-consents', 'eid']) {
    expect(basesOf.get(id)).toEqual(['mandate', 'guardian', 'lasting_power'])
  }
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
