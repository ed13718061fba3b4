import { END, START, STALE_AT, WORDS, aged, at, grownUp, no, situation, turns, yes } from './words.mjs'

const parent = { basis: 'parent', id: 'row-1', responsibility: 'mor' }
const guardian = { basis: 'guardian', id: 'guardian-1', guardianship: 'voksen', tasks: ['nav/pensjon'] }
const lasting = { basis: 'lasting_power', id: 'lasting-1' }
const scope = { kind: 'lasting_power_scope', representative: 'actor', service: 'nav.pension' }
const pension = { service: 'nav.pension', action: 'read', state: 'active', validFrom: START, validUntil: END }
const mandate = { basis: 'mandate', id: 'mandate-1', powers: [pension] }

const WHO = {
  mandate: ['a helper with a mandate', grownUp, mandate, [], END],
  parent: ['a mother', { bornOn: aged(9) }, parent, [], turns(9, 18)],
  guardian: ['a guardian', grownUp, guardian, [], null],
  lasting_power: ['the holder of a lasting power', grownUp, lasting, [scope], null],
}
/** For each basis, in the order of WHO: Y yes, N the reason that the ruling gives. */
const RULED = [
  ['the principal lets no one act', { kind: 'reservation' }, 'reserved', 'NNNN'],
  ['the principal lets this one not act', { kind: 'reservation', representative: 'actor' }, 'reserved', 'NNNN'],
  ['the principal lets another not act', { kind: 'reservation', representative: 'mari' }, 'reserved', 'YYYY'],
  ['the principal has reserved another service', { kind: 'reservation', service: 'tax.card' }, 'reserved', 'YYYY'],
  [
    'the principal has reserved to apply',
    { kind: 'reservation', service: 'nav.pension', action: 'write' },
    'reserved',
    'YYYY',
  ],
  ['the reservation ended this moment', { kind: 'reservation', validUntil: at(0) }, 'reserved', 'YYYY'],
  ['the child is in care by order', { kind: 'care_order' }, 'care_order', 'YNYY'],
  [
    'another guardian is set for the matter',
    { kind: 'set_guardian', representative: 'mari' },
    'guardian_set_for_this',
    'YNNY',
  ],
  [
    'another guardian is set in another service',
    { kind: 'set_guardian', representative: 'mari', service: 'tax.card' },
    'guardian_set_for_this',
    'YYYY',
  ],
  [
    'another guardian is set for one case in it',
    { kind: 'set_guardian', representative: 'mari', object: 'a' },
    'guardian_set_for_this',
    'YNNY',
  ],
  [
    'this one is the guardian who is set',
    { kind: 'set_guardian', representative: 'actor' },
    'guardian_set_for_this',
    'YYYY',
  ],
  [
    'this one has a conflict of interest',
    { kind: 'conflict_of_interest', representative: 'actor' },
    'conflict_of_interest',
    'YNNN',
  ],
  [
    'another has a conflict of interest',
    { kind: 'conflict_of_interest', representative: 'mari' },
    'conflict_of_interest',
    'YYYY',
  ],
]
const SOURCES = {
  reserved: 'pasient- og brukerrettighetsloven § 3-4; the principal decides who helps',
  care_order: 'barnevernsloven § 5-1',
  guardian_set_for_this: 'vergemålsloven §§ 16, 27 and 34 (setteverge)',
  conflict_of_interest: 'vergemålsloven §§ 16, 27 and 34',
}
const ruled = RULED.flatMap(([how, ruling, reason, letters]) =>
  Object.entries(WHO).map(([basis, [who, principal, ground, rulings, until]], index) =>
    situation(
      `When ${who} asks to see the pension case, ${how}.`,
      SOURCES[reason],
      { what: 'nav.pension read' },
      { principal, grounds: [ground], rulings: [...rulings, ruling] },
      letters[index] === 'Y' ? yes(basis, 'nav.pension') : no(reason, basis, until),
    ),
  ),
)

const EACH = { type: 'ask_for_each_object' }
const OBJECTS = [
  ['all of them', undefined, yes('mandate', 'nav.pension', STALE_AT['nav.pension'], [EACH])],
  ['that one', 'a', no('reserved', 'mandate', END)],
  ['another', 'b', yes('mandate', 'nav.pension')],
]
const objects = OBJECTS.map(([which, object, answer]) =>
  situation(
    `The principal has reserved one of several cases, and a helper asks to see ${which}.`,
    'pasient- og brukerrettighetsloven § 3-4 (vergeinnsynsreservasjon hides the single thing)',
    { what: 'nav.pension read', ...(object === undefined ? {} : { object }) },
    { principal: grownUp, grounds: [mandate], rulings: [{ kind: 'reservation', object: 'a' }] },
    answer,
  ),
)

const inTime = [
  [
    'a reservation that begins in an hour',
    { kind: 'reservation', validFrom: at(1) },
    yes('mandate', 'nav.pension', at(1)),
  ],
  ['a reservation that ends in an hour', { kind: 'reservation', validUntil: at(1) }, no('reserved', 'mandate', at(1))],
].map(([which, ruling, answer]) =>
  situation(
    `A helper asks to ${WORDS['nav.pension read']} under ${which}.`,
    SOURCES.reserved,
    { what: 'nav.pension read' },
    { principal: grownUp, grounds: [mandate], rulings: [ruling] },
    answer,
  ),
)

export const RULINGS = [...ruled, ...objects, ...inTime]
