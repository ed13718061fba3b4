import { END, START, STALE_AT, WORDS, aged, at, grownUp, no, own, situation, turns, yes } from './words.mjs'

const power = (what) => {
  const [service, action] = what.split(' ')
  return { service, action, state: 'active', validFrom: START, validUntil: END }
}
const mandate = (what) => ({ basis: 'mandate', id: 'mandate-1', powers: [power(what)] })
const parent = { basis: 'parent', id: 'row-1', responsibility: 'mor' }
const guardian = { basis: 'guardian', id: 'guardian-1', guardianship: 'voksen', tasks: ['nav/pensjon'] }
const level = (name) => ({ type: 'assurance', level: name })

/** So many hours old, in a service of each risk class: is it too old? */
const OLD = [
  ['muni.school communicate', 47, false],
  ['muni.school communicate', 48, true],
  ['nav.pension communicate', 23, false],
  ['nav.pension communicate', 24, true],
  ['land.registry write', 5, false],
  ['land.registry write', 6, true],
]
const LIVES = { 'muni.school': 48, 'nav.pension': 24, 'land.registry': 6 }
const WHOSE = {
  'the one who acts': (told) => ({ actor: { bornOn: '1985-11-21', ...told }, principal: grownUp }),
  'the one who is acted for': (told) => ({ principal: { ...grownUp, ...told } }),
}
const old = OLD.flatMap(([what, hours, tooOld]) =>
  Object.entries(WHOSE).map(([whose, of]) => {
    const [service] = what.split(' ')
    return situation(
      `What the register says of ${whose} is ${hours} hours old, and a helper asks to ${WORDS[what]}.`,
      'design: facts no older than the risk class of the service allows',
      { what },
      { ...of({ factsFreshAt: at(-hours) }), grounds: [mandate(what)] },
      tooOld ? no('facts_too_old', 'mandate', END) : yes('mandate', service, at(LIVES[service] - hours)),
    )
  }),
)
const stale = { type: 'stale_facts' }
const reading = [
  ['a helper reads', mandate('nav.pension read'), grownUp, 'mandate', END],
  ['a parent reads', parent, { bornOn: aged(9) }, 'parent', turns(9, 18)],
  ['a guardian reads', guardian, grownUp, 'guardian', null],
].flatMap(([who, ground, principal, basis, until]) => [
  situation(
    `${who[0].toUpperCase()}${who.slice(1)} the pension case, and the facts are two days old: reading may go on.`,
    'design: reading may go on where the catalogue says so',
    { what: 'nav.pension read' },
    { principal: { ...principal, factsFreshAt: at(-48) }, grounds: [ground] },
    yes(basis, 'nav.pension', until, [{ ...stale, freshAt: at(-48) }]),
  ),
  situation(
    `${who[0].toUpperCase()}${who.slice(1)} the pension case, and no register has told of the principal at all.`,
    'design: reading may go on where the catalogue says so',
    { what: 'nav.pension read' },
    { principal: { ...principal, factsFreshAt: null }, grounds: [ground] },
    yes(basis, 'nav.pension', until, [{ ...stale, freshAt: null }]),
  ),
])
const groundOld = situation(
  'What the register says of parental responsibility is a day old, and a mother applies for a pension.',
  'design: facts no older than the risk class of the service allows',
  { what: 'nav.pension write' },
  { principal: { bornOn: aged(9) }, grounds: [{ ...parent, factsFreshAt: at(-24) }] },
  no('facts_too_old', 'parent', turns(9, 18)),
)
export const FRESHNESS = [...old, ...reading, groundOld]

const SELF = [
  ['nav.pension read', 'an adult', {}, 'yes'],
  ['vote write', 'an adult', {}, 'yes'],
  ['health.consents consent', 'an adult', {}, 'yes'],
  ['freg.move write', 'an adult', {}, 'yes'],
  ['muni.school read', 'an adult with a protected address', { protectedAddress: true }, 'yes'],
  ['land.registry sign', 'an adult of whom no register has told for long', { factsFreshAt: null }, 'yes'],
  ['nav.pension read', 'an adult without capacity in money matters', { capacityLost: ['economic'] }, 'yes'],
  [
    'nav.pension write',
    'an adult without capacity in money matters',
    { capacityLost: ['economic'] },
    'self_without_capacity',
  ],
  [
    'tax.return sign',
    'an adult without capacity in money matters',
    { capacityLost: ['economic'] },
    'self_without_capacity',
  ],
  ['health.consents consent', 'an adult without capacity in money matters', { capacityLost: ['economic'] }, 'yes'],
  [
    'health.consents consent',
    'an adult without capacity in personal matters',
    { capacityLost: ['personal'] },
    'self_without_capacity',
  ],
  [
    'nav.pension write',
    'an adult without capacity in a field that is not known',
    { capacityLost: ['unknown'] },
    'self_without_capacity',
  ],
  ['nav.pension read', 'someone whose birth date is not known', { bornOn: null }, 'facts_missing'],
  ['nav.pension read', 'someone who is dead', { diedOn: '2026-03-01' }, 'actor_deceased'],
  ['nav.pension read', 'someone whose number is closed', { ceased: true }, 'actor_ceased'],
]
export const SELF_ROWS = SELF.map(([what, who, change, answer]) =>
  situation(
    `Oneself: ${who} asks to ${WORDS[what]}.`,
    'vergemålsloven §§ 9 and 22; design: oneself, a protected address notwithstanding',
    { what, self: true },
    { actor: null, principal: { ...grownUp, ...change } },
    answer === 'yes' ? own(what.split(' ')[0]) : no(answer, answer.startsWith('actor') ? null : 'self'),
  ),
)

const PROTECTED = [
  ['nav.pension read', 'number', 'no'],
  ['nav.pension read', 'handle', 'yes'],
  ['tax.return sign', 'number', 'no'],
  ['tax.return sign', 'handle', 'yes'],
  ['muni.school read', 'number', 'no'],
  ['muni.school read', 'handle', 'no'],
  ['health.appointments read', 'number', 'no'],
  ['health.appointments read', 'handle', 'no'],
]
export const PROTECTED_ROWS = PROTECTED.flatMap(([what, principalNamedBy, answer]) =>
  ['actor', 'principal'].map((whose) => {
    const hidden = { protectedAddress: true }
    const helper = { actor: { bornOn: '1985-11-21', ...(whose === 'actor' ? hidden : {}) } }
    return situation(
      `The ${whose === 'actor' ? 'helper' : 'one who is helped'} has a protected address, the latter is named by ${principalNamedBy}, and the helper asks to ${WORDS[what]}.`,
      'folkeregisterloven (protected address); helsenorge.no; design: refuse without saying why, or help by handle',
      { what, principalNamedBy },
      { ...helper, principal: { ...grownUp, ...(whose === 'actor' ? {} : hidden) }, grounds: [mandate(what)] },
      answer === 'yes' ? yes('mandate', what.split(' ')[0]) : no('not_available', 'mandate', END),
    )
  }),
)

const ALL = {
  mandate: [mandate('nav.pension read'), grownUp, END],
  parent: [parent, { bornOn: aged(9) }, turns(9, 18)],
  guardian: [guardian, grownUp, null],
}
const DEATHS = [
  ['died last year', '2025-03-02', true],
  ['dies today, by the register', '2026-03-02', true],
  ['is registered as dying tomorrow', '2026-03-03', false],
]
export const DEATH_ROWS = Object.entries(ALL).flatMap(([basis, [ground, principal, until]]) =>
  DEATHS.flatMap(([how, diedOn, dead]) => [
    situation(
      `The one who is acted for, by ${basis.replace('_', ' ')}, ${how}.`,
      'avtaleloven § 21; vergemålsloven (guardianship ends with death); design: digital use stops, the estate has its own route',
      { what: 'nav.pension read' },
      { principal: { ...principal, diedOn }, grounds: [ground] },
      dead ? no('principal_deceased', basis, until) : yes(basis, 'nav.pension', at(12)),
    ),
    situation(
      `The one who acts, by ${basis.replace('_', ' ')}, ${how}.`,
      'design: a dead person’s login is used by no one',
      { what: 'nav.pension read' },
      { actor: { bornOn: '1985-11-21', diedOn }, principal, grounds: [ground] },
      dead ? no('actor_deceased', null) : yes(basis, 'nav.pension', at(12)),
    ),
  ]),
)

const asserted = { login: { level: 'high', proof: 'asserted' } }
const low = { login: { level: 'low', proof: 'login_token' } }
const substantial = { login: { level: 'substantial', proof: 'login_token' } }
const helped = { principal: grownUp, grounds: [mandate('nav.pension read')] }
const QUESTIONS = [
  ['no such service', { what: 'nav.unheard-of read', unheard: true }, helped, no('unknown_power', null)],
  ['no such action', { what: 'nav.pension sign', unheard: true }, helped, no('unknown_power', null)],
  [
    'the client is not registered for the service',
    { what: 'nav.pension read', entitledTo: ['muni.school'] },
    helped,
    no('not_entitled', null),
  ],
  [
    'only the service’s word for the login where the risk is highest',
    { what: 'land.registry read', ...asserted },
    helped,
    no('proof_of_login_required', null),
  ],
  [
    'only the service’s word for the login where that is enough',
    { what: 'nav.pension read', ...asserted },
    helped,
    yes('mandate', 'nav.pension'),
  ],
  [
    'a login too weak for the service',
    { what: 'nav.pension read', ...low },
    helped,
    no('step_up_required', null, null, [level('substantial')]),
  ],
  ['a login just strong enough', { what: 'nav.pension read', ...substantial }, helped, yes('mandate', 'nav.pension')],
  [
    'a login too weak, by a stranger',
    { what: 'tax.return read', ...substantial },
    { principal: grownUp },
    no('step_up_required', null, null, [level('high')]),
  ],
  ['a stranger', { what: 'nav.pension read' }, { principal: grownUp }, no('no_registered_ground', null)],
  [
    'a stranger to someone dead',
    { what: 'nav.pension read' },
    { principal: { ...grownUp, diedOn: '2020-01-01' } },
    no('no_registered_ground', null),
  ],
  [
    'a stranger to someone with a protected address',
    { what: 'nav.pension read' },
    { principal: { ...grownUp, protectedAddress: true } },
    no('no_registered_ground', null),
  ],
  [
    'someone no one knows is acted for',
    { what: 'nav.pension read' },
    { principal: null },
    no('no_registered_ground', null),
  ],
  [
    'someone no one knows acts, as their own login proves',
    { what: 'nav.pension read' },
    { actor: null, principal: grownUp },
    no('actor_not_identified', null),
  ],
  [
    'someone no one knows acts, as the service says',
    { what: 'nav.pension read', ...asserted },
    { actor: null, principal: grownUp },
    no('no_registered_ground', null),
  ],
  [
    'someone dead acts, as the service says',
    { what: 'nav.pension read', ...asserted },
    { ...helped, actor: { bornOn: '1985-11-21', diedOn: '2026-01-01' } },
    no('no_registered_ground', null),
  ],
  [
    'an organisation is logged in as itself',
    { what: 'nav.pension read' },
    { ...helped, actor: { kind: 'organisation' } },
    no('actor_not_identified', null),
  ],
]
export const QUESTION_ROWS = QUESTIONS.map(([title, asked, facts, answer]) =>
  situation(`The question itself: ${title}.`, 'design section 2, first and third step', asked, facts, answer),
)

const SEVERAL = [
  [
    'A grown-up child has given her mother a mandate.',
    [parent, mandate('nav.pension read')],
    grownUp,
    yes('mandate', 'nav.pension'),
  ],
  [
    'A mother’s mandate has run out, and the child has come of age.',
    [parent, { ...mandate('nav.pension read'), powers: [{ ...power('nav.pension read'), validUntil: at(-1) }] }],
    grownUp,
    no('child_of_age', 'parent'),
  ],
  [
    'A guardian for something else also has a mandate.',
    [{ ...guardian, tasks: ['skatteetaten/skatt'] }, mandate('nav.pension read')],
    grownUp,
    yes('mandate', 'nav.pension', STALE_AT['nav.pension']),
  ],
]
export const SEVERAL_ROWS = SEVERAL.map(([title, grounds, principal, answer]) =>
  situation(
    title,
    'design: a yes by any ground is a yes; of several refusals the one nearest to a yes',
    { what: 'nav.pension read' },
    { principal, grounds },
    answer,
  ),
)
