import { END, START, at, no, situation, yes } from './words.mjs'

const MIDNIGHT = '2026-03-01T23:00:00.000Z'
const BEFORE = '2026-03-01T22:59:59.000Z'
/** Facts of an hour before the question, in each risk class. */
const stale = (from, hours) => new Date(Date.parse(from) + hours * 3_600_000).toISOString()
const onThisDay = (years) => `${2026 - years}-03-02`
const birthday = (years, age) => `${2026 - years + age}-03-01T23:00:00.000Z`

const mother = { basis: 'parent', id: 'row-1', responsibility: 'mor' }
const home = { residences: ['home'] }
const holders = [{ id: 'row-1', basis: 'parent', representative: 'actor', says: 'mor', ...home }]
const pension = { service: 'nav.pension', action: 'read', state: 'active', validFrom: START, validUntil: END }
const mandate = { basis: 'mandate', id: 'mandate-1', powers: [pension] }
const guardian = { basis: 'guardian', id: 'guardian-1', guardianship: 'mindreaarig', tasks: ['nav/pensjon'] }
const child = (years, grounds = [mother]) => ({ principal: { bornOn: onThisDay(years), ...home }, grounds, holders })
const grownUp = { bornOn: '1950-05-17' }
const self = (years) => ({ actor: null, principal: { bornOn: onThisDay(years) } })
const own = (level) => ({ allowed: true, basis: 'self', obligations: [{ type: 'assurance', level }], validUntil: null })

/** What is asked, from which age, the facts, and the answers a second before and at the birthday. */
const BOUNDARIES = [
  [
    'a parent no longer sees the pension case',
    18,
    'nav.pension read',
    child(18),
    yes('parent', 'nav.pension', MIDNIGHT),
    no('child_of_age', 'parent'),
  ],
  [
    'a parent no longer sees what the school has written',
    18,
    'muni.school read',
    child(18),
    yes('parent', 'muni.school', MIDNIGHT),
    no('child_of_age', 'parent'),
  ],
  [
    'a parent no longer sees the tax card',
    15,
    'tax.card read',
    child(15),
    yes('parent', 'tax.card', MIDNIGHT),
    no('age_band', 'parent', birthday(15, 18)),
  ],
  [
    'a parent no longer sees medical appointments',
    12,
    'health.appointments read',
    child(12),
    yes('parent', 'health.appointments', MIDNIGHT),
    no('age_band', 'parent', birthday(12, 16)),
  ],
  [
    'a parent still books medical appointments',
    12,
    'health.appointments write',
    child(12),
    yes('parent', 'health.appointments', MIDNIGHT),
    yes('parent', 'health.appointments', stale(MIDNIGHT, 23)),
  ],
  [
    'a parent no longer books medical appointments',
    16,
    'health.appointments write',
    child(16),
    yes('parent', 'health.appointments', MIDNIGHT),
    no('age_band', 'parent', birthday(16, 18)),
  ],
  [
    'a parent no longer reads the medical record',
    12,
    'health.record read',
    child(12),
    yes('parent', 'health.record', MIDNIGHT),
    no('age_band', 'parent', birthday(12, 18)),
  ],
  [
    'a parent no longer consents to health care',
    16,
    'health.consents consent',
    child(16),
    yes('parent', 'health.consents', MIDNIGHT),
    no('age_band', 'parent', birthday(16, 18)),
  ],
  [
    'a guardian of a minor acts no longer',
    18,
    'nav.pension read',
    child(18, [guardian]),
    yes('guardian', 'nav.pension', MIDNIGHT),
    no('child_of_age', 'guardian'),
  ],
  [
    'a mandate the young one has given holds',
    18,
    'nav.pension read',
    child(18, [mandate]),
    no('principal_too_young', 'mandate', MIDNIGHT),
    yes('mandate', 'nav.pension', stale(MIDNIGHT, 23)),
  ],
  [
    'a mandate the young one has been given holds',
    18,
    'nav.pension read',
    { actor: { bornOn: onThisDay(18) }, principal: grownUp, grounds: [mandate] },
    no('representative_too_young', 'mandate', MIDNIGHT),
    yes('mandate', 'nav.pension', stale(MIDNIGHT, 23)),
  ],
  [
    'a young mother acts for her child',
    18,
    'nav.pension read',
    { actor: { bornOn: onThisDay(18) }, principal: { bornOn: '2025-06-15' }, grounds: [mother] },
    no('representative_too_young', 'parent', MIDNIGHT),
    yes('parent', 'nav.pension', stale(MIDNIGHT, 23)),
  ],
  [
    'one sees one’s own pension case',
    13,
    'nav.pension read',
    self(13),
    no('self_too_young', 'self', MIDNIGHT),
    own('substantial'),
  ],
  [
    'one writes oneself to the school',
    15,
    'muni.school communicate',
    self(15),
    no('self_too_young', 'self', MIDNIGHT),
    own('substantial'),
  ],
  [
    'one reads one’s own medical record',
    16,
    'health.record read',
    self(16),
    no('self_too_young', 'self', MIDNIGHT),
    own('high'),
  ],
  [
    'one looks oneself into the land register',
    18,
    'land.registry read',
    self(18),
    no('self_too_young', 'self', MIDNIGHT),
    own('high'),
  ],
  ['one votes', 18, 'vote write', self(18), no('self_too_young', 'self', MIDNIGHT), own('substantial')],
]
const SOURCE =
  'vergemålsloven §§ 8 and 9, pasient- og brukerrettighetsloven §§ 3-4, 4-3 and 4-4, barnelova § 32; an age is reached when the birthday begins in Oslo'
const fresh = (facts, when) => {
  const told = { factsFreshAt: stale(when, -1) }
  const actor = facts.actor === null ? null : { ...(facts.actor ?? { bornOn: '1985-11-21' }), ...told }
  const grounds = facts.grounds?.map((ground) => (ground.basis === 'mandate' ? ground : { ...ground, ...told }))
  return { ...facts, actor, principal: { ...facts.principal, ...told }, ...(grounds === undefined ? {} : { grounds }) }
}
const twice = (title, what, facts, moments) =>
  moments.map(([when, at, answer]) => {
    const more = facts.actor === null ? { self: true } : {}
    return situation(`${title}: ${when}.`, SOURCE, { what, at, ...more }, fresh(facts, at), answer)
  })
const boundaries = BOUNDARIES.flatMap(([title, age, what, facts, before, then]) =>
  twice(`At ${age}, ${title}`, what, facts, [
    ['a second before the birthday', BEFORE, before],
    ['as the birthday begins', MIDNIGHT, then],
  ]),
)

const LEAP = [
  [
    '2025-02-28T22:59:59.000Z',
    '2007-02-28',
    false,
    'born on 28 February, a second before 28 February in Oslo ends',
    '2025-02-27T23:00:00.000Z',
  ],
  [
    '2026-02-28T22:59:59.000Z',
    '2008-02-29',
    true,
    'born on 29 February, the last second of 28 February in a common year',
    '2026-02-28T23:00:00.000Z',
  ],
  [
    '2026-02-28T23:00:00.000Z',
    '2008-02-29',
    false,
    'born on 29 February, the first second of 1 March in a common year',
    null,
  ],
  [
    '2028-02-28T22:59:59.000Z',
    '2010-02-28',
    false,
    'born on 28 February, the last second of the birthday in a leap year',
    null,
  ],
  [
    '2028-02-28T22:59:59.000Z',
    '2010-03-01',
    true,
    'born on 1 March, the last second of 28 February in a leap year',
    '2028-02-29T23:00:00.000Z',
  ],
]
const leap = LEAP.flatMap(([when, bornOn, isChild, title, turns]) =>
  twice(
    'At 18 a parent no longer sees the pension case',
    'nav.pension read',
    { principal: { bornOn }, grounds: [mother] },
    [
      [
        title,
        when,
        isChild ? yes('parent', 'nav.pension', [turns, stale(when, 23 - 0)].sort()[0]) : no('child_of_age', 'parent'),
      ],
    ],
  ),
)

const unknown = [
  ['a parent asks for a child', [mother], 'nav.pension read', no('facts_missing', 'parent')],
  ['one asks who has a mandate', [mandate], 'nav.pension read', no('facts_missing', 'mandate', END)],
  ['a guardian of a minor asks', [guardian], 'nav.pension read', no('facts_missing', 'guardian')],
  [
    'a guardian of an adult asks',
    [{ ...guardian, guardianship: 'voksen' }],
    'nav.pension read',
    yes('guardian', 'nav.pension', at(23)),
  ],
].map(([who, grounds, what, answer]) =>
  situation(
    `The register has not told when the one who is acted for was born, and ${who}.`,
    'design: no guess where a register has not told',
    { what },
    { principal: {}, grounds },
    answer,
  ),
)

export const AGES = [...boundaries, ...leap, ...unknown]
