import { END, START, actor, at, grownUp, no, own, situation, yes } from './words.mjs'

const MIDNIGHT = '2026-03-01T23:00:00.000Z'
const BEFORE = '2026-03-01T22:59:59.000Z'
/** So many hours after an instant. */
const hoursAfter = (from, hours) => new Date(Date.parse(from) + hours * 3_600_000).toISOString()
const onThisDay = (years) => `${2026 - years}-03-02`
const birthday = (years, age) => `${2026 - years + age}-03-01T23:00:00.000Z`

const mother = { basis: 'parent', id: 'row-1', responsibility: 'mor' }
const home = { residences: ['home'] }
const holders = [{ id: 'row-1', basis: 'parent', representative: 'actor', says: 'mor', ...home }]
const pension = { service: 'nav.pension', action: 'read', state: 'active', validFrom: START, validUntil: END }
const mandate = { basis: 'mandate', id: 'mandate-1', powers: [pension] }
const guardian = { basis: 'guardian', id: 'guardian-1', guardianship: 'mindreaarig', tasks: ['nav/pensjon'] }
const child = (years, grounds = [mother]) => ({ principal: { bornOn: onThisDay(years), ...home }, grounds, holders })

const SOURCE =
  'vergemålsloven §§ 8 and 9, pasient- og brukerrettighetsloven §§ 3-4, 4-3 and 4-4, barnelova § 32; an age is reached when the birthday begins in Oslo'
/** The same facts, an hour old when they are asked about. */
const fresh = (facts, when) => {
  const told = { factsFreshAt: hoursAfter(when, -1) }
  const grounds = facts.grounds?.map((ground) => (ground.basis === 'mandate' ? ground : { ...ground, ...told }))
  return {
    ...facts,
    actor: facts.actor === null ? null : { ...actor, ...facts.actor, ...told },
    principal: { ...facts.principal, ...told },
    ...(grounds === undefined ? {} : { grounds }),
  }
}
const asked = (title, what, facts, when, answer) =>
  situation(
    title,
    SOURCE,
    { what, at: when, ...(facts.actor === null ? { self: true } : {}) },
    fresh(facts, when),
    answer,
  )
/** A second before someone reaches the age, and as that birthday begins. */
const atBirthday = (title, age, what, facts, before, then) => [
  asked(`At ${age}, ${title}: a second before the birthday.`, what, facts, BEFORE, before),
  asked(`At ${age}, ${title}: as the birthday begins.`, what, facts, MIDNIGHT, then),
]
/** A yes on facts that are an hour old at the birthday, for as long as the service takes them. */
const from = (basis, service) => yes(basis, service, hoursAfter(MIDNIGHT, 23))

/** What becomes of a parent’s at an age of the child. */
const PARENTS = [
  ['no longer sees the pension case', 18, 'nav.pension read', no('child_of_age', 'parent')],
  ['no longer sees what the school has written', 18, 'muni.school read', no('child_of_age', 'parent')],
  ['no longer sees the tax card', 15, 'tax.card read', no('age_band', 'parent', birthday(15, 18))],
  ['no longer sees medical appointments', 12, 'health.appointments read', no('age_band', 'parent', birthday(12, 16))],
  ['still books medical appointments', 12, 'health.appointments write', from('parent', 'health.appointments')],
  ['no longer books medical appointments', 16, 'health.appointments write', no('age_band', 'parent', birthday(16, 18))],
  ['no longer reads the medical record', 12, 'health.record read', no('age_band', 'parent', birthday(12, 18))],
  ['no longer consents to health care', 16, 'health.consents consent', no('age_band', 'parent', birthday(16, 18))],
]
const parents = PARENTS.flatMap(([does, age, what, then]) =>
  atBirthday(`a parent ${does}`, age, what, child(age), yes('parent', what.split(' ')[0], MIDNIGHT), then),
)
const ward = atBirthday(
  'a guardian of a minor acts no longer',
  18,
  'nav.pension read',
  child(18, [guardian]),
  yes('guardian', 'nav.pension', MIDNIGHT),
  no('child_of_age', 'guardian'),
)

/** What someone may from 18 on for others, and others for him. */
const OF_AGE = [
  ['a mandate the young one has given holds', child(18, [mandate]), 'principal_too_young', 'mandate'],
  [
    'a mandate the young one has been given holds',
    { actor: { bornOn: onThisDay(18) }, principal: grownUp, grounds: [mandate] },
    'representative_too_young',
    'mandate',
  ],
  [
    'a young mother acts for her child',
    { actor: { bornOn: onThisDay(18) }, principal: { bornOn: '2025-06-15' }, grounds: [mother] },
    'representative_too_young',
    'parent',
  ],
]
const ofAge = OF_AGE.flatMap(([title, facts, before, basis]) =>
  atBirthday(title, 18, 'nav.pension read', facts, no(before, basis, MIDNIGHT), from(basis, 'nav.pension')),
)

const ONESELF = [
  ['one sees one’s own pension case', 13, 'nav.pension read'],
  ['one writes oneself to the school', 15, 'muni.school communicate'],
  ['one reads one’s own medical record', 16, 'health.record read'],
  ['one looks oneself into the land register', 18, 'land.registry read'],
  ['one votes', 18, 'vote write'],
]
const oneself = ONESELF.flatMap(([title, age, what]) =>
  atBirthday(
    title,
    age,
    what,
    { actor: null, principal: { bornOn: onThisDay(age) } },
    no('self_too_young', 'self', MIDNIGHT),
    own(what.split(' ')[0]),
  ),
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
const leap = LEAP.map(([when, bornOn, isChild, title, turns]) =>
  asked(
    `At 18 a parent no longer sees the pension case: ${title}.`,
    'nav.pension read',
    { principal: { bornOn }, grounds: [mother] },
    when,
    isChild ? yes('parent', 'nav.pension', [turns, hoursAfter(when, 23)].sort()[0]) : no('child_of_age', 'parent'),
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

export const AGES = [...parents, ...ward, ...ofAge, ...oneself, ...leap, ...unknown]
