import { STALE_AT, WORDS, aged, at, grownUp, no, situation, turns, yes } from './words.mjs'

/** Y yes, N not covered, C consent of the Statsforvalter missing, P personal by law. */
const QUESTIONS = [
  'nav.pension read',
  'nav.pension write',
  'muni.school communicate',
  'tax.card write',
  'tax.return sign',
  'freg.move write',
  'land.registry read',
  'land.registry write',
  'land.registry sign',
  'health.appointments read',
  'health.record read',
  'health.consents consent',
]
const BY_TASK = {
  'nav/pensjon': 'YYNNNNNNNNNP',
  'nav/familie': 'NNNNNNNNNNNP',
  'kommune/skoleOgUtdanning': 'NNYNNNNNNNNP',
  'kommune/helseOgOmsorg': 'NNNNNNNNNNNP',
  'skatteetaten/skatt': 'NNNYYNNNNNNP',
  'skatteetaten/meldeFlytting': 'NNNNNYNNNNNP',
  'kartverket/salgAvFastEiendomBorettslagsandel': 'NNNNNNYYCNNP',
  'kartverket/kjoepAvEiendom': 'NNNNNNYYCNNP',
}
const guardian = (tasks, more = {}) => ({ basis: 'guardian', id: 'guardian-1', guardianship: 'voksen', tasks, ...more })

function answerTo(letter, service) {
  if (letter === 'Y') return yes('guardian', service)
  return no({ N: 'power_not_covered', C: 'consent_missing', P: 'personal_by_law' }[letter], 'guardian')
}

const byTask = Object.entries(BY_TASK).flatMap(([task, letters]) =>
  QUESTIONS.map((what, index) =>
    situation(
      `A guardian of an adult, appointed for ${task}, asks to ${WORDS[what]}.`,
      letters[index] === 'P'
        ? 'pasient- og brukerrettighetsloven chapter 4; vergemålsloven § 21'
        : `vergemålsloven chapter 3; Folkeregisteret, vergeTjenesteoppgave ${task}`,
      { what, ...(what === 'land.registry sign' ? { object: 'gnr. 12 bnr. 3' } : {}) },
      { principal: grownUp, grounds: [guardian([task])] },
      answerTo(letters[index], what.split(' ')[0]),
    ),
  ),
)

const KINDS = [
  ['of an adult', 'voksen', true, true],
  ['of an adult for the time being', 'midlertidigForVoksen', true, true],
  ['of a minor', 'mindreaarig', true, false],
  ['of a minor for the time being', 'midlertidigForMindreaarig', true, false],
  ['of an unaccompanied minor who seeks asylum', 'ensligMindreaarigAsylsoeker', true, false],
  ['of an unaccompanied minor who is a refugee', 'ensligMindreaarigFlyktning', true, false],
  ['who only administers funds outside guardianship', 'forvaltningUtenforVergemaal', false, false],
]
const byKind = KINDS.flatMap(([who, guardianship, gives, adult]) =>
  [10, 17, 18, 40].map((age) => {
    const over = gives && !adult && age >= 18
    return situation(
      `A guardian ${who} asks to see the pension case of someone of ${age}.`,
      'vergemålsloven §§ 8 and 16 (guardianship for a minor ends at 18); Folkeregisteret, vergemaaltype',
      { what: 'nav.pension read' },
      { principal: { bornOn: aged(age) }, grounds: [guardian(['nav/pensjon'], { guardianship })] },
      gives
        ? over
          ? no('child_of_age', 'guardian')
          : yes('guardian', 'nav.pension')
        : no('power_not_covered', 'guardian'),
    )
  }),
)

const CONSENTS = [
  ['no consent', null, 'consent_missing', null],
  ['consent to this sale', { object: 'gnr. 12' }, 'yes', STALE_AT['land.registry']],
  ['consent to another sale', { object: 'gnr. 13' }, 'consent_missing', null],
  ['consent that names no sale', {}, 'consent_missing', null],
  ['consent given to another guardian', { object: 'gnr. 12', representative: 'mari' }, 'consent_missing', null],
  [
    'consent given to this guardian by name',
    { object: 'gnr. 12', representative: 'actor' },
    'yes',
    STALE_AT['land.registry'],
  ],
  ['consent that holds from an hour on', { object: 'gnr. 12', validFrom: at(1) }, 'consent_missing', at(1)],
  ['consent that ends in an hour', { object: 'gnr. 12', validUntil: at(1) }, 'yes', at(1)],
  ['consent that ended this moment', { object: 'gnr. 12', validUntil: at(0) }, 'consent_missing', null],
  ['consent to a lease in another service', { object: 'gnr. 12', service: 'tax.return' }, 'consent_missing', null],
]
const consents = CONSENTS.map(([which, consent, answer, until]) =>
  situation(
    `A guardian signs away the ward’s property, parcel gnr. 12, with ${which} of the Statsforvalter.`,
    'vergemålsloven §§ 39–41 (the Statsforvalter consents to the very act)',
    { what: 'land.registry sign', object: 'gnr. 12' },
    {
      principal: grownUp,
      grounds: [guardian(['kartverket/salgAvFastEiendomBorettslagsandel'])],
      rulings: consent === null ? [] : [{ kind: 'consent', ...consent }],
    },
    answer === 'yes' ? yes('guardian', 'land.registry', until) : no(answer, 'guardian', until),
  ),
)

const OWN = [
  ['is seventeen', { bornOn: aged(17) }, no('representative_too_young', 'guardian', turns(17, 18))],
  [
    'has lost capacity in money matters',
    { capacityLost: ['economic'] },
    no('representative_without_capacity', 'guardian'),
  ],
  ['has lost capacity in personal matters', { capacityLost: ['personal'] }, yes('guardian', 'nav.pension')],
  [
    'has lost capacity in a field that is not known',
    { capacityLost: ['unknown'] },
    no('representative_without_capacity', 'guardian'),
  ],
]
const own = OWN.map(([how, change, answer]) =>
  situation(
    `A guardian who ${how} asks to see the ward’s pension case.`,
    'vergemålsloven § 28 (a guardian is of age and has capacity)',
    { what: 'nav.pension read' },
    { actor: { bornOn: '1985-11-21', ...change }, principal: grownUp, grounds: [guardian(['nav/pensjon'])] },
    answer,
  ),
)

export const GUARDIANS = [...byTask, ...byKind, ...consents, ...own]
