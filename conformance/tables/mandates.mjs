import { END, START, STALE_AT, WORDS, aged, at, grownUp, no, situation, turns, yes } from './words.mjs'

const GIVEN = 'avtaleloven chapter 2 (a power of attorney reaches as far as it says)'
const power = (what, more = {}) => {
  const [service, action] = what.split(' ')
  return { service, action, state: 'active', validFrom: START, validUntil: END, ...more }
}
const mandate = (powers, more = {}) => ({ basis: 'mandate', id: 'mandate-1', powers, ...more })

const THINGS = [
  'nav.pension read',
  'nav.pension communicate',
  'nav.pension write',
  'muni.school read',
  'health.appointments write',
  'health.record read',
  'tax.return sign',
  'land.registry write',
]
const covers = THINGS.flatMap((given) =>
  THINGS.map((what) =>
    situation(
      given === what
        ? `One who has a mandate to ${WORDS[given]} asks to do just that.`
        : `One who has a mandate to ${WORDS[given]} asks to ${WORDS[what]}.`,
      GIVEN,
      { what },
      { principal: grownUp, grounds: [mandate([power(given)])] },
      given === what ? yes('mandate', what.split(' ')[0]) : no('power_not_covered', 'mandate', END),
    ),
  ),
)

const STATES = [
  ['has been offered and not yet accepted', { state: 'offered' }, {}, 'not_accepted', END],
  ['has been offered, to be answered within an hour', { state: 'offered' }, { answerBy: at(1) }, 'not_accepted', at(1)],
  ['was offered and not answered in time', { state: 'offered' }, { answerBy: at(0) }, 'ended', null],
  ['is in its waiting time', { state: 'held', validFrom: at(1) }, {}, 'held', at(1)],
  ['was in its waiting time until this very moment', { state: 'held', validFrom: at(0) }, {}, 'yes', undefined],
  ['the giver has stopped for a time', { state: 'frozen' }, {}, 'frozen', END],
  ['has been ended', { state: 'ended' }, {}, 'ended', null],
  ['was turned down', { state: 'declined' }, {}, 'ended', null],
  ['was taken back before it was accepted', { state: 'cancelled' }, {}, 'ended', null],
  ['begins in an hour', { validFrom: at(1) }, {}, 'not_yet_valid', at(1)],
  ['begins this very moment', { validFrom: at(0) }, {}, 'yes', undefined],
  ['runs out in an hour', { validUntil: at(1) }, {}, 'yes', at(1)],
  ['runs out this very moment', { validUntil: at(0) }, {}, 'expired', null],
]
const states = STATES.flatMap(([how, change, more, answer, until]) =>
  ['nav.pension read', 'muni.school communicate'].map((what) => {
    const [service] = what.split(' ')
    return situation(
      `One whose mandate to ${WORDS[what]} ${how} asks to do so.`,
      'avtaleloven chapter 2 (a power holds from and until what it says, and until it is called back)',
      { what },
      { principal: grownUp, grounds: [mandate([power(what, change)], more)] },
      answer === 'yes' ? yes('mandate', service, until) : no(answer, 'mandate', until),
    )
  }),
)

const LIMITS = [
  ['one municipality asks, which it is limited to', { provider: '958935420' }, { provider: '958935420' }, 'yes'],
  [
    'another municipality asks than it is limited to',
    { provider: '958935420' },
    { provider: '964338531' },
    'provider_not_covered',
  ],
  ['no municipality is named, and it is limited to one', { provider: '958935420' }, {}, 'provider_not_covered'],
  ['one municipality asks, and it is not limited', {}, { provider: '958935420' }, 'yes'],
  ['it is about the one case it is limited to', { object: 'sak 14' }, { object: 'sak 14' }, 'yes'],
  ['it is about another case than it is limited to', { object: 'sak 14' }, { object: 'sak 15' }, 'object_not_covered'],
  ['it is about all cases, and it is limited to one', { object: 'sak 14' }, {}, 'object_not_covered'],
  ['the case is written with a capital letter', { object: 'sak 14' }, { object: 'Sak 14' }, 'object_not_covered'],
  ['it is about one case, and it is not limited', {}, { object: 'sak 14' }, 'yes'],
]
const limits = LIMITS.map(([how, given, asked, answer]) =>
  situation(
    `One with a mandate to write to the school asks to do so, and ${how}.`,
    GIVEN,
    { what: 'muni.school communicate', ...asked },
    { principal: grownUp, grounds: [mandate([power('muni.school communicate', given)])] },
    answer === 'yes' ? yes('mandate', 'muni.school') : no(answer, 'mandate', END),
  ),
)

/** From which age one gives a mandate for it. */
const GIVERS = { 'nav.pension read': 18, 'muni.school read': 15, 'health.appointments read': 16, 'tax.card read': 15 }
const givers = Object.entries(GIVERS).flatMap(([what, from]) =>
  [14, 15, 16, 17, 18].map((age) =>
    situation(
      `Someone of ${age} has given another a mandate to ${WORDS[what]}.`,
      'vergemålsloven §§ 9 and 10; barnelova § 32 (education, 15); helsenorge.no (health, 16)',
      { what },
      { principal: { bornOn: aged(age) }, grounds: [mandate([power(what)])] },
      age >= from
        ? yes('mandate', what.split(' ')[0])
        : no('principal_too_young', 'mandate', turns(age, from) < END ? turns(age, from) : END),
    ),
  ),
)

const helpers = [16, 17, 18, 90].map((age) =>
  situation(
    `Someone of ${age} who has been given a mandate asks to see the pension case.`,
    'vergemålsloven § 9 (of age at 18)',
    { what: 'nav.pension read' },
    { actor: { bornOn: aged(age) }, principal: grownUp, grounds: [mandate([power('nav.pension read')])] },
    age >= 18 ? yes('mandate', 'nav.pension') : no('representative_too_young', 'mandate', END),
  ),
)

const LOST = [
  ['economic', 'nav.pension read', 'yes'],
  ['economic', 'nav.pension communicate', 'yes'],
  ['economic', 'nav.pension write', 'capacity_lost'],
  ['economic', 'tax.return sign', 'capacity_lost'],
  ['economic', 'muni.school write', 'yes'],
  ['personal', 'nav.pension write', 'yes'],
  ['personal', 'health.appointments write', 'capacity_lost'],
  ['personal', 'health.appointments read', 'yes'],
  ['unknown', 'nav.pension write', 'capacity_lost'],
  ['unknown', 'muni.school write', 'capacity_lost'],
]
const FIELD = { economic: 'money matters', personal: 'personal matters', unknown: 'a field that is not known' }
const lost = LOST.map(([field, what, answer]) =>
  situation(
    `The giver has since lost legal capacity in ${FIELD[field]}, and the helper asks to ${WORDS[what]}.`,
    'vergemålsloven § 22 (deprivation of legal capacity)',
    { what },
    { principal: { ...grownUp, capacityLost: [field] }, grounds: [mandate([power(what)])] },
    answer === 'yes' ? yes('mandate', what.split(' ')[0]) : no(answer, 'mandate', END),
  ),
)

const NEVER = [
  ['vote write', 'valgloven 2023 (the voter votes in person)'],
  ['health.consents consent', 'helsenorge.no (a helper cannot give consents)'],
  ['health.record consent', 'helsenorge.no (a helper cannot give consents)'],
]
const never = NEVER.map(([what, source]) =>
  situation(
    `One who was given a mandate to ${WORDS[what]} asks to do so.`,
    source,
    { what },
    { principal: grownUp, grounds: [mandate([power(what)])] },
    no('personal_by_law', 'mandate'),
  ),
)

const notGiven = situation(
  'One was given a mandate to report a move, which the catalogue lets no one give.',
  'the catalogue of the service; Folkeregisteret (each reports for himself)',
  { what: 'freg.move write' },
  { principal: grownUp, grounds: [mandate([power('freg.move write')])] },
  no('power_withdrawn', 'mandate', END),
)
const two = situation(
  'One has an ended mandate and a new one, both to see the pension case.',
  GIVEN,
  { what: 'nav.pension read' },
  {
    principal: grownUp,
    grounds: [
      mandate([power('nav.pension read', { state: 'ended' })]),
      { ...mandate([power('nav.pension read')]), id: 'mandate-2' },
    ],
  },
  yes('mandate', 'nav.pension', STALE_AT['nav.pension']),
)

export const MANDATES = [...covers, ...states, ...limits, ...givers, ...helpers, ...lost, ...never, notGiven, two]
