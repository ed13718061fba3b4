import { END, START, STALE_AT, WORDS, aged, at, grownUp, no, situation, yes } from './words.mjs'

const WITHIN =
  'avtaleloven § 10 (a power binds the giver within its limits); unwritten law: it is passed on only where the giver allows it'
const CALLED_BACK =
  'avtaleloven §§ 12 to 16 (a power ends when it is called back); what was passed on ends and rests with it'
const MIDDLE = 'avtaleloven chapter 2 does not say; no one has more through another than that one has'
const OF_AGE = 'vergemålsloven § 9 (of age at 18); no one has more through another than that one has'
const CAPACITY = 'vergemålsloven § 22 (deprivation of legal capacity)'
const VERSIONS = 'design: a power holds only as far as the text it was given under and the text in force both have it'

const power = (what, more = {}) => {
  const [service, action] = what.split(' ')
  return { service, action, state: 'active', validFrom: START, validUntil: END, ...more }
}
const helper = { bornOn: '1985-11-21' }

/**
 * A giver has given a helper a power and lets her pass it on; she has passed it on to the one who asks.
 *
 * @param changes `given`: of what the helper was given; `offer`: of its offer; `own`: of what she passed on; `middle`: of
 *   herself; `asked`, `giver`, `rulings`.
 */
function passedOn(what, how, legalSource, answer, changes = {}) {
  const { given = {}, offer = {}, own = {}, middle = {}, giver = {}, asked = {}, rulings } = changes
  const above = [given].flat().map((one) => power(what, { passingOn: true, ...one }))
  const ground = {
    ...{ basis: 'mandate', id: 'mandate-1', powers: [own].flat().map((one) => power(what, one)) },
    parent: { id: 'mandate-0', middle: { ...helper, ...middle }, powers: above, ...offer },
  }
  return situation(
    `Passed on by a helper, to ${WORDS[what]}: ${how}.`,
    legalSource,
    { what, ...asked },
    { principal: { ...grownUp, ...giver }, grounds: [ground], ...(rulings === undefined ? {} : { rulings }) },
    answer,
  )
}
const READ = 'nav.pension read'
const yesUntil = (until, more) => yes('mandate', 'nav.pension', until, more)
const YES = yesUntil()
const refused = (reason, until = END) => no(reason, 'mandate', until)

const THINGS = {
  'nav.pension read': true,
  'nav.pension write': true,
  'muni.school communicate': true,
  'tax.card write': true,
  'tax.return sign': true,
  'health.appointments read': false,
  'land.registry read': false,
}
const things = Object.entries(THINGS).map(([what, may]) =>
  passedOn(
    what,
    may ? 'the giver and the service allow it' : 'the service does not let it be passed on, whatever the giver says',
    WITHIN,
    may ? yes('mandate', what.split(' ')[0]) : refused('power_withdrawn'),
  ),
)

/** What becomes of what the helper was given, and of what she passed on. */
const TIMES = [
  ['the giver has ended what the helper was given', { given: { state: 'ended' } }, refused('ended')],
  ['the helper has turned down what she was offered', { given: { state: 'declined' } }, refused('ended')],
  ['the giver took the offer to the helper back', { given: { state: 'cancelled' } }, refused('ended')],
  ['the giver has stopped the helper for a time', { given: { state: 'frozen' } }, refused('frozen')],
  [
    'what the helper was given is in its waiting time',
    { given: { state: 'held', validFrom: at(1) } },
    refused('held', at(1)),
  ],
  ['the helper has not accepted what she was offered', { given: { state: 'offered' } }, refused('not_accepted')],
  [
    'the helper may accept what she was offered within an hour',
    { given: { state: 'offered' }, offer: { answerBy: at(1) } },
    refused('not_accepted', at(1)),
  ],
  [
    'the helper has not accepted in time what she was offered',
    { given: { state: 'offered' }, offer: { answerBy: at(0) } },
    refused('ended'),
  ],
  ['what the helper was given begins in an hour', { given: { validFrom: at(1) } }, refused('not_yet_valid', at(1))],
  ['what the helper was given begins this very moment', { given: { validFrom: at(0) } }, YES],
  ['what the helper was given runs out in an hour', { given: { validUntil: at(1) } }, yesUntil(at(1))],
  ['what the helper was given runs out this very moment', { given: { validUntil: at(0) } }, refused('expired')],
  ['it was passed on for an hour more', { own: { validUntil: at(1) } }, yesUntil(at(1))],
  ['the time it was passed on for runs out this very moment', { own: { validUntil: at(0) } }, refused('expired')],
  ['the helper has ended what she passed on', { own: { state: 'ended' } }, refused('ended')],
  ['the helper has stopped for a time what she passed on', { own: { state: 'frozen' } }, refused('frozen')],
  ['the one it was passed on to has not accepted it', { own: { state: 'offered' } }, refused('not_accepted')],
]
const times = TIMES.map(([how, changes, answer]) => passedOn(READ, how, CALLED_BACK, answer, changes))

const ALLOWED = [
  ['the giver did not let the helper pass it on', { given: { passingOn: false } }, refused('power_not_covered')],
  [
    'the helper herself has it through another, and what was passed on is not passed on again',
    { given: { passingOn: false } },
    refused('power_not_covered'),
  ],
  [
    'the giver let the helper pass on another thing, to apply, but not this',
    { given: [{ passingOn: false }, { action: 'write' }] },
    refused('power_not_covered'),
  ],
  [
    'the helper has it twice, and the one that may be passed on runs out in an hour',
    { given: [{ passingOn: false }, { validUntil: at(1) }] },
    yesUntil(at(1)),
  ],
  [
    'the helper has it twice, and the one that might be passed on has been ended',
    { given: [{ passingOn: false }, { state: 'ended' }] },
    refused('power_not_covered'),
  ],
  [
    'the helper wrote that it may be passed on once more, which changes nothing for the one who has it',
    { own: { passingOn: true } },
    YES,
  ],
]
const allowed = ALLOWED.map(([how, changes, answer]) => passedOn(READ, how, WITHIN, answer, changes))

const OSLO = '958935420'
const BERGEN = '964338531'
const REACH = [
  [
    'the helper herself may only read what the school has written',
    { given: { action: 'read' } },
    refused('power_not_covered'),
  ],
  [
    'the helper herself may only write about the pension',
    { given: { service: 'nav.pension' } },
    refused('power_not_covered'),
  ],
  [
    'the helper herself may do it in one municipality, which asks',
    { given: { provider: OSLO }, asked: { provider: OSLO } },
    'yes',
  ],
  [
    'the helper herself may do it in one municipality, and another asks',
    { given: { provider: OSLO }, asked: { provider: BERGEN } },
    refused('provider_not_covered'),
  ],
  [
    'it was passed on for one of all municipalities, which asks',
    { own: { provider: OSLO }, asked: { provider: OSLO } },
    'yes',
  ],
  [
    'it was passed on for one of all municipalities, and another asks',
    { own: { provider: OSLO }, asked: { provider: BERGEN } },
    refused('provider_not_covered'),
  ],
  [
    'the helper herself may do it in one case, which is asked about',
    { given: { object: 'sak 14' }, asked: { object: 'sak 14' } },
    'yes',
  ],
  [
    'the helper herself may do it in one case, and another is asked about',
    { given: { object: 'sak 14' }, asked: { object: 'sak 15' } },
    refused('object_not_covered'),
  ],
  [
    'the helper herself may do it in one case, and all are asked about',
    { given: { object: 'sak 14' } },
    refused('object_not_covered'),
  ],
  [
    'it was passed on for one of all cases, which is asked about',
    { own: { object: 'sak 14' }, asked: { object: 'sak 14' } },
    'yes',
  ],
  [
    'it was passed on for another case than the one that the helper has',
    { given: { object: 'sak 14' }, own: { object: 'sak 15' }, asked: { object: 'sak 15' } },
    refused('object_not_covered'),
  ],
]
const reach = REACH.map(([how, changes, answer]) =>
  passedOn('muni.school communicate', how, WITHIN, answer === 'yes' ? yes('mandate', 'muni.school') : answer, changes),
)

const HELPERS = [
  [READ, 'the helper died last year', { diedOn: '2025-03-02' }, MIDDLE, refused('ended')],
  [READ, 'the helper dies today, by the register', { diedOn: '2026-03-02' }, MIDDLE, refused('ended')],
  [READ, 'the helper is registered as dying tomorrow', { diedOn: '2026-03-03' }, MIDDLE, yesUntil(at(12))],
  [READ, 'the number of the helper is closed for good', { ceased: true }, MIDDLE, refused('ended')],
  [READ, 'the helper is an organisation', { kind: 'organisation' }, MIDDLE, refused('ended')],
  [
    READ,
    'the helper has since lost legal capacity in money matters',
    { capacityLost: ['economic'] },
    CAPACITY,
    refused('representative_without_capacity'),
  ],
  [
    READ,
    'the helper has since lost legal capacity in a field that is not known',
    { capacityLost: ['unknown'] },
    CAPACITY,
    refused('representative_without_capacity'),
  ],
  [READ, 'the helper has since lost legal capacity in personal matters', { capacityLost: ['personal'] }, CAPACITY, YES],
  [READ, 'the helper is 17', { bornOn: aged(17) }, OF_AGE, refused('representative_too_young')],
  [READ, 'the helper is 18', { bornOn: aged(18) }, OF_AGE, YES],
  [READ, 'no register has told when the helper was born', { bornOn: null }, OF_AGE, refused('facts_missing')],
  [
    READ,
    'the helper has a protected address',
    { protectedAddress: true },
    'folkeregisterloven (protected address); no one has more through another than that one has',
    refused('not_available'),
  ],
  [
    'nav.pension write',
    'what the register says of the helper is a day old',
    { factsFreshAt: at(-24) },
    'design: facts no older than the risk class of the service allows',
    refused('facts_too_old'),
  ],
  [
    READ,
    'what the register says of the helper is a day old, and reading may go on',
    { factsFreshAt: at(-24) },
    'design: reading may go on where the catalogue says so',
    yesUntil(END, [{ type: 'stale_facts', freshAt: at(-24) }]),
  ],
]
const helpers = HELPERS.map(([what, how, middle, source, answer]) => passedOn(what, how, source, answer, { middle }))

const GIVERS = [
  [
    READ,
    'the giver has died',
    { diedOn: '2026-01-01' },
    'avtaleloven § 21; design: digital use stops',
    'principal_deceased',
  ],
  [READ, 'the giver is 17', { bornOn: aged(17) }, 'vergemålsloven § 9 (of age at 18)', 'principal_too_young'],
  [
    'nav.pension write',
    'the giver has since lost legal capacity in money matters',
    { capacityLost: ['economic'] },
    `avtaleloven § 22; ${CAPACITY}`,
    'capacity_lost',
  ],
]
const givers = GIVERS.map(([what, how, giver, source, reason]) =>
  passedOn(what, how, source, refused(reason), { giver }),
)

const RULED = [
  ['the giver lets no one act', { kind: 'reservation' }, {}, refused('reserved')],
  ['the giver does not let the helper act', { kind: 'reservation', representative: 'middle' }, {}, refused('reserved')],
  [
    'the giver does not let the one act whom it was passed on to',
    { kind: 'reservation', representative: 'actor' },
    {},
    refused('reserved'),
  ],
  ['the giver does not let someone else act', { kind: 'reservation', representative: 'per' }, {}, YES],
  [
    'the giver does not let the helper act in one case, and all are asked about',
    { kind: 'reservation', representative: 'middle', object: 'a' },
    {},
    yesUntil(STALE_AT['nav.pension'], [{ type: 'ask_for_each_object' }]),
  ],
  [
    'the giver does not let the helper act in one case, which is asked about',
    { kind: 'reservation', representative: 'middle', object: 'a' },
    { object: 'a' },
    refused('reserved'),
  ],
  [
    'a reservation against the helper begins in an hour',
    { kind: 'reservation', representative: 'middle', validFrom: at(1) },
    {},
    yesUntil(at(1)),
  ],
  [
    'the helper is registered as having a conflict of interest, which takes nothing from a mandate',
    { kind: 'conflict_of_interest', representative: 'middle' },
    {},
    YES,
  ],
]
const rulings = RULED.map(([how, ruling, asked, answer]) =>
  passedOn(READ, how, 'pasient- og brukerrettighetsloven § 3-4; the principal decides who helps', answer, {
    asked,
    rulings: [ruling],
  }),
)

const NEXT = { catalogue: 'catalogue-2.json', earlierCatalogues: ['catalogue.json'] }
const now = { catalogueVersion: 2 }
const substantial = { login: { level: 'substantial', proof: 'login_token' } }
const AT_SUBSTANTIAL = { type: 'assurance', level: 'substantial' }
const AT_HIGH = { type: 'assurance', level: 'high' }
/** What the second version of the catalogue changed, and what that does to what was given and passed on before or since. */
const CATALOGUES = [
  [
    'muni.school communicate',
    'the service no longer lets it be passed on',
    { given: {}, own: {} },
    refused('power_withdrawn'),
  ],
  [
    'health.appointments read',
    'the service lets it be passed on now, and did not when the giver allowed it',
    { given: {}, own: now },
    refused('power_withdrawn'),
  ],
  [
    'health.appointments read',
    'the service lets it be passed on, and did so when the giver allowed it',
    { given: now, own: now },
    yes('mandate', 'health.appointments'),
  ],
  [
    'nav.pension write',
    'the service no longer lets anyone do it by mandate',
    { given: {}, own: {} },
    refused('power_withdrawn'),
  ],
  [
    'nav.pension receive',
    'the service has added it since the helper was given it, and before it was passed on',
    { given: {}, own: now },
    refused('power_withdrawn'),
  ],
  ['nav.pension receive', 'the service had added it when the helper was given it', { given: now, own: now }, YES],
  [
    'tax.return sign',
    'the service asks for a weaker login now than when the helper was given it, and the login is the weaker',
    { given: {}, own: now, asked: substantial },
    no('step_up_required', 'mandate', END, [AT_HIGH]),
  ],
  [
    'tax.return sign',
    'the service asked for the weaker login already when the helper was given it, and the login is that',
    { given: now, own: now, asked: substantial },
    { ...yes('mandate', 'tax.return'), obligations: [AT_SUBSTANTIAL] },
  ],
]
const catalogues = CATALOGUES.map(([what, how, changes, answer]) => ({
  ...NEXT,
  ...passedOn(what, how, VERSIONS, answer, changes),
}))

const through = {
  ...{ basis: 'mandate', id: 'mandate-1', powers: [power(READ)] },
  parent: { id: 'mandate-0', middle: helper, powers: [power(READ, { passingOn: true, state: 'ended' })] },
}
const direct = { basis: 'mandate', id: 'mandate-2', powers: [power(READ)] }
const besides = [
  [[through, direct], 'has also given it to that other directly', yes('mandate', 'nav.pension')],
  [
    [through, { ...direct, powers: [power('tax.card read')] }],
    'has directly given that other only the tax card',
    refused('ended'),
  ],
].map(([grounds, how, answer]) =>
  situation(
    `What a helper passed on to another has ended with what she was given, and the giver ${how}.`,
    CALLED_BACK,
    { what: READ },
    { principal: grownUp, grounds },
    answer,
  ),
)

export const PASSING_ON = [
  ...things,
  ...times,
  ...allowed,
  ...reach,
  ...helpers,
  ...givers,
  ...rulings,
  ...catalogues,
  ...besides,
]
