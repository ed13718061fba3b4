import type { Obligation } from '../../src/domain/decide.js'
import type { GrantedPower } from '../../src/domain/mandate.js'
import type { Reason } from '../../src/domain/reasons.js'
import {
  BERGEN,
  CATALOGUE,
  EVERY_SERVICE,
  NAV,
  OSLO,
  catalogueOf,
  mandateRule,
  versionWith,
} from '../support/catalogue.js'
import { PASSED_ON } from './passed-on-matrix.js'
import {
  END,
  FRESH_AT,
  FRESH_UNTIL,
  HOUR,
  M2,
  MINUTE,
  NOON,
  START,
  type Situation,
  at,
  granted,
  mandate,
  when,
  whenKariHerself,
} from './situation.js'

/** Whom the answer is about: no one, Kari herself, or one of the two mandates. */
type About = 'no one' | 'self' | 'mandate-1' | 'mandate-2'

export type Row = readonly [
  sentence: string,
  situation: Situation,
  answer: 'yes' | Reason,
  about: About,
  validUntil: Date | null,
  /** When left out: the level of `nav.pension` with a yes, nothing with a no. */
  obligations?: readonly Obligation[],
]

const AS_HIGH: Obligation = { type: 'assurance', level: 'high' }
const AS_SUBSTANTIAL: Obligation = { type: 'assurance', level: 'substantial' }
const CHECKED_LOGIN = { level: 'high', proof: 'login_token' } as const
const DAYS_AGO = at(-24 * HOUR)
const TOMORROW = new Date('2026-03-02T23:00:00Z')
const IN_AN_HOUR = at(HOUR)

/** At the first millisecond of 2 March in Oslo, and at the last one before. */
const MIDNIGHT = { instant: new Date('2026-03-01T23:00:00Z') }
const BEFORE_MIDNIGHT = { instant: new Date('2026-03-01T22:59:59.999Z') }

const question: readonly Row[] = [
  ['Ola sees Kari’s pension, as her mandate says', when(), 'yes', 'mandate-1', FRESH_UNTIL],
  ['no one offers the service', when({ asked: { service: 'nav.unheard-of' } }), 'unknown_power', 'no one', null],
  ['the service has no such action', when({ asked: { action: 'sign' } }), 'unknown_power', 'no one', null],
  [
    'the service has left the catalogue since Kari gave her mandate',
    when({ catalogue: catalogueOf(versionWith(2, 'nav.pension', null), CATALOGUE) }),
    'unknown_power',
    'no one',
    null,
  ],
  [
    'the asking client is registered for another service only',
    when({ question: { entitledTo: ['muni.school'] } }),
    'not_entitled',
    'no one',
    null,
  ],
  [
    'the asking client is registered for nothing',
    when({ question: { entitledTo: [] } }),
    'not_entitled',
    'no one',
    null,
  ],
  [
    'the service’s word for the login is not enough where the risk is highest',
    when({ asked: { service: 'health.journal' }, login: { level: 'high' } }),
    'proof_of_login_required',
    'no one',
    null,
  ],
  [
    'Ola has logged in too weakly for the service',
    when({ login: { level: 'low' } }),
    'step_up_required',
    'no one',
    null,
    [AS_SUBSTANTIAL],
  ],
  [
    'Ola has logged in too weakly, and has no mandate either',
    when({ login: { level: 'low' }, grounds: [] }),
    'step_up_required',
    'no one',
    null,
    [AS_SUBSTANTIAL],
  ],
  [
    'Ola has logged in more strongly than he had to',
    when({ login: { level: 'high' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
]

const actor: readonly Row[] = [
  [
    'no one is known by the number Ola logged in with',
    when({ ola: null, login: CHECKED_LOGIN }),
    'actor_not_identified',
    'no one',
    null,
  ],
  ['a service asks about an actor no one knows', when({ ola: null }), 'no_registered_ground', 'no one', null],
  ['neither of the two is known', when({ ola: null, kari: null }), 'no_registered_ground', 'no one', null],
  [
    'Ola died last year',
    when({ ola: { diedOn: '2025-03-02' }, login: CHECKED_LOGIN }),
    'actor_deceased',
    'no one',
    null,
  ],
  [
    'Ola’s number is closed, and the register tells of his death tomorrow',
    when({ ola: { ceased: true, diedOn: '2026-03-03' }, login: CHECKED_LOGIN }),
    'actor_ceased',
    'no one',
    TOMORROW,
  ],
  ['Ola died today', when({ ola: { diedOn: '2026-03-02' }, login: CHECKED_LOGIN }), 'actor_deceased', 'no one', null],
  [
    'Ola’s day of death begins this very millisecond',
    when({ ola: { diedOn: '2026-03-02' }, login: CHECKED_LOGIN, question: MIDNIGHT }),
    'actor_deceased',
    'no one',
    null,
  ],
  [
    'Ola’s day of death begins the next millisecond',
    when({ ola: { diedOn: '2026-03-02' }, login: CHECKED_LOGIN, question: BEFORE_MIDNIGHT }),
    'yes',
    'mandate-1',
    MIDNIGHT.instant,
  ],
  [
    'a service asks about an actor who is dead',
    when({ ola: { diedOn: '2025-03-02' } }),
    'no_registered_ground',
    'no one',
    null,
  ],
  [
    'Ola has no mandate and dies tomorrow',
    when({ ola: { diedOn: '2026-03-03' }, login: CHECKED_LOGIN, grounds: [] }),
    'no_registered_ground',
    'no one',
    TOMORROW,
  ],
  [
    'a service asks about one who has no mandate and dies tomorrow',
    when({ ola: { diedOn: '2026-03-03' }, grounds: [] }),
    'no_registered_ground',
    'no one',
    null,
  ],
]

const herself: readonly Row[] = [
  ['Kari sees her own pension', whenKariHerself(), 'yes', 'self', null],
  ['Kari’s address is protected', whenKariHerself({ kari: { protectedAddress: true } }), 'yes', 'self', null],
  [
    'Kari’s address is protected, and she asks where no one may help her',
    whenKariHerself({ kari: { protectedAddress: true }, asked: { service: 'muni.school' } }),
    'yes',
    'self',
    null,
  ],
  ['no register has told of Kari for long', whenKariHerself({ kari: { factsFreshAt: null } }), 'yes', 'self', null],
  [
    'Kari turns sixteen this very millisecond',
    whenKariHerself({ kari: { bornOn: '2010-03-02' }, question: MIDNIGHT }),
    'yes',
    'self',
    null,
  ],
  [
    'Kari turns sixteen the next millisecond',
    whenKariHerself({ kari: { bornOn: '2010-03-02' }, question: BEFORE_MIDNIGHT }),
    'self_too_young',
    'self',
    MIDNIGHT.instant,
  ],
  [
    'Kari, born on 29 February, is still fifteen on the last of February',
    whenKariHerself({
      kari: { bornOn: '2008-02-29' },
      asked: { service: 'muni.school' },
      question: { instant: new Date('2023-02-28T22:59:59.999Z') },
    }),
    'self_too_young',
    'self',
    new Date('2023-02-28T23:00:00Z'),
  ],
  [
    'Kari, born on 29 February, comes of age on the first of March',
    whenKariHerself({
      kari: { bornOn: '2008-02-29' },
      asked: { service: 'muni.school' },
      question: { instant: new Date('2023-02-28T23:00:00Z') },
    }),
    'yes',
    'self',
    null,
  ],
  [
    'Kari is too young and will be dead before she is old enough',
    whenKariHerself({ kari: { bornOn: '2010-04-01', diedOn: '2026-03-03' } }),
    'self_too_young',
    'self',
    TOMORROW,
  ],
  [
    'Kari, who asks for herself, dies tomorrow',
    whenKariHerself({ kari: { diedOn: '2026-03-03' } }),
    'yes',
    'self',
    TOMORROW,
  ],
  [
    'the register has not told when Kari was born, and she asks for herself',
    whenKariHerself({ kari: { bornOn: null } }),
    'facts_missing',
    'self',
    null,
  ],
  [
    'an organisation logs in as itself: no one has told who in it acts',
    whenKariHerself({ kari: { kind: 'organisation', bornOn: null } }),
    'no_registered_ground',
    'no one',
    null,
  ],
  [
    'Kari herself is dead',
    whenKariHerself({ kari: { diedOn: '2026-03-01' }, login: CHECKED_LOGIN }),
    'actor_deceased',
    'no one',
    null,
  ],
  [
    'the law keeps voting personal, and so Kari votes',
    whenKariHerself({ asked: { service: 'vote' } }),
    'yes',
    'self',
    null,
  ],
]

const noGround: readonly Row[] = [
  ['Ola is a stranger to Kari', when({ grounds: [] }), 'no_registered_ground', 'no one', null],
  ['no one is known by the number asked about', when({ kari: null }), 'no_registered_ground', 'no one', null],
]

const inTime: readonly Row[] = [
  [
    'Ola has not yet accepted the offer',
    when({ granted: { state: 'offered' }, mandate: { answerBy: IN_AN_HOUR } }),
    'not_accepted',
    'mandate-1',
    IN_AN_HOUR,
  ],
  [
    'the offer can be accepted until it would have ended anyway',
    when({ granted: { state: 'offered' }, mandate: { answerBy: at(365 * 24 * HOUR) } }),
    'not_accepted',
    'mandate-1',
    END,
  ],
  ['the offer has no last day', when({ granted: { state: 'offered' } }), 'not_accepted', 'mandate-1', END],
  [
    'the offer lapses this very millisecond',
    when({ granted: { state: 'offered' }, mandate: { answerBy: NOON } }),
    'ended',
    'mandate-1',
    null,
  ],
  [
    'the offer lapses the next millisecond',
    when({ granted: { state: 'offered' }, mandate: { answerBy: at(1) } }),
    'not_accepted',
    'mandate-1',
    at(1),
  ],
  [
    'the offer lapsed, and then its time ran out as well',
    when({ granted: { state: 'offered', validUntil: at(-MINUTE) }, mandate: { answerBy: at(-HOUR) } }),
    'ended',
    'mandate-1',
    null,
  ],
  [
    'the time of the offer ran out while it could still be accepted',
    when({ granted: { state: 'offered', validUntil: NOON }, mandate: { answerBy: IN_AN_HOUR } }),
    'expired',
    'mandate-1',
    null,
  ],
  [
    'a held mandate takes effect tomorrow',
    when({ granted: { state: 'held', validFrom: TOMORROW } }),
    'held',
    'mandate-1',
    TOMORROW,
  ],
  ['a held mandate takes effect now', when({ granted: { state: 'held', validFrom: at(0) } }), 'yes', 'mandate-1', FRESH_UNTIL],
  ['a held mandate has taken effect', when({ granted: { state: 'held' } }), 'yes', 'mandate-1', FRESH_UNTIL],
  ['Kari has frozen the mandate', when({ granted: { state: 'frozen' } }), 'frozen', 'mandate-1', END],
  [
    'Kari has frozen a mandate that begins tomorrow',
    when({ granted: { state: 'frozen', validFrom: TOMORROW } }),
    'frozen',
    'mandate-1',
    END,
  ],
  [
    'Kari froze the mandate until it ran out',
    when({ granted: { state: 'frozen', validUntil: NOON } }),
    'expired',
    'mandate-1',
    null,
  ],
  ['Kari has ended the mandate', when({ granted: { state: 'ended' } }), 'ended', 'mandate-1', null],
  [
    'Kari ended the mandate before its time ran out',
    when({ granted: { state: 'ended', validUntil: NOON } }),
    'ended',
    'mandate-1',
    null,
  ],
  [
    'Ola accepted, and the time to answer has passed since',
    when({ mandate: { answerBy: at(-MINUTE) } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'the time to answer an offer and what it offers end at once',
    when({ granted: { state: 'offered', validUntil: NOON }, mandate: { answerBy: NOON } }),
    'ended',
    'mandate-1',
    null,
  ],
  ['Ola declined the mandate', when({ granted: { state: 'declined' } }), 'ended', 'mandate-1', null],
  ['Kari took the offer back', when({ granted: { state: 'cancelled' } }), 'ended', 'mandate-1', null],
  ['the mandate begins this very millisecond', when({ granted: { validFrom: NOON } }), 'yes', 'mandate-1', FRESH_UNTIL],
  [
    'the mandate begins the next millisecond',
    when({ granted: { validFrom: at(1) } }),
    'not_yet_valid',
    'mandate-1',
    at(1),
  ],
  ['the mandate ends this very millisecond', when({ granted: { validUntil: NOON } }), 'expired', 'mandate-1', null],
  ['the mandate ends the next millisecond', when({ granted: { validUntil: at(1) } }), 'yes', 'mandate-1', at(1)],
  ['the mandate has lost all its powers', when({ powers: [] }), 'ended', 'mandate-1', null],
]

const AT_OSLO: Partial<GrantedPower> = { service: 'muni.school', provider: OSLO }
const SCHOOL_AT_OSLO = { service: 'muni.school', provider: OSLO }

const coverage: readonly Row[] = [
  ['the mandate lets Ola see, not write', when({ asked: { action: 'write' } }), 'power_not_covered', 'mandate-1', END],
  ['the mandate is about another service', when({ asked: SCHOOL_AT_OSLO }), 'power_not_covered', 'mandate-1', END],
  [
    'the mandate is about another service, and frozen',
    when({ asked: SCHOOL_AT_OSLO, granted: { state: 'frozen' } }),
    'frozen',
    'mandate-1',
    END,
  ],
  [
    'seeing is frozen and writing was never given',
    when({
      asked: { action: 'communicate' },
      powers: [
        { ...granted, state: 'frozen' },
        { ...granted, powerId: 'power-2', action: 'write' },
      ],
    }),
    'power_not_covered',
    'mandate-1',
    END,
  ],
  [
    'seeing one thing is frozen, and another is not asked about',
    when({
      asked: { object: 'a' },
      powers: [
        { ...granted, object: 'a', state: 'frozen' },
        { ...granted, powerId: 'power-2', object: 'b' },
      ],
    }),
    'frozen',
    'mandate-1',
    END,
  ],
  [
    'one municipality, and that one',
    when({ asked: SCHOOL_AT_OSLO, granted: AT_OSLO }),
    'yes',
    'mandate-1',
    at(47 * HOUR),
  ],
  [
    'one municipality, and another one asks',
    when({ asked: { ...SCHOOL_AT_OSLO, provider: BERGEN }, granted: AT_OSLO }),
    'provider_not_covered',
    'mandate-1',
    END,
  ],
  [
    'one municipality, and the question names none',
    when({ asked: { service: 'muni.school' }, granted: AT_OSLO }),
    'provider_not_covered',
    'mandate-1',
    END,
  ],
  ['any provider, and one asks', when({ asked: { provider: NAV } }), 'yes', 'mandate-1', FRESH_UNTIL],
  [
    'one municipality, ended, and another one asks',
    when({ asked: { ...SCHOOL_AT_OSLO, provider: BERGEN }, granted: { ...AT_OSLO, state: 'ended' } }),
    'ended',
    'mandate-1',
    null,
  ],
  [
    'one case, and that one',
    when({ asked: { object: '2026/14' }, granted: { object: '2026/14' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'one case, and another is asked about',
    when({ asked: { object: '2026/15' }, granted: { object: '2026/14' } }),
    'object_not_covered',
    'mandate-1',
    END,
  ],
  ['one case, and none is named', when({ granted: { object: '2026/14' } }), 'object_not_covered', 'mandate-1', END],
  ['every case, and one is asked about', when({ asked: { object: '2026/14' } }), 'yes', 'mandate-1', FRESH_UNTIL],
  [
    'the name of the case differs in a capital letter',
    when({ asked: { object: 'Sak' }, granted: { object: 'sak' } }),
    'object_not_covered',
    'mandate-1',
    END,
  ],
  [
    'the name of the case differs in a space at its end',
    when({ asked: { object: 'sak ' }, granted: { object: 'sak' } }),
    'object_not_covered',
    'mandate-1',
    END,
  ],
  [
    'the name of the case looks the same in other bytes',
    when({ asked: { object: 'a\u030a' }, granted: { object: '\u00e5' } }),
    'object_not_covered',
    'mandate-1',
    END,
  ],
  [
    'an empty name of a case is not every case',
    when({ asked: { object: '2026/14' }, granted: { object: '' } }),
    'object_not_covered',
    'mandate-1',
    END,
  ],
  [
    'the right municipality and the wrong case come closer than the wrong municipality',
    when({
      asked: { ...SCHOOL_AT_OSLO, object: 'a' },
      powers: [
        { ...granted, ...AT_OSLO, provider: BERGEN },
        { ...granted, ...AT_OSLO, powerId: 'power-2', object: 'b' },
      ],
    }),
    'object_not_covered',
    'mandate-1',
    END,
  ],
  [
    'a power on a service called «all» is a power on that service',
    when({ asked: { service: 'all' }, granted: { service: 'all' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'a power on a service called «all» is no power on every service',
    when({ granted: { service: 'all' } }),
    'power_not_covered',
    'mandate-1',
    END,
  ],
  [
    'a power on a service called «manage» is no wildcard',
    when({ granted: { service: 'manage' } }),
    'power_not_covered',
    'mandate-1',
    END,
  ],
  [
    'a power on one service does not reach the one called «all»',
    when({ asked: { service: 'all' } }),
    'power_not_covered',
    'mandate-1',
    END,
  ],
]

/** Kari gave under version 1; version 2 is in force. */
const since = (change: Parameters<typeof versionWith>[2]) =>
  catalogueOf(versionWith(2, 'nav.pension', change), CATALOGUE)
/** Kari gave under version 1, which was as the change says; version 2 is in force. */
const under = (change: Parameters<typeof versionWith>[2]) =>
  catalogueOf({ ...CATALOGUE, version: 2 }, versionWith(1, 'nav.pension', change))

const catalogue: readonly Row[] = [
  [
    'the service has got a new action since',
    when({ catalogue: under({ actions: ['read', 'write'] }) }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'an action that can be given now could not be given then',
    when({ catalogue: under({ mandate: { ...mandateRule('nav.pension'), actions: ['write'] } }) }),
    'power_withdrawn',
    'mandate-1',
    END,
  ],
  ['the service was not there then', when({ catalogue: under(null) }), 'power_withdrawn', 'mandate-1', END],
  [
    'an action that could be given then can no longer be given',
    when({ catalogue: since({ mandate: { ...mandateRule('nav.pension'), actions: ['write'] } }) }),
    'power_withdrawn',
    'mandate-1',
    END,
  ],
  [
    'the service can no longer be given at all',
    when({ catalogue: since({ mandate: null }) }),
    'power_withdrawn',
    'mandate-1',
    END,
  ],
  [
    'the service could not be given at all then',
    when({ catalogue: under({ mandate: null }) }),
    'power_withdrawn',
    'mandate-1',
    END,
  ],
  [
    'the service asks for a stronger login now than then',
    when({ catalogue: since({ assurance: 'high' }) }),
    'step_up_required',
    'no one',
    null,
    [AS_HIGH],
  ],
  [
    'the service asks for a stronger login now, and Ola has one',
    when({ catalogue: since({ assurance: 'high' }), login: { level: 'high' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
    [AS_HIGH],
  ],
  [
    'the service asked for a stronger login then: that is what Kari agreed to',
    when({ catalogue: under({ assurance: 'high' }) }),
    'step_up_required',
    'mandate-1',
    END,
    [AS_HIGH],
  ],
  [
    'the service asked for a stronger login then, and Ola has one',
    when({ catalogue: under({ assurance: 'high' }), login: { level: 'high' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
    [AS_HIGH],
  ],
  [
    'the higher age limit of today counts',
    when({
      catalogue: since({ mandate: { ...mandateRule('nav.pension'), principalFromAge: 76 } }),
    }),
    'principal_too_young',
    'mandate-1',
    new Date('2026-05-16T22:00:00Z'),
  ],
  [
    'a power given anew under the version in force makes up for one that was withdrawn',
    when({
      catalogue: under(null),
      powers: [granted, { ...granted, powerId: 'power-2', catalogueVersion: 2, validUntil: IN_AN_HOUR, object: 'a' }],
      asked: { object: 'a' },
    }),
    'yes',
    'mandate-1',
    IN_AN_HOUR,
  ],
  [
    'a power given anew at a lower level serves, though the older one lasts longer',
    when({
      catalogue: under({ assurance: 'high' }),
      powers: [granted, { ...granted, powerId: 'power-2', catalogueVersion: 2, validUntil: IN_AN_HOUR, object: 'a' }],
      asked: { object: 'a' },
    }),
    'yes',
    'mandate-1',
    IN_AN_HOUR,
  ],
  [
    'in an hour a power begins for which Ola is logged in well enough',
    when({
      catalogue: under({ assurance: 'high' }),
      powers: [granted, { ...granted, powerId: 'power-2', catalogueVersion: 2, validFrom: IN_AN_HOUR, object: 'a' }],
      asked: { object: 'a' },
    }),
    'step_up_required',
    'mandate-1',
    IN_AN_HOUR,
    [AS_HIGH],
  ],
]

const [PERSONAL_VOTE] = CATALOGUE.personalByLaw
const ALL_IS_PERSONAL = {
  ...CATALOGUE,
  personalByLaw: PERSONAL_VOTE === undefined ? [] : [{ ...PERSONAL_VOTE, services: ['all', 'manage'] }],
}

const personal: readonly Row[] = [
  [
    'the law keeps a service called «all» personal, and no other',
    when({ catalogue: catalogueOf(ALL_IS_PERSONAL) }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'the law keeps a service called «all» personal',
    when({ catalogue: catalogueOf(ALL_IS_PERSONAL), asked: { service: 'all' }, granted: { service: 'all' } }),
    'personal_by_law',
    'mandate-1',
    null,
  ],
  [
    'Kari has let Ola vote for her: the law has the last word',
    when({ asked: { service: 'vote' }, granted: { service: 'vote' } }),
    'personal_by_law',
    'mandate-1',
    null,
  ],
  [
    'voting stays personal without such a mandate too',
    when({ asked: { service: 'vote' } }),
    'personal_by_law',
    'mandate-1',
    null,
  ],
  [
    'voting stays personal when the mandate has ended',
    when({ asked: { service: 'vote' }, granted: { service: 'vote', state: 'ended' } }),
    'personal_by_law',
    'mandate-1',
    null,
  ],
  [
    'consents in the health service are the person’s own',
    when({
      asked: { service: 'health.journal', action: 'consent' },
      granted: { service: 'health.journal', action: 'consent' },
      login: CHECKED_LOGIN,
    }),
    'personal_by_law',
    'mandate-1',
    null,
  ],
]

const BORN_18_YEARS_AGO = { bornOn: '2008-03-02' }

const people: readonly Row[] = [
  ['Kari died last week', when({ kari: { diedOn: '2026-02-25' } }), 'principal_deceased', 'mandate-1', END],
  ['Kari died today', when({ kari: { diedOn: '2026-03-02' } }), 'principal_deceased', 'mandate-1', END],
  ['Kari dies tomorrow', when({ kari: { diedOn: '2026-03-03' } }), 'yes', 'mandate-1', TOMORROW],
  ['Ola dies tomorrow', when({ ola: { diedOn: '2026-03-03' } }), 'yes', 'mandate-1', TOMORROW],
  [
    'Kari’s day of death begins the next millisecond',
    when({ kari: { diedOn: '2026-03-02' }, question: BEFORE_MIDNIGHT }),
    'yes',
    'mandate-1',
    MIDNIGHT.instant,
  ],
  [
    'Kari’s day of death begins this very millisecond',
    when({ kari: { diedOn: '2026-03-02' }, question: MIDNIGHT }),
    'principal_deceased',
    'mandate-1',
    END,
  ],
  [
    'Kari is dead and her mandate had ended',
    when({ kari: { diedOn: '2026-02-25' }, granted: { state: 'ended' } }),
    'ended',
    'mandate-1',
    null,
  ],
  [
    'Kari’s address is protected and the service has her number',
    when({ kari: { protectedAddress: true } }),
    'not_available',
    'mandate-1',
    END,
  ],
  [
    'Kari’s address is protected and the service has a handle',
    when({ kari: { protectedAddress: true }, question: { principalNamedBy: 'handle' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'Ola’s address is protected and the service has numbers',
    when({ ola: { protectedAddress: true } }),
    'not_available',
    'mandate-1',
    END,
  ],
  [
    'Ola’s address is protected and the service has a handle',
    when({ ola: { protectedAddress: true }, question: { principalNamedBy: 'handle' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'Kari’s address is protected and the service lets no one help',
    when({
      kari: { protectedAddress: true },
      asked: SCHOOL_AT_OSLO,
      granted: AT_OSLO,
      question: { principalNamedBy: 'handle' },
    }),
    'not_available',
    'mandate-1',
    END,
  ],
  [
    'Ola’s address is protected and the service lets no such one help',
    when({
      ola: { protectedAddress: true },
      asked: SCHOOL_AT_OSLO,
      granted: AT_OSLO,
      question: { principalNamedBy: 'handle' },
    }),
    'not_available',
    'mandate-1',
    END,
  ],
  [
    'Kari’s address is protected and she dies tomorrow',
    when({ kari: { protectedAddress: true, diedOn: '2026-03-03' } }),
    'not_available',
    'mandate-1',
    TOMORROW,
  ],
  ['the register has not told when Kari was born', when({ kari: { bornOn: null } }), 'facts_missing', 'mandate-1', END],
  ['the register has not told when Ola was born', when({ ola: { bornOn: null } }), 'facts_missing', 'mandate-1', END],
  [
    'Kari turns eighteen this very millisecond',
    when({ kari: BORN_18_YEARS_AGO, question: MIDNIGHT }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'Kari turns eighteen the next millisecond',
    when({ kari: BORN_18_YEARS_AGO, question: BEFORE_MIDNIGHT }),
    'principal_too_young',
    'mandate-1',
    MIDNIGHT.instant,
  ],
  [
    'Ola turns eighteen this very millisecond',
    when({ ola: BORN_18_YEARS_AGO, question: MIDNIGHT }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'Ola turns eighteen the next millisecond',
    when({ ola: BORN_18_YEARS_AGO, question: BEFORE_MIDNIGHT }),
    'representative_too_young',
    'mandate-1',
    MIDNIGHT.instant,
  ],
  [
    'Kari is too young, and the mandate ends before she is old enough',
    when({ kari: { bornOn: '2009-03-02' } }),
    'principal_too_young',
    'mandate-1',
    END,
  ],
  [
    'an organisation has no age',
    when({ kari: { kind: 'organisation', bornOn: null } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
]

const STALE = (freshAt: Date | null): readonly Obligation[] => [AS_SUBSTANTIAL, { type: 'stale_facts', freshAt }]
const WRITES = { asked: { action: 'write' }, granted: { action: 'write' } } as const

const freshness: readonly Row[] = [
  [
    'the facts of Kari are too old this very millisecond',
    when({ ...WRITES, kari: { factsFreshAt: DAYS_AGO } }),
    'facts_too_old',
    'mandate-1',
    END,
  ],
  [
    'the facts of Ola are too old this very millisecond',
    when({ ...WRITES, ola: { factsFreshAt: DAYS_AGO } }),
    'facts_too_old',
    'mandate-1',
    END,
  ],
  [
    'the facts are too old the next millisecond',
    when({ ...WRITES, kari: { factsFreshAt: at(1 - 24 * HOUR) } }),
    'yes',
    'mandate-1',
    at(1),
  ],
  [
    'no register has told of Kari',
    when({ ...WRITES, kari: { factsFreshAt: null } }),
    'facts_too_old',
    'mandate-1',
    END,
  ],
  [
    'the facts are too old and Kari dies tomorrow',
    when({ ...WRITES, kari: { factsFreshAt: null, diedOn: '2026-03-03' } }),
    'facts_too_old',
    'mandate-1',
    TOMORROW,
  ],
  [
    'seeing goes on while the facts are too old',
    when({ kari: { factsFreshAt: DAYS_AGO } }),
    'yes',
    'mandate-1',
    END,
    STALE(DAYS_AGO),
  ],
  [
    'seeing goes on while the facts of one are too old and no register has told of the other',
    when({ kari: { factsFreshAt: DAYS_AGO }, ola: { factsFreshAt: null } }),
    'yes',
    'mandate-1',
    END,
    STALE(null),
  ],
  [
    'of two that are too old the older one is told',
    when({ kari: { factsFreshAt: DAYS_AGO }, ola: { factsFreshAt: at(-30 * HOUR) } }),
    'yes',
    'mandate-1',
    END,
    STALE(at(-30 * HOUR)),
  ],
  [
    'seeing does not go on where the service forbids it',
    when({
      kari: { factsFreshAt: at(-6 * HOUR) },
      asked: { service: 'health.journal' },
      granted: { service: 'health.journal' },
      login: CHECKED_LOGIN,
    }),
    'facts_too_old',
    'mandate-1',
    END,
  ],
  [
    'where the risk is highest the service asks about each token',
    when({ asked: { service: 'health.journal' }, granted: { service: 'health.journal' }, login: CHECKED_LOGIN }),
    'yes',
    'mandate-1',
    new Date(FRESH_AT.getTime() + 6 * HOUR),
    [AS_HIGH, { type: 'introspect' }],
  ],
]

const second = { ...mandate, representationId: M2 }
const severalGrounds: readonly Row[] = [
  [
    'one mandate has ended, another is in force',
    when({ grounds: [{ ...mandate, powers: [{ ...granted, state: 'ended' }] }, second] }),
    'yes',
    'mandate-2',
    FRESH_UNTIL,
  ],
  [
    'of two in force the one that lasts longer is named',
    when({
      grounds: [
        { ...mandate, powers: [{ ...granted, validUntil: at(MINUTE) }] },
        { ...second, powers: [{ ...granted, validUntil: IN_AN_HOUR }] },
      ],
    }),
    'yes',
    'mandate-2',
    IN_AN_HOUR,
  ],
  [
    'of two that last equally long the first by id is named',
    when({ grounds: [second, mandate] }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'of two that do not cover it the one that comes closer is named, until either changes',
    when({
      grounds: [
        { ...mandate, powers: [{ ...granted, state: 'frozen' }] },
        { ...second, powers: [{ ...granted, validFrom: IN_AN_HOUR }] },
      ],
    }),
    'frozen',
    'mandate-1',
    IN_AN_HOUR,
  ],
  [
    'of two that begin later the one that begins first is named',
    when({
      grounds: [
        { ...mandate, powers: [{ ...granted, validFrom: at(2 * HOUR) }] },
        { ...second, powers: [{ ...granted, validFrom: IN_AN_HOUR }] },
      ],
    }),
    'not_yet_valid',
    'mandate-2',
    IN_AN_HOUR,
  ],
  [
    'an expired mandate beside an ended one',
    when({
      grounds: [
        { ...mandate, powers: [{ ...granted, state: 'ended' }] },
        { ...second, powers: [{ ...granted, validUntil: NOON }] },
      ],
    }),
    'expired',
    'mandate-2',
    null,
  ],
  [
    'a mandate that named the power and has ended says more than one about something else',
    when({
      grounds: [
        { ...mandate, powers: [{ ...granted, state: 'ended' }] },
        { ...second, powers: [{ ...granted, service: 'all' }] },
      ],
    }),
    'ended',
    'mandate-1',
    END,
  ],
  [
    'a mandate for another municipality does not name the power',
    when({
      asked: SCHOOL_AT_OSLO,
      grounds: [
        { ...mandate, powers: [{ ...granted, ...AT_OSLO, validUntil: NOON }] },
        { ...second, powers: [{ ...granted, ...AT_OSLO, provider: BERGEN }] },
      ],
    }),
    'expired',
    'mandate-1',
    END,
  ],
  [
    'a withdrawn power is named beside a mandate about something else',
    when({
      catalogue: since({ mandate: null }),
      grounds: [{ ...mandate, powers: [{ ...granted, service: 'all' }] }, second],
    }),
    'power_withdrawn',
    'mandate-2',
    END,
  ],
  [
    'a withdrawn power comes closer than one that was ended',
    when({
      catalogue: since({ mandate: null }),
      grounds: [{ ...mandate, powers: [{ ...granted, state: 'ended' }] }, second],
    }),
    'power_withdrawn',
    'mandate-2',
    END,
  ],
  [
    'within one mandate a frozen power comes closer than one that begins later',
    when({
      powers: [
        { ...granted, validFrom: TOMORROW },
        { ...granted, powerId: 'power-2', state: 'frozen' },
      ],
    }),
    'frozen',
    'mandate-1',
    TOMORROW,
  ],
  [
    'within one mandate too the power that comes closest counts',
    when({
      powers: [
        { ...granted, validUntil: START },
        { ...granted, powerId: 'power-2', validFrom: TOMORROW },
        { ...granted, powerId: 'power-3', state: 'held', validFrom: TOMORROW },
      ],
    }),
    'not_yet_valid',
    'mandate-1',
    TOMORROW,
  ],
  [
    'of two powers in force within one mandate the longer one counts',
    when({
      asked: { object: 'a' },
      powers: [
        { ...granted, validUntil: at(MINUTE) },
        { ...granted, powerId: 'power-2', object: 'a', validUntil: IN_AN_HOUR },
      ],
    }),
    'yes',
    'mandate-1',
    IN_AN_HOUR,
  ],
  [
    'the client is registered for every service but this one',
    when({ question: { entitledTo: EVERY_SERVICE.filter((id) => id !== 'nav.pension') } }),
    'not_entitled',
    'no one',
    null,
  ],
]

/** The policy matrix: Kari, Ola, her mandate and one thing changed in each row. */
export const ROWS: readonly Row[] = [
  ...question,
  ...actor,
  ...herself,
  ...noGround,
  ...inTime,
  ...coverage,
  ...catalogue,
  ...personal,
  ...people,
  ...freshness,
  ...severalGrounds,
  ...PASSED_ON,
]
