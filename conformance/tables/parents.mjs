import { STALE_AT, WORDS, aged, at, no, situation, turns, yes } from './words.mjs'

const SOURCE = {
  'nav.pension': 'vergemålsloven chapter 3 (those with parental responsibility are guardians)',
  'muni.school': 'barnelova § 30 (parental responsibility)',
  'health.appointments': 'pasient- og brukerrettighetsloven §§ 3-4 and 4-4 (reduced at 12, over at 16)',
  'health.record': 'pasient- og brukerrettighetsloven § 3-4; helsenorge.no (no digital access for parents from 12)',
  'health.consents': 'pasient- og brukerrettighetsloven § 4-4 (both consent until 16)',
  'freg.move': 'barnelova (those with parental responsibility decide where the child lives)',
  'tax.card': 'vergemålsloven § 10 (own employment from 15)',
  'tax.return': 'vergemålsloven chapter 3 (guardians act together)',
  'land.registry': 'vergemålsloven chapters 3 and 5 (real property needs the consent of the Statsforvalter)',
  vote: 'valgloven 2023 (the voter votes in person)',
}

/** Y yes, B the band of the child's age leaves nothing of it, A of age, P personal, C consent of the Statsforvalter missing. */
const AGES = [6, 11, 12, 14, 15, 16, 17, 18]
const BY_AGE = {
  'nav.pension read': 'YYYYYYYA',
  'nav.pension write': 'YYYYYYYA',
  'muni.school read': 'YYYYYYYA',
  'muni.school communicate': 'YYYYYYYA',
  'health.appointments read': 'YYBBBBBA',
  'health.appointments communicate': 'YYYYYBBA',
  'health.appointments write': 'YYYYYBBA',
  'health.record read': 'YYBBBBBA',
  'health.consents consent': 'YYYYYBBA',
  'freg.move write': 'YYYYYYYA',
  'tax.card read': 'YYYYBBBA',
  'tax.card write': 'YYYYBBBA',
  'tax.return read': 'YYYYYYYA',
  'tax.return sign': 'YYYYYYYA',
  'land.registry read': 'YYYYYYYA',
  'land.registry write': 'YYYYYYYA',
  'land.registry sign': 'CCCCCCCA',
  'vote write': 'PPPPPPPP',
}
/** The ages of the child at which something changes for a parent. */
const CHANGES = {
  'health.appointments': [12, 16, 18],
  'health.record': [12, 18],
  'health.consents': [16, 18],
  'tax.card': [15, 18],
}

const home = ['home']
const alone = { basis: 'parent', id: 'row-1', responsibility: 'mor' }
const holder = (id, representative, more = {}) => ({ id, basis: 'parent', representative, says: 'felles', ...more })

function nextChange(service, age) {
  const next = (CHANGES[service] ?? [18]).find((change) => change > age)
  return next === undefined ? null : turns(age, next)
}

function answerTo(letter, service, age) {
  switch (letter) {
    case 'Y':
      return yes('parent', service)
    case 'B':
      return no('age_band', 'parent', nextChange(service, age))
    case 'C':
      return no('consent_missing', 'parent', nextChange(service, age))
    case 'A':
      return no('child_of_age', 'parent')
    default:
      return no('personal_by_law', 'parent')
  }
}

const byAge = Object.entries(BY_AGE).flatMap(([what, letters]) =>
  AGES.map((age, index) => {
    const [service] = what.split(' ')
    return situation(
      `A mother who alone has parental responsibility, and lives with the child, asks to ${WORDS[what]} for a child of ${age}.`,
      SOURCE[service],
      { what },
      {
        principal: { bornOn: aged(age), residences: home },
        grounds: [alone],
        holders: [holder('row-1', 'actor', { says: 'mor', residences: home })],
      },
      answerTo(letters[index], service, age),
    )
  }),
)

const shared = { basis: 'parent', id: 'row-1', responsibility: 'felles' }
const self = holder('row-1', 'actor', { residences: home })
const mari = holder('row-2', 'mari')
const OTHERS = [
  ['who has not said anything', [self, mari], [], 'others_must_approve'],
  ['who has approved', [self, mari], ['mari'], 'yes'],
  ['who has no identity number', [self, { ...mari, representative: null }], [], 'co_holder_not_identified'],
  ['of whom the register says nothing', [self], [], 'co_holder_not_identified'],
  ['who died last month', [self, { ...mari, diedOn: '2026-02-01' }], [], 'yes'],
  [
    'whose responsibility ended at New Year',
    [self, { ...mari, validUntil: '2025-12-31T23:00:00.000Z' }],
    [],
    'co_holder_not_identified',
  ],
]
const both = [
  'tax.return write',
  'tax.return sign',
  'freg.move write',
  'health.consents consent',
  'land.registry write',
]
const either = ['nav.pension read', 'muni.school communicate', 'tax.return read']

const together = [...both, ...either].flatMap((what) =>
  OTHERS.map(([who, holders, approvedBy, answer]) => {
    const [service] = what.split(' ')
    const needs = both.includes(what) && answer !== 'yes'
    return situation(
      `One of two parents asks to ${WORDS[what]} for a child of nine together with another ${who}.`,
      SOURCE[service],
      { what },
      { principal: { bornOn: aged(9), residences: home }, grounds: [shared], holders, approvedBy },
      needs ? no(answer, 'parent', STALE_AT[service]) : yes('parent', service),
    )
  }),
)

const RESPONSIBLE = [
  ['the mother', 'mor', true],
  ['the father', 'far', true],
  ['the co-mother', 'medmor', true],
  ['another than the parents', 'andre', true],
  ['someone, together with another', 'felles', true],
  ['it is unknown who', 'ukjent', false],
]
const byCode = RESPONSIBLE.map(([who, responsibility, allowed]) =>
  situation(
    `The register says that ${who} has parental responsibility, and that one asks to see the pension case for a child of nine.`,
    'Folkeregisteret, foreldreansvar; barnelova § 30; what is unknown is never guessed from family relations',
    { what: 'nav.pension read' },
    {
      principal: { bornOn: aged(9) },
      grounds: [{ ...shared, responsibility }],
      holders: [{ ...self, says: responsibility }],
    },
    allowed ? yes('parent', 'nav.pension') : no('parental_responsibility_unknown', 'parent'),
  ),
)

const LIVING = [
  ['lives with the one who asks', home, ['away'], true],
  ['lives with the other parent', ['away'], home, true],
  ['lives with neither parent', ['away'], ['away'], false],
  ['has parents whose homes are not registered', [], [], false],
]
const living = LIVING.flatMap(([where, mine, hers, allowed]) =>
  ['health.appointments read', 'health.record read', 'muni.school read'].map((what) => {
    const [service] = what.split(' ')
    const asked = service !== 'muni.school'
    return situation(
      `A parent asks to ${WORDS[what]} for a child of nine who ${where}.`,
      asked ? 'helsenorge.no (the child must be registered as living with one of those responsible)' : SOURCE[service],
      { what },
      {
        principal: { bornOn: aged(9), residences: home },
        grounds: [shared],
        holders: [
          { ...self, residences: mine },
          { ...mari, residences: hers },
        ],
      },
      asked && !allowed ? no('not_living_together', 'parent', turns(9, 12)) : yes('parent', service),
    )
  }),
)

const IN_TIME = [
  ['began a year ago', { validFrom: '2025-03-02T11:00:00.000Z' }, yes('parent', 'nav.pension')],
  ['begins this very moment', { validFrom: at(0) }, yes('parent', 'nav.pension')],
  ['begins in an hour', { validFrom: at(1) }, no('not_yet_valid', 'parent', at(1))],
  ['ends in an hour', { validUntil: at(1) }, yes('parent', 'nav.pension', at(1))],
  ['ends this very moment', { validUntil: at(0) }, no('expired', 'parent')],
]
const inTime = IN_TIME.map(([when, period, answer]) =>
  situation(
    `A mother whose parental responsibility ${when} asks to see the pension case for a child of nine.`,
    'Folkeregisteret, gyldighetstidspunkt and opphoerstidspunkt',
    { what: 'nav.pension read' },
    { principal: { bornOn: aged(9) }, grounds: [{ ...alone, ...period }] },
    answer,
  ),
)

export const PARENTS = [...byAge, ...together, ...byCode, ...living, ...inTime]
