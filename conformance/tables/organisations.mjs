import { STALE_AT, WORDS, at, company, no, situation, yes } from './words.mjs'

const role = (code, more = {}) => ({ basis: 'organisation_role', id: 'role-1', role: code, ...more })
const holder = (id, representative, says, more = {}) => ({
  id,
  basis: 'organisation_role',
  representative,
  says,
  ...more,
})

/** Y yes, N not covered, U the others in common are not known. */
const QUESTIONS = [
  'tax.return read',
  'tax.return write',
  'tax.return sign',
  'land.registry read',
  'land.registry write',
  'land.registry sign',
  'nav.pension read',
]
const BY_ROLE = {
  DAGL: ['general manager', 'YYYYYNN'],
  LEDE: ['chair of the board', 'YNNYNNN'],
  INNH: ['owner of a sole proprietorship', 'YYYYYYN'],
  REGN: ['accountant', 'YYNNNNN'],
  SIGN: ['one who signs alone', 'NNNYYYN'],
  SIHV: ['one of several who each sign alone', 'NNNYYYN'],
  SIFE: ['one who signs in common', 'NNNNNUN'],
  POFE: ['procurator in common', 'NUNNNNN'],
  VARA: ['deputy member of the board', 'NNNNNNN'],
  REVI: ['auditor', 'NNNNNNN'],
}
const byRole = Object.entries(BY_ROLE).flatMap(([code, [who, letters]]) =>
  QUESTIONS.map((what, index) => {
    const [service] = what.split(' ')
    const answers = {
      Y: () => yes('organisation_role', service),
      N: () => no('power_not_covered', 'organisation_role'),
      U: () => no('co_holder_not_identified', 'organisation_role', STALE_AT[service]),
    }
    return situation(
      `A company’s ${who} (${code}), the only one registered, asks to ${WORDS[what]} for it.`,
      `enhetsregisterloven (role ${code}); foretaksregisterloven (who signs)`,
      { what },
      { principal: company, grounds: [role(code)], holders: [holder('role-1', 'actor', code)] },
      answers[letters[index]](),
    )
  }),
)

const COMMON = [
  ['the other has not approved', ['mari'], [], {}, 'others_must_approve'],
  ['the other has approved', ['mari'], ['mari'], {}, 'yes'],
  ['one of two others has approved', ['mari', 'per'], ['mari'], {}, 'others_must_approve'],
  ['both others have approved', ['mari', 'per'], ['per', 'mari'], {}, 'yes'],
  ['the other has no identity number', [null], [], {}, 'co_holder_not_identified'],
  ['the other died last month', ['mari'], [], { diedOn: '2026-02-01' }, 'yes'],
  [
    'the other resigned at New Year',
    ['mari'],
    [],
    { validUntil: '2025-12-31T23:00:00.000Z' },
    'co_holder_not_identified',
  ],
]
const common = ['SIFE', 'POFE'].flatMap((code) =>
  COMMON.map(([how, others, approvedBy, more, answer]) => {
    const what = code === 'SIFE' ? 'land.registry sign' : 'tax.return write'
    const [service] = what.split(' ')
    return situation(
      `One of those who act in common for a company (${code}) asks to ${WORDS[what]}, and ${how}.`,
      `foretaksregisterloven (role ${code}: in common)`,
      { what },
      {
        principal: company,
        grounds: [role(code)],
        holders: [
          holder('role-1', 'actor', code),
          ...others.map((who, index) => holder(`role-${index + 2}`, who, code, more)),
        ],
        approvedBy,
      },
      answer === 'yes' ? yes('organisation_role', service) : no(answer, 'organisation_role', STALE_AT[service]),
    )
  }),
)

const STATE = [
  ['has been struck off', { ceased: true }, {}, no('principal_ceased', 'organisation_role')],
  ['appointed him from an hour on', {}, { validFrom: at(1) }, no('not_yet_valid', 'organisation_role', at(1))],
  ['let him go this very moment', {}, { validUntil: at(0) }, no('expired', 'organisation_role')],
  ['lets him go in an hour', {}, { validUntil: at(1) }, yes('organisation_role', 'tax.return', at(1))],
]
const state = STATE.map(([how, change, more, answer]) =>
  situation(
    `A general manager fills in the tax return of a company that ${how}.`,
    'enhetsregisterloven (role DAGL); aksjeloven § 6-14',
    { what: 'tax.return write' },
    { principal: { ...company, ...change }, grounds: [role('DAGL', more)] },
    answer,
  ),
)

export const ORGANISATIONS = [...byRole, ...common, ...state]
