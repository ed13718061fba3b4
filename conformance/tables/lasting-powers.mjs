import { STALE_AT, WORDS, at, grownUp, no, situation, turns, yes } from './words.mjs'

const lasting = { basis: 'lasting_power', id: 'lasting-1' }
const scope = (service, more = {}) => ({ kind: 'lasting_power_scope', representative: 'actor', service, ...more })
const CHAPTER = 'vergemålsloven chapter 10 (a confirmed lasting power reaches as far as its document says)'

/** Y yes, N not covered, P personal by law. */
const QUESTIONS = [
  'nav.pension read',
  'nav.pension write',
  'tax.return sign',
  'tax.card write',
  'land.registry sign',
  'health.appointments read',
  'health.appointments write',
  'muni.school read',
  'freg.move write',
  'vote write',
  'health.consents consent',
]
const BY_SCOPE = {
  'nav.pension': 'YYNNNNNNNPP',
  'tax.return': 'NNYNNNNNNPP',
  'tax.card': 'NNNYNNNNNPP',
  'land.registry': 'NNNNYNNNNPP',
  'health.appointments': 'NNNNNYNNNPP',
}
const byScope = Object.entries(BY_SCOPE).flatMap(([named, letters]) =>
  QUESTIONS.map((what, index) => {
    const [service] = what.split(' ')
    const answers = {
      Y: () => yes('lasting_power', service),
      N: () => no('power_not_covered', 'lasting_power'),
      P: () => no('personal_by_law', 'lasting_power'),
    }
    return situation(
      `The holder of a confirmed lasting power whose document names ${named} asks to ${WORDS[what]}.`,
      letters[index] === 'P' ? 'vergemålsloven chapter 10 (never voting, nor consent in health)' : CHAPTER,
      { what },
      { principal: grownUp, grounds: [lasting], rulings: [scope(named)] },
      answers[letters[index]](),
    )
  }),
)

const OTHERWISE = [
  ['nobody has registered what the document says', {}, [], no('scope_unknown', 'lasting_power')],
  [
    'only another’s document is registered',
    {},
    [scope('nav.pension', { representative: 'mari' })],
    no('scope_unknown', 'lasting_power'),
  ],
  [
    'the document names to read only',
    {},
    [scope('nav.pension', { action: 'read' })],
    yes('lasting_power', 'nav.pension'),
  ],
  [
    'the document names to apply only',
    {},
    [scope('nav.pension', { action: 'write' })],
    no('power_not_covered', 'lasting_power'),
  ],
  [
    'the document names one case, which is asked about',
    { object: 'a' },
    [scope('nav.pension', { object: 'a' })],
    yes('lasting_power', 'nav.pension'),
  ],
  [
    'the document names one case, and another is asked about',
    { object: 'b' },
    [scope('nav.pension', { object: 'a' })],
    no('object_not_covered', 'lasting_power'),
  ],
  [
    'the document names one case, and all are asked about',
    {},
    [scope('nav.pension', { object: 'a' })],
    no('object_not_covered', 'lasting_power'),
  ],
  [
    'what the document says holds from an hour on',
    {},
    [scope('nav.pension', { validFrom: at(1) })],
    no('power_not_covered', 'lasting_power', at(1)),
  ],
  [
    'what the document says holds for an hour more',
    {},
    [scope('nav.pension', { validUntil: at(1) })],
    yes('lasting_power', 'nav.pension', at(1)),
  ],
  [
    'the document is corrected: the old entry has ended, the new one holds',
    {},
    [scope('tax.card', { validUntil: at(0) }), scope('nav.pension')],
    yes('lasting_power', 'nav.pension', STALE_AT['nav.pension']),
  ],
]
const otherwise = OTHERWISE.map(([how, asked, rulings, answer]) =>
  situation(
    `The holder of a confirmed lasting power asks to see the pension case, and ${how}.`,
    CHAPTER,
    { what: 'nav.pension read', ...asked },
    { principal: grownUp, grounds: [lasting], rulings },
    answer,
  ),
)

const OWN = [
  ['is seventeen', { bornOn: '2009-01-15' }, no('representative_too_young', 'lasting_power', turns(17, 18))],
  [
    'has lost capacity in money matters',
    { bornOn: '1985-11-21', capacityLost: ['economic'] },
    no('representative_without_capacity', 'lasting_power'),
  ],
]
const own = OWN.map(([how, actor, answer]) =>
  situation(
    `The holder of a confirmed lasting power who ${how} asks to see the pension case.`,
    'vergemålsloven § 79 (of age, and not under guardianship)',
    { what: 'nav.pension read' },
    { actor, principal: grownUp, grounds: [lasting], rulings: [scope('nav.pension')] },
    answer,
  ),
)
const weakened = situation(
  'The giver of a confirmed lasting power has lost legal capacity: the power is there for just that.',
  CHAPTER,
  { what: 'nav.pension write' },
  { principal: { ...grownUp, capacityLost: ['economic'] }, grounds: [lasting], rulings: [scope('nav.pension')] },
  yes('lasting_power', 'nav.pension'),
)

export const LASTING_POWERS = [...byScope, ...otherwise, ...own, weakened]
