import type { Catalogue } from '../../src/domain/catalogue.js'
import type { Ruling } from '../../src/domain/ground.js'
import type { MandateGround, ParentMandate, RepresentationId } from '../../src/domain/mandate.js'
import type { Party, PartyId } from '../../src/domain/party.js'
import { OSLO, catalogueOf, mandateRule, versionWith } from '../support/catalogue.js'
import type { Row } from './policy-matrix.js'
import {
  type Change,
  END,
  FRESH_UNTIL,
  HOUR,
  KARI,
  M2,
  MINUTE,
  START,
  type Situation,
  at,
  granted,
  mandate,
  ola,
  when,
} from './situation.js'

/** Kari has let Mari see her pension and pass that on; Mari has passed it on to Ola. */

export const MARI = 'party-mari' as PartyId
export const mari: Party = { ...ola, partyId: MARI }
export const parent: ParentMandate = {
  representationId: 'mandate-0' as RepresentationId,
  middle: mari,
  answerBy: null,
  powers: [{ ...granted, powerId: 'power-0', passingOn: true }],
}
export const passed: MandateGround = { ...mandate, parent }

const rule = { ...mandateRule('nav.pension'), passingOn: true }
const MAY_BE_PASSED_ON: Catalogue = catalogueOf(versionWith(1, 'nav.pension', { mandate: rule }))

interface Otherwise extends Change {
  readonly reserved?: Partial<Ruling>
  readonly parent?: Partial<ParentMandate>
  readonly above?: Partial<(typeof parent.powers)[number]>
  readonly mari?: Partial<Party>
}

function through({ parent: changed, above, mari: other, reserved, ...change }: Otherwise = {}): Situation {
  const middle = { ...mari, ...other }
  const powers = parent.powers.map((power) => ({ ...power, ...above }))
  const situation = when({
    catalogue: MAY_BE_PASSED_ON,
    ...change,
    mandate: { ...change.mandate, parent: { ...parent, middle, powers, ...changed } },
  })
  const rulings = reserved === undefined ? [] : [{ ...reservation, ...reserved }]
  return { ...situation, facts: { ...situation.facts, rulings } }
}

/** Kari lets no one act for her. */
const reservation: Ruling = {
  ...{ rulingId: 'ruling-1', kind: 'reservation', principal: KARI, representative: null },
  ...{ service: null, action: null, object: null, validFrom: START, validUntil: null },
}

const IN_AN_HOUR = at(HOUR)
const fresh = { factsFreshAt: at(-2 * HOUR) }
const HIGHER_SINCE = catalogueOf(
  versionWith(2, 'nav.pension', { assurance: 'high', mandate: rule }),
  MAY_BE_PASSED_ON.current,
)
const NO_LONGER = catalogueOf(versionWith(2, 'nav.pension', {}), MAY_BE_PASSED_ON.current)
const HIGHER_THEN = catalogueOf(
  MAY_BE_PASSED_ON.current,
  versionWith(2, 'nav.pension', { assurance: 'high', mandate: rule }),
)
const FROM_SIXTEEN = catalogueOf(versionWith(1, 'nav.pension', { mandate: { ...rule, representativeFromAge: 16 } }))
const NOT_THEN = catalogueOf(versionWith(2, 'nav.pension', { mandate: rule }), versionWith(1, 'nav.pension', {}))

export const PASSED_ON: readonly Row[] = [
  ['Mari has passed on to Ola what Kari let her pass on', through(), 'yes', 'mandate-1', FRESH_UNTIL],
  [
    'the parent ends before what was passed on',
    through({ above: { validUntil: IN_AN_HOUR } }),
    'yes',
    'mandate-1',
    IN_AN_HOUR,
  ],
  [
    'what was passed on ends before the parent',
    through({ granted: { validUntil: IN_AN_HOUR } }),
    'yes',
    'mandate-1',
    IN_AN_HOUR,
  ],
  ['the facts of the one in the middle are older', through({ mari: fresh }), 'yes', 'mandate-1', at(22 * HOUR)],
  ['the parent has ended', through({ above: { state: 'ended' } }), 'ended', 'mandate-1', END],
  ['the parent is frozen', through({ above: { state: 'frozen' } }), 'frozen', 'mandate-1', END],
  ['the parent has expired', through({ above: { validUntil: at(-MINUTE) } }), 'expired', 'mandate-1', END],
  ['the parent has not begun', through({ above: { validFrom: IN_AN_HOUR } }), 'not_yet_valid', 'mandate-1', IN_AN_HOUR],
  ['the parent is not accepted', through({ above: { state: 'offered' } }), 'not_accepted', 'mandate-1', END],
  [
    'the offer of the parent was not answered in time',
    through({ parent: { answerBy: at(-MINUTE) }, above: { state: 'offered' } }),
    'ended',
    'mandate-1',
    END,
  ],
  ['the parent has nothing', through({ parent: { powers: [] } }), 'ended', 'mandate-1', END],
  ['the parent names another action', through({ above: { action: 'write' } }), 'power_not_covered', 'mandate-1', END],
  ['the parent names one provider', through({ above: { provider: OSLO } }), 'provider_not_covered', 'mandate-1', END],
  ['the parent names one object', through({ above: { object: 'a' } }), 'object_not_covered', 'mandate-1', END],
  [
    'the parent names all objects, what was passed on the one that is asked about',
    through({ granted: { object: 'a' }, asked: { object: 'a' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'what was passed on has itself expired, whatever the parent says',
    through({ granted: { validUntil: at(-MINUTE) } }),
    'expired',
    'mandate-1',
    END,
  ],
  ['what was passed on is frozen by Mari', through({ granted: { state: 'frozen' } }), 'frozen', 'mandate-1', END],
  ['Kari did not let it be passed on', through({ above: { passingOn: false } }), 'power_not_covered', 'mandate-1', END],
  [
    'the catalogue lets it be passed on no more',
    through({ catalogue: NO_LONGER }),
    'power_withdrawn',
    'mandate-1',
    END,
  ],
  [
    'the catalogue it was given under did not let it be passed on',
    through({ catalogue: NOT_THEN }),
    'power_withdrawn',
    'mandate-1',
    END,
  ],
  [
    'the parent holds at a higher level since',
    through({ catalogue: HIGHER_SINCE, granted: { catalogueVersion: 2 } }),
    'step_up_required',
    'no one',
    null,
    [{ type: 'assurance', level: 'high' }],
  ],
  [
    'what was passed on was given under a higher level than the parent',
    through({ catalogue: HIGHER_THEN, granted: { catalogueVersion: 2 } }),
    'step_up_required',
    'mandate-1',
    END,
    [{ type: 'assurance', level: 'high' }],
  ],
  [
    'what was passed on has ended, and the parent is frozen',
    through({ granted: { state: 'ended' }, above: { state: 'frozen' } }),
    'ended',
    'mandate-1',
    END,
  ],
  [
    'what was passed on names the power, though its parent names another, and so tells more than a mandate elsewhere',
    through({
      grounds: [
        { ...passed, parent: { ...parent, powers: [{ ...granted, action: 'write' }] } },
        { ...mandate, representationId: M2, powers: [{ ...granted, provider: OSLO }] },
      ],
    }),
    'power_not_covered',
    'mandate-1',
    END,
  ],
  [
    'Mari was also given a service that has left the catalogue, and one that no one can be given any more',
    through({
      parent: {
        powers: ['nav.unheard-of', 'freg.move', 'nav.pension'].map((service) => ({
          ...granted,
          service,
          passingOn: true,
        })),
      },
    }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'Mari is sixteen, and the service takes representatives from sixteen on',
    through({ catalogue: FROM_SIXTEEN, mari: { bornOn: '2010-01-01' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  ['Mari is dead', through({ mari: { diedOn: '2026-03-02' } }), 'ended', 'mandate-1', END],
  [
    'Mari is said to die tomorrow',
    through({ mari: { diedOn: '2026-03-03' } }),
    'yes',
    'mandate-1',
    new Date('2026-03-02T23:00:00Z'),
  ],
  ['Mari’s number is closed', through({ mari: { ceased: true } }), 'ended', 'mandate-1', END],
  ['Mari is an organisation', through({ mari: { kind: 'organisation' } }), 'ended', 'mandate-1', END],
  [
    'Mari turns eighteen tomorrow',
    through({ mari: { bornOn: '2008-03-03' } }),
    'representative_too_young',
    'mandate-1',
    new Date('2026-03-02T23:00:00Z'),
  ],
  ['no register tells when Mari was born', through({ mari: { bornOn: null } }), 'facts_missing', 'mandate-1', END],
  [
    'Mari has lost capacity in the field',
    through({ mari: { capacityLost: ['economic'] } }),
    'representative_without_capacity',
    'mandate-1',
    END,
  ],
  [
    'Mari has lost capacity in another field',
    through({ mari: { capacityLost: ['personal'] } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  ['Mari has a protected address', through({ mari: { protectedAddress: true } }), 'not_available', 'mandate-1', END],
  ['Kari lets no one act for her', through({ reserved: {} }), 'reserved', 'mandate-1', END],
  ['Kari does not let Mari act for her', through({ reserved: { representative: MARI } }), 'reserved', 'mandate-1', END],
  [
    'Kari does not let another act for her',
    through({ reserved: { representative: 'party-per' as PartyId } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
  ],
  [
    'Kari does not let Mari act in one case, and all are asked about',
    through({ reserved: { representative: MARI, object: 'a' } }),
    'yes',
    'mandate-1',
    FRESH_UNTIL,
    [{ type: 'assurance', level: 'substantial' }, { type: 'ask_for_each_object' }],
  ],
  [
    'Mari is dead, and Kari lets no one act for her',
    through({ mari: { diedOn: '2026-03-02' }, reserved: {} }),
    'ended',
    'mandate-1',
    END,
  ],
  [
    'Mari has lost capacity in the field, and Kari does not let her act',
    through({ mari: { capacityLost: ['economic'] }, reserved: { representative: MARI } }),
    'representative_without_capacity',
    'mandate-1',
    END,
  ],
  [
    'the facts of Mari are unknown',
    through({
      mari: { factsFreshAt: null },
      granted: { action: 'write' },
      above: { action: 'write' },
      asked: { action: 'write' },
    }),
    'facts_too_old',
    'mandate-1',
    END,
  ],
]
