import type { Basis, GuardianRule } from '../../src/domain/catalogue.js'
import { reachesAge } from '../../src/domain/calendar.js'
import type { Obligation } from '../../src/domain/decide.js'
import type { Reason } from '../../src/domain/reasons.js'
import { LAW, lawCatalogue, lawVersion } from './law-catalogue.js'
import {
  KARI,
  type LawSituation,
  MARI,
  OLA,
  type Told,
  adult,
  alone,
  child,
  firm,
  given,
  grantedPension,
  id,
  jointSignatory,
  landGuardian,
  lasting,
  manager,
  mariHolds,
  olaHolds,
  pensionGuardian,
  ruling,
  scope,
  shared,
  told,
} from './law-situation.js'
import { END, HOUR, NOON, START, at } from './situation.js'

/**
 * The grounds that follow from law: one situation for each rule, one thing changed at a time. The answers are written
 * by hand from the sources that `docs/decision-order.md` names.
 */
export type LawRow = readonly [
  sentence: string,
  situation: LawSituation,
  answer: 'yes' | Reason,
  basis: 'no one' | 'self' | Basis,
  validUntil: Date | null,
  /** When left out: the level of the service with a yes, nothing with a no. */
  obligations?: readonly Obligation[],
]

/** Facts of an hour ago, in the three risk classes. */
const NORMAL = at(23 * HOUR)
const HIGHEST = at(5 * HOUR)
const birthday = (age: number): Date => reachesAge('2016-06-15', age)

const AS_HIGH: Obligation = { type: 'assurance', level: 'high' }
const AS_SUBSTANTIAL: Obligation = { type: 'assurance', level: 'substantial' }
const INTROSPECT: Obligation = { type: 'introspect' }
const EACH: Obligation = { type: 'ask_for_each_object' }

const parents = (change: Told): LawSituation => told(child, { grounds: [alone], holders: [olaHolds], ...change })
const both = (change: Told): LawSituation =>
  told(child, { grounds: [shared], holders: [olaHolds, mariHolds], service: 'tax.return', action: 'write', ...change })
const ward = (change: Told): LawSituation => told(adult, { grounds: [pensionGuardian], ...change })
const land = (change: Told): LawSituation =>
  told(adult, { grounds: [landGuardian], service: 'land.registry', action: 'sign', object: 'gnr. 12', ...change })
const chosen = (change: Told): LawSituation =>
  told(adult, { grounds: [lasting], rulings: [scope('nav.pension')], ...change })
const company = (change: Told): LawSituation =>
  told(firm, { grounds: [manager], service: 'tax.return', action: 'write', ...change })
const joint = (change: Told): LawSituation =>
  told(firm, {
    grounds: [jointSignatory],
    holders: [
      { ...olaHolds, representationId: id('role-1'), basis: 'organisation_role', says: 'SIFE' },
      { ...mariHolds, representationId: id('role-2'), basis: 'organisation_role', says: 'SIFE' },
    ],
    service: 'land.registry',
    action: 'sign',
    ...change,
  })
const mandated = (change: Told): LawSituation => told(adult, { grounds: [given], ...change })

/** The child is born so that it reaches the age at this very instant, or a second later. */
const AT_MIDNIGHT = { question: { instant: new Date('2026-03-01T23:00:00Z') } }
const A_SECOND_BEFORE = { question: { instant: new Date('2026-03-01T22:59:59Z') } }
const MIDNIGHT = AT_MIDNIGHT.question.instant

const turning = (years: number, change: Told): LawSituation =>
  parents({ principal: { bornOn: `${2026 - years}-03-02` }, ...change })

const LEAP_EVE = { question: { instant: new Date('2026-02-28T22:59:59Z') } }
const LEAP_DAY = { question: { instant: new Date('2026-02-28T23:00:00Z') } }
const FIRST_OF_MARCH = LEAP_DAY.question.instant
const leap = (change: Told): LawSituation => parents({ principal: { bornOn: '2008-02-29' }, ...change })

const parent: readonly LawRow[] = [
  ['a mother alone responsible reads', parents({}), 'yes', 'parent', NORMAL, [AS_SUBSTANTIAL]],
  ['one of two reads', both({ action: 'read' }), 'yes', 'parent', NORMAL],
  [
    'the register does not know who is responsible',
    parents({ grounds: [{ ...alone, responsibility: 'ukjent' }] }),
    'parental_responsibility_unknown',
    'parent',
    null,
  ],
  [
    'nothing is given to parents here',
    parents({ catalogue: lawCatalogue(lawVersion(2, 'nav.pension', { parent: null })) }),
    'power_not_covered',
    'parent',
    null,
  ],
  [
    'the responsibility begins in an hour',
    parents({ grounds: [{ ...alone, validFrom: at(HOUR) }] }),
    'not_yet_valid',
    'parent',
    at(HOUR),
  ],
  [
    'the responsibility begins now',
    parents({ grounds: [{ ...alone, validFrom: NOON }] }),
    'yes',
    'parent',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'the responsibility ends in an hour',
    parents({ grounds: [{ ...alone, validUntil: at(HOUR) }] }),
    'yes',
    'parent',
    at(HOUR),
    [AS_SUBSTANTIAL],
  ],
  ['the responsibility ended now', parents({ grounds: [{ ...alone, validUntil: NOON }] }), 'expired', 'parent', null],
  ['no parent votes for a child', parents({ service: 'vote' }), 'personal_by_law', 'parent', null],
  [
    'what is personal stays so when the responsibility ends',
    parents({ service: 'vote', grounds: [{ ...alone, validUntil: at(HOUR) }] }),
    'personal_by_law',
    'parent',
    null,
  ],
  [
    'what is personal stays so when the responsibility has ended',
    parents({ service: 'vote', grounds: [{ ...alone, validUntil: NOON }] }),
    'personal_by_law',
    'parent',
    null,
  ],
  [
    'the register has not told when the child was born',
    parents({ principal: { bornOn: null } }),
    'facts_missing',
    'parent',
    null,
  ],
  [
    'a parent of seventeen',
    parents({ actor: { bornOn: '2008-06-15' } }),
    'representative_too_young',
    'parent',
    reachesAge('2008-06-15', 18),
  ],
  [
    'a parent without capacity in money matters',
    parents({ actor: { capacityLost: ['economic'] } }),
    'representative_without_capacity',
    'parent',
    birthday(18),
  ],
  [
    'a parent without capacity in another field',
    parents({ actor: { capacityLost: ['personal'] } }),
    'yes',
    'parent',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'a parent without capacity in a field we do not know',
    parents({ actor: { capacityLost: ['unknown'] } }),
    'representative_without_capacity',
    'parent',
    birthday(18),
  ],
  ['the child is dead', parents({ principal: { diedOn: '2026-03-02' } }), 'principal_deceased', 'parent', birthday(18)],
  [
    'the child dies tomorrow',
    parents({ principal: { diedOn: '2026-03-03' } }),
    'yes',
    'parent',
    at(12 * HOUR),
    [AS_SUBSTANTIAL],
  ],
  [
    'the child’s number is closed',
    parents({ principal: { ceased: true } }),
    'principal_ceased',
    'parent',
    birthday(18),
  ],
  ['the parent’s number is closed', parents({ actor: { ceased: true } }), 'actor_ceased', 'no one', null],
  [
    'the child’s address is protected',
    parents({ principal: { protectedAddress: true } }),
    'not_available',
    'parent',
    birthday(18),
  ],
  [
    'the child’s address is protected, and it is named by handle',
    parents({ principal: { protectedAddress: true }, question: { principalNamedBy: 'handle' } }),
    'yes',
    'parent',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'the child’s address is protected where no one is helped',
    parents({
      service: 'muni.school',
      principal: { protectedAddress: true },
      question: { principalNamedBy: 'handle' },
    }),
    'not_available',
    'parent',
    birthday(18),
  ],
  ['the other parent has not approved', both({}), 'others_must_approve', 'parent', NORMAL],
  ['the other parent has approved', both({ approvedBy: [MARI] }), 'yes', 'parent', NORMAL],
  ['one has approved himself', both({ approvedBy: [OLA] }), 'others_must_approve', 'parent', NORMAL],
  ['a stranger has approved', both({ approvedBy: [KARI] }), 'others_must_approve', 'parent', NORMAL],
  [
    'the other parent has no number',
    both({ holders: [olaHolds, { ...mariHolds, representative: null }] }),
    'co_holder_not_identified',
    'parent',
    NORMAL,
  ],
  [
    'a third has no number, though the other parent has approved',
    both({
      approvedBy: [MARI],
      holders: [olaHolds, mariHolds, { ...mariHolds, representationId: id('parent-3'), representative: null }],
    }),
    'co_holder_not_identified',
    'parent',
    NORMAL,
  ],
  [
    'it is shared, and the register does not say with whom',
    both({ holders: [olaHolds] }),
    'co_holder_not_identified',
    'parent',
    NORMAL,
  ],
  [
    'the other parent is dead',
    both({ holders: [olaHolds, { ...mariHolds, diedOn: '2026-03-02' }] }),
    'yes',
    'parent',
    NORMAL,
  ],
  [
    'the other parent dies tomorrow',
    both({ holders: [olaHolds, { ...mariHolds, diedOn: '2026-03-03' }] }),
    'others_must_approve',
    'parent',
    at(12 * HOUR),
  ],
  [
    'one who lost the responsibility long before he died leaves it to no one',
    both({ holders: [olaHolds, { ...mariHolds, validUntil: START, diedOn: '2026-02-01' }] }),
    'co_holder_not_identified',
    'parent',
    NORMAL,
  ],
  [
    'the responsibility of the other ended with the death',
    both({ holders: [olaHolds, { ...mariHolds, validUntil: new Date('2026-01-31T23:00:00Z'), diedOn: '2026-02-01' }] }),
    'yes',
    'parent',
    NORMAL,
  ],
  [
    'alone responsible, one needs no one',
    both({ grounds: [alone], holders: [{ ...olaHolds, says: 'mor' }] }),
    'yes',
    'parent',
    NORMAL,
  ],
  [
    'alone responsible by one row, and another holds it too',
    both({ grounds: [alone] }),
    'others_must_approve',
    'parent',
    NORMAL,
  ],
  [
    'the responsibility of the other begins in an hour',
    both({ grounds: [alone], holders: [olaHolds, { ...mariHolds, validFrom: at(HOUR) }] }),
    'yes',
    'parent',
    at(HOUR),
  ],
  [
    'the same parent under two rows',
    both({ grounds: [alone], holders: [olaHolds, { ...olaHolds, representationId: id('parent-9') }] }),
    'yes',
    'parent',
    NORMAL,
  ],
  [
    'a sale of the child’s property without consent',
    both({ service: 'land.registry', action: 'sign', object: 'gnr. 12', approvedBy: [MARI] }),
    'consent_missing',
    'parent',
    birthday(18),
  ],
  [
    'a sale of the child’s property with consent to it',
    both({
      service: 'land.registry',
      action: 'sign',
      object: 'gnr. 12',
      approvedBy: [MARI],
      rulings: [ruling('consent', { object: 'gnr. 12' })],
    }),
    'yes',
    'parent',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
  [
    'a sale with consent, and the other has not approved',
    both({
      service: 'land.registry',
      action: 'sign',
      object: 'gnr. 12',
      rulings: [ruling('consent', { object: 'gnr. 12' })],
    }),
    'others_must_approve',
    'parent',
    HIGHEST,
  ],
  [
    'facts of the ground too old',
    parents({ action: 'write', grounds: [{ ...alone, factsFreshAt: at(-24 * HOUR) }] }),
    'facts_too_old',
    'parent',
    birthday(18),
  ],
  [
    'no one has told of the ground, and one may read on',
    parents({ grounds: [{ ...alone, factsFreshAt: null }] }),
    'yes',
    'parent',
    birthday(18),
    [AS_SUBSTANTIAL, { type: 'stale_facts', freshAt: null }],
  ],
]

const ages: readonly LawRow[] = [
  ['at eighteen it is over', turning(18, AT_MIDNIGHT), 'child_of_age', 'parent', null],
  ['a second before eighteen', turning(18, A_SECOND_BEFORE), 'yes', 'parent', MIDNIGHT, [AS_SUBSTANTIAL]],
  [
    'at sixteen in health',
    turning(16, { ...AT_MIDNIGHT, service: 'health.appointments', action: 'write' }),
    'age_band',
    'parent',
    reachesAge('2010-03-02', 18),
  ],
  [
    'a second before sixteen in health',
    turning(16, { ...A_SECOND_BEFORE, service: 'health.appointments', action: 'write' }),
    'yes',
    'parent',
    MIDNIGHT,
  ],
  [
    'at fifteen for the tax card',
    turning(15, { ...AT_MIDNIGHT, service: 'tax.card' }),
    'age_band',
    'parent',
    reachesAge('2011-03-02', 18),
  ],
  [
    'a second before fifteen for the tax card',
    turning(15, { ...A_SECOND_BEFORE, service: 'tax.card' }),
    'yes',
    'parent',
    MIDNIGHT,
    [AS_SUBSTANTIAL],
  ],
  [
    'at twelve parents see no appointments',
    turning(12, { ...AT_MIDNIGHT, service: 'health.appointments' }),
    'age_band',
    'parent',
    reachesAge('2014-03-02', 16),
  ],
  [
    'a second before twelve they see them',
    turning(12, { ...A_SECOND_BEFORE, service: 'health.appointments' }),
    'yes',
    'parent',
    MIDNIGHT,
  ],
  [
    'at twelve they still book',
    turning(12, { ...AT_MIDNIGHT, service: 'health.appointments', action: 'write' }),
    'yes',
    'parent',
    new Date('2026-03-03T10:00:00Z'),
  ],
  ['born on 29 February, of age on 1 March', leap(LEAP_DAY), 'child_of_age', 'parent', null],
  ['born on 29 February, not of age on 28 February', leap(LEAP_EVE), 'yes', 'parent', FIRST_OF_MARCH, [AS_SUBSTANTIAL]],
  [
    'of one who has grown up the former parent learns neither death',
    parents({ principal: { bornOn: '1990-01-01', diedOn: '2026-03-03' } }),
    'child_of_age',
    'parent',
    null,
  ],
  [
    'nor that something is ruled',
    parents({ principal: { bornOn: '1990-01-01' }, rulings: [ruling('reservation', { validUntil: END })] }),
    'child_of_age',
    'parent',
    null,
  ],
  [
    'nor that the address is protected',
    parents({ principal: { bornOn: '1990-01-01', protectedAddress: true } }),
    'child_of_age',
    'parent',
    null,
  ],
  [
    'a guardian of a minor, at eighteen',
    turning(18, { ...AT_MIDNIGHT, grounds: [{ ...pensionGuardian, guardianship: 'mindreaarig' }] }),
    'child_of_age',
    'guardian',
    null,
  ],
  [
    'a guardian of a minor, a second before',
    turning(18, { ...A_SECOND_BEFORE, grounds: [{ ...pensionGuardian, guardianship: 'mindreaarig' }] }),
    'yes',
    'guardian',
    MIDNIGHT,
    [AS_SUBSTANTIAL],
  ],
  [
    'a guardian of seventeen',
    ward({ actor: { bornOn: '2008-03-02' }, ...A_SECOND_BEFORE }),
    'representative_too_young',
    'guardian',
    MIDNIGHT,
  ],
  [
    'a guardian who turns eighteen',
    ward({ actor: { bornOn: '2008-03-02' }, ...AT_MIDNIGHT }),
    'yes',
    'guardian',
    new Date('2026-03-03T10:00:00Z'),
    [AS_SUBSTANTIAL],
  ],
]

const home: readonly LawRow[] = [
  [
    'the child lives with the one who asks',
    parents({ service: 'health.record' }),
    'yes',
    'parent',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
  [
    'the child lives with the other who is responsible',
    both({ service: 'health.record', action: 'read', holders: [{ ...olaHolds, residences: ['away'] }, mariHolds] }),
    'yes',
    'parent',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
  [
    'the child lives with neither',
    both({
      service: 'health.record',
      action: 'read',
      holders: [
        { ...olaHolds, residences: ['away'] },
        { ...mariHolds, residences: [] },
      ],
    }),
    'not_living_together',
    'parent',
    birthday(12),
  ],
  [
    'the child lives with one whose responsibility is unknown',
    both({
      service: 'health.record',
      action: 'read',
      holders: [
        { ...olaHolds, residences: ['away'] },
        { ...mariHolds, says: 'ukjent' },
      ],
    }),
    'not_living_together',
    'parent',
    birthday(12),
  ],
  [
    'the child lived with one who is dead',
    both({
      service: 'health.record',
      action: 'read',
      holders: [
        { ...olaHolds, residences: ['away'] },
        { ...mariHolds, diedOn: '2026-01-01' },
      ],
    }),
    'not_living_together',
    'parent',
    birthday(12),
  ],
  [
    'the child has two homes, and one is the parent’s',
    parents({ service: 'health.record', principal: { residences: ['away', 'home'] } }),
    'yes',
    'parent',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
]

const guardian: readonly LawRow[] = [
  ['a guardian for the pension reads', ward({}), 'yes', 'guardian', NORMAL, [AS_SUBSTANTIAL]],
  ['a guardian with another task', ward({ service: 'tax.return' }), 'power_not_covered', 'guardian', null],
  [
    'a guardian without a task',
    ward({ grounds: [{ ...pensionGuardian, tasks: [] }] }),
    'power_not_covered',
    'guardian',
    null,
  ],
  [
    'administration outside guardianship gives nothing',
    ward({ grounds: [{ ...pensionGuardian, guardianship: 'forvaltningUtenforVergemaal' }] }),
    'power_not_covered',
    'guardian',
    null,
  ],
  [
    'a ward without capacity is whom a guardian is there for',
    ward({ action: 'write', principal: { capacityLost: ['economic'] } }),
    'yes',
    'guardian',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'no guardian consents to health care',
    ward({ service: 'health.consents', action: 'consent' }),
    'personal_by_law',
    'guardian',
    null,
  ],
  ['a sale without consent', land({}), 'consent_missing', 'guardian', null],
  [
    'a sale with consent to that sale',
    land({ rulings: [ruling('consent', { object: 'gnr. 12' })] }),
    'yes',
    'guardian',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
  [
    'consent to another sale',
    land({ rulings: [ruling('consent', { object: 'gnr. 13' })] }),
    'consent_missing',
    'guardian',
    null,
  ],
  ['consent that names no sale', land({ rulings: [ruling('consent')] }), 'consent_missing', 'guardian', null],
  [
    'consent to another guardian',
    land({ rulings: [ruling('consent', { object: 'gnr. 12', representative: MARI })] }),
    'consent_missing',
    'guardian',
    null,
  ],
  [
    'consent to another action',
    land({ rulings: [ruling('consent', { object: 'gnr. 12', action: 'write' })] }),
    'consent_missing',
    'guardian',
    null,
  ],
  [
    'consent that begins in an hour',
    land({ rulings: [ruling('consent', { object: 'gnr. 12', validFrom: at(HOUR) })] }),
    'consent_missing',
    'guardian',
    at(HOUR),
  ],
  [
    'consent that has run out',
    land({ rulings: [ruling('consent', { object: 'gnr. 12', validUntil: NOON })] }),
    'consent_missing',
    'guardian',
    null,
  ],
  [
    'to look into the land register is no act that needs consent',
    land({ action: 'read' }),
    'yes',
    'guardian',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
  ['to apply is no such act either', land({ action: 'write' }), 'yes', 'guardian', HIGHEST, [AS_HIGH, INTROSPECT]],
]

const lastingPower: readonly LawRow[] = [
  ['the document names the service', chosen({}), 'yes', 'lasting_power', NORMAL, [AS_SUBSTANTIAL]],
  ['no one has registered what the document says', chosen({ rulings: [] }), 'scope_unknown', 'lasting_power', null],
  [
    'the document of another is registered',
    chosen({ rulings: [scope('nav.pension', { representative: MARI })] }),
    'scope_unknown',
    'lasting_power',
    null,
  ],
  [
    'the document names another service',
    chosen({ rulings: [scope('tax.card')] }),
    'power_not_covered',
    'lasting_power',
    null,
  ],
  [
    'the document names another action',
    chosen({ rulings: [scope('nav.pension', { action: 'write' })] }),
    'power_not_covered',
    'lasting_power',
    null,
  ],
  [
    'the document names this case',
    chosen({ object: 'sak 1', rulings: [scope('nav.pension', { object: 'sak 1' })] }),
    'yes',
    'lasting_power',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'the document names another case',
    chosen({ object: 'sak 2', rulings: [scope('nav.pension', { object: 'sak 1' })] }),
    'object_not_covered',
    'lasting_power',
    null,
  ],
  [
    'the document names one case, and all are asked about',
    chosen({ rulings: [scope('nav.pension', { object: 'sak 1' })] }),
    'object_not_covered',
    'lasting_power',
    null,
  ],
  [
    'what the document says begins in an hour',
    chosen({ rulings: [scope('nav.pension', { validFrom: at(HOUR) })] }),
    'power_not_covered',
    'lasting_power',
    at(HOUR),
  ],
  [
    'no document covers voting',
    chosen({ service: 'vote', rulings: [scope('vote')] }),
    'personal_by_law',
    'lasting_power',
    null,
  ],
  [
    'not even one that no one has registered',
    chosen({ service: 'vote', rulings: [] }),
    'personal_by_law',
    'lasting_power',
    null,
  ],
  [
    'a representative without capacity',
    chosen({ actor: { capacityLost: ['economic'] } }),
    'representative_without_capacity',
    'lasting_power',
    null,
  ],
]

const organisation: readonly LawRow[] = [
  ['a general manager files the return', company({}), 'yes', 'organisation_role', NORMAL],
  [
    'a board leader only reads it',
    company({ grounds: [{ ...manager, role: 'LEDE' }] }),
    'power_not_covered',
    'organisation_role',
    null,
  ],
  [
    'a role that no service names',
    company({ grounds: [{ ...manager, role: 'VARA' }] }),
    'power_not_covered',
    'organisation_role',
    null,
  ],
  [
    'a service that is not for organisations',
    company({ service: 'nav.pension' }),
    'power_not_covered',
    'organisation_role',
    null,
  ],
  [
    'the organisation is struck off',
    company({ principal: { ceased: true } }),
    'principal_ceased',
    'organisation_role',
    null,
  ],
  ['the role ended', company({ grounds: [{ ...manager, validUntil: NOON }] }), 'expired', 'organisation_role', null],
  ['one of two who sign in common', joint({}), 'others_must_approve', 'organisation_role', HIGHEST],
  [
    'both who sign in common',
    joint({ approvedBy: [MARI] }),
    'yes',
    'organisation_role',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
  [
    'the only one registered to sign in common',
    joint({ holders: [] }),
    'co_holder_not_identified',
    'organisation_role',
    HIGHEST,
  ],
  [
    'those of another role need not approve',
    joint({ holders: [{ ...mariHolds, basis: 'organisation_role', says: 'SIGN' }] }),
    'co_holder_not_identified',
    'organisation_role',
    HIGHEST,
  ],
  [
    'one who signs in common and alone',
    joint({ grounds: [jointSignatory, { ...manager, representationId: id('role-3'), role: 'SIGN' }] }),
    'yes',
    'organisation_role',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ],
]

const rulings: readonly LawRow[] = [
  ['the principal lets no one act', mandated({ rulings: [ruling('reservation')] }), 'reserved', 'mandate', END],
  [
    'the principal lets another not act',
    mandated({ rulings: [ruling('reservation', { representative: MARI })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'reserved in another service',
    mandated({ rulings: [ruling('reservation', { service: 'tax.card' })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'reserved in this service',
    mandated({ rulings: [ruling('reservation', { service: 'nav.pension' })] }),
    'reserved',
    'mandate',
    END,
  ],
  [
    'reserved for seeing',
    mandated({ rulings: [ruling('reservation', { action: 'read' })] }),
    'reserved',
    'mandate',
    END,
  ],
  [
    'all is reserved, and one case is asked about',
    mandated({ object: 'a', rulings: [ruling('reservation')] }),
    'reserved',
    'mandate',
    END,
  ],
  [
    'one case is reserved, and all are asked about',
    mandated({ rulings: [ruling('reservation', { object: 'a' })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL, EACH],
  ],
  [
    'one case is reserved, and it is asked about',
    mandated({ object: 'a', rulings: [ruling('reservation', { object: 'a' })] }),
    'reserved',
    'mandate',
    END,
  ],
  [
    'one case is reserved, and another is asked about',
    mandated({ object: 'b', rulings: [ruling('reservation', { object: 'a' })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'the reservation begins in an hour',
    mandated({ rulings: [ruling('reservation', { validFrom: at(HOUR) })] }),
    'yes',
    'mandate',
    at(HOUR),
    [AS_SUBSTANTIAL],
  ],
  [
    'the reservation ends now',
    mandated({ rulings: [ruling('reservation', { validUntil: NOON })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  ['a child in care', parents({ rulings: [ruling('care_order')] }), 'care_order', 'parent', birthday(18)],
  [
    'in care as to school, and the pension is asked about',
    parents({ rulings: [ruling('care_order', { service: 'muni.school' })] }),
    'yes',
    'parent',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'a conflict of interest at school, and the pension is asked about',
    parents({ rulings: [ruling('conflict_of_interest', { service: 'muni.school' })] }),
    'yes',
    'parent',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'set as guardian for one thing, no one for the rest, and all is asked about',
    ward({ rulings: [ruling('set_guardian', { representative: OLA, object: 'a' })] }),
    'yes',
    'guardian',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'the Statsforvalter has consented to a kind of acts, and no one act is named',
    told(adult, {
      ...{ grounds: [landGuardian], service: 'land.registry', action: 'sign' },
      rulings: [ruling('consent', { representative: OLA })],
    }),
    'consent_missing',
    'guardian',
    null,
  ],
  [
    'a mandate outlasts what parents hold, and the child’s eighteenth birthday',
    told(child, {
      service: 'tax.card',
      grounds: [{ ...given, powers: [{ ...grantedPension, service: 'tax.card' }] }],
      holders: [
        { ...olaHolds, validUntil: at(HOUR) },
        { ...mariHolds, diedOn: '2026-03-03' },
      ],
      principal: { bornOn: '2008-03-03' },
    }),
    'yes',
    'mandate',
    at(47 * HOUR),
    [AS_SUBSTANTIAL],
  ],
  [
    'whoever acts by law must be of age, also where a mandate takes younger ones',
    parents({
      actor: { bornOn: '2009-03-03' },
      catalogue: lawCatalogue(
        lawVersion(1, 'nav.pension', { mandate: { ...mandateOfPension(), representativeFromAge: 16 } }),
      ),
    }),
    'representative_too_young',
    'parent',
    reachesAge('2009-03-03', 18),
  ],
  ['the other parent has approved, until in an hour', approvedUntil(at(HOUR)), 'yes', 'parent', at(HOUR)],
  ['the other parent has approved, until now', approvedUntil(NOON), 'yes', 'parent', NORMAL],
  ['care concerns no guardian', ward({ rulings: [ruling('care_order')] }), 'yes', 'guardian', NORMAL, [AS_SUBSTANTIAL]],
  [
    'another guardian is set for this',
    parents({ rulings: [ruling('set_guardian', { representative: MARI })] }),
    'guardian_set_for_this',
    'parent',
    birthday(18),
  ],
  [
    'another guardian is set for one case of it',
    parents({ rulings: [ruling('set_guardian', { representative: MARI, object: 'a' })] }),
    'guardian_set_for_this',
    'parent',
    birthday(18),
  ],
  [
    'another guardian is set for another case',
    parents({ object: 'b', rulings: [ruling('set_guardian', { representative: MARI, object: 'a' })] }),
    'yes',
    'parent',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'the one who is set acts',
    ward({ rulings: [ruling('set_guardian', { representative: OLA })] }),
    'yes',
    'guardian',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'set for one case, while another is set for all',
    ward({
      rulings: [
        ruling('set_guardian', { representative: OLA, object: 'a' }),
        ruling('set_guardian', { rulingId: 's2', representative: MARI }),
      ],
    }),
    'guardian_set_for_this',
    'guardian',
    null,
  ],
  [
    'set for one case, and it is asked about',
    ward({
      object: 'a',
      rulings: [
        ruling('set_guardian', { representative: OLA, object: 'a' }),
        ruling('set_guardian', { rulingId: 's2', representative: MARI }),
      ],
    }),
    'yes',
    'guardian',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'a set guardian takes nothing from what the principal gave',
    mandated({ rulings: [ruling('set_guardian', { representative: MARI })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'a guardian with a conflict of interest',
    ward({ rulings: [ruling('conflict_of_interest', { representative: OLA })] }),
    'conflict_of_interest',
    'guardian',
    null,
  ],
  [
    'another has a conflict of interest',
    ward({ rulings: [ruling('conflict_of_interest', { representative: MARI })] }),
    'yes',
    'guardian',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'a conflict takes nothing from what the principal gave',
    mandated({ rulings: [ruling('conflict_of_interest', { representative: OLA })] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
]

const high = lawCatalogue(LAW, lawVersion(7, 'nav.pension', { assurance: 'high' }))
const substantially = { login: { level: 'substantial', authenticatedAt: null, proof: 'asserted' } } as const

const proposed = { source: 'made for tests', mark: { kind: 'proposed' } } as const
const taskAlone: GuardianRule = { ...proposed, business: 'a', task: 'a', actions: ['sign'], consentForAct: false }
const taskWithConsent: GuardianRule = { ...taskAlone, business: 'b', task: 'b', consentForAct: true }

function inOrder<T>(first: boolean, one: T, other: T): readonly T[] {
  return first ? [one, other] : [other, one]
}

const several: readonly LawRow[] = [
  [
    'the principal has lost capacity, and a mandate writes no more',
    mandated({
      action: 'write',
      grounds: [{ ...given, powers: [{ ...grantedPension, action: 'write' }] }],
      principal: { capacityLost: ['economic'] },
    }),
    'capacity_lost',
    'mandate',
    END,
  ],
  [
    'the principal has lost capacity, and a mandate reads on',
    mandated({ principal: { capacityLost: ['economic'] } }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'one who has lost capacity reads for himself',
    oneself({ capacityLost: ['economic'] }, 'read'),
    'yes',
    'self',
    null,
    [AS_SUBSTANTIAL],
  ],
  [
    'one who has lost capacity writes for himself',
    oneself({ capacityLost: ['economic'] }, 'write'),
    'self_without_capacity',
    'self',
    null,
  ],
  [
    'a grown-up child has given its mother a mandate',
    mandated({ grounds: [alone, given] }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
  [
    'an ended mandate tells less than one for which a stronger login is needed',
    mandated({
      catalogue: high,
      question: substantially,
      grounds: [
        { ...given, powers: [{ ...grantedPension, catalogueVersion: 7 }] },
        { ...given, representationId: id('mandate-2'), powers: [{ ...grantedPension, state: 'ended' }] },
      ],
    }),
    'step_up_required',
    'mandate',
    END,
    [AS_HIGH],
  ],
  [
    'what the law keeps personal tells more than that a parent could do it until an hour ago',
    told(child, {
      service: 'health.consents',
      action: 'consent',
      grounds: [
        { ...given, powers: [{ ...grantedPension, service: 'health.consents', action: 'consent' }] },
        { ...alone, validUntil: at(-HOUR) },
      ],
    }),
    'personal_by_law',
    'mandate',
    null,
  ],
  [
    'what the law keeps personal from a guardian tells more than that a parent could do it until an hour ago',
    told(child, {
      service: 'health.consents',
      action: 'consent',
      grounds: [pensionGuardian, { ...alone, validUntil: at(-HOUR) }],
    }),
    'personal_by_law',
    'guardian',
    null,
  ],
  [
    'a guardian of other matters tells less than a mandate that has ended',
    mandated({ grounds: [landGuardian, { ...given, powers: [{ ...grantedPension, state: 'ended' }] }] }),
    'ended',
    'mandate',
    null,
  ],
  [
    'a guardian until an hour ago tells more than a mandate about something else',
    mandated({
      grounds: [
        { ...pensionGuardian, validUntil: at(-HOUR) },
        { ...given, powers: [{ ...grantedPension, service: 'tax.card' }] },
      ],
    }),
    'expired',
    'guardian',
    END,
  ],
  [
    'what a lasting power names from tomorrow on is nothing to a guardian',
    mandated({
      service: 'tax.card',
      grounds: [pensionGuardian],
      rulings: [scope('tax.card', { validFrom: at(HOUR) })],
    }),
    'power_not_covered',
    'guardian',
    null,
  ],
  ...[false, true].map((theEasierFirst): LawRow => [
    `of two tasks the one that needs no consent is enough${theEasierFirst ? '' : ', also when it stands last'}`,
    land({
      grounds: [{ ...landGuardian, tasks: ['a/a', 'b/b'] }],
      catalogue: lawCatalogue(
        lawVersion(1, 'land.registry', { guardians: inOrder(theEasierFirst, taskAlone, taskWithConsent) }),
      ),
    }),
    'yes',
    'guardian',
    HIGHEST,
    [AS_HIGH, INTROSPECT],
  ]),
  [
    'of two yes the one on fresh facts counts, though the other lasts longer',
    told(child, {
      grounds: [
        { ...alone, factsFreshAt: at(-24 * HOUR) },
        { ...given, powers: [grantedPension] },
      ],
      catalogue: lawCatalogue(
        lawVersion(1, 'nav.pension', { mandate: { ...mandateOfPension(), principalFromAge: 0 } }),
      ),
    }),
    'yes',
    'mandate',
    NORMAL,
    [AS_SUBSTANTIAL],
  ],
]

function approvedUntil(approved: Date): LawSituation {
  const situation = both({ approvedBy: [MARI] })
  return { ...situation, facts: { ...situation.facts, approvedUntil: approved } }
}

function oneself(change: Partial<typeof adult>, action: 'read' | 'write'): LawSituation {
  const { question, facts, catalogue } = mandated({ action, principal: change, grounds: [] })
  return { question: { ...question, actor: KARI }, facts: { ...facts, actor: facts.principal }, catalogue }
}

function mandateOfPension() {
  const rule = LAW.services.find((service) => service.id === 'nav.pension')?.mandate
  if (rule === undefined || rule === null) throw new Error('the pension is given by mandate')
  return rule
}

export const LAW_ROWS: readonly LawRow[] = [
  ...parent,
  ...ages,
  ...home,
  ...guardian,
  ...lastingPower,
  ...organisation,
  ...rulings,
  ...several,
]
