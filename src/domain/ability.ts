import { type MongoAbility, type RawRuleOf, createMongoAbility } from '@casl/ability'
import type { Basis, CatalogueVersion } from './catalogue.js'
import type { Power, RepresentationId } from './mandate.js'

type Rule = RawRuleOf<MongoAbility>

/** CASL reads the words `manage` and `all` as wildcards. A service may bear any name, so nothing is a wildcard here. */
const NO_WILDCARDS = { anyAction: '\0', anySubjectType: '\0' }

/**
 * Weighs what a ground gives against what its basis can never cover: one rule for each power with the representation's id
 * as reason, what is personal by law last, for in CASL the last rule that fits wins.
 *
 * @returns `given`, `personal`, or `not_given`.
 */
export function weigh(
  ground: { readonly basis: Basis; readonly representationId: RepresentationId },
  given: readonly Pick<Power, 'service' | 'action'>[],
  asked: Pick<Power, 'service' | 'action'>,
  catalogue: CatalogueVersion,
): 'given' | 'personal' | 'not_given' {
  const rules = given.map((power): Rule => ({
    action: power.action,
    subject: power.service,
    reason: ground.representationId,
  }))
  const ability = createMongoAbility([...rules, ...personalRules(ground.basis, asked.service, catalogue)], NO_WILDCARDS)
  const deciding = ability.relevantRuleFor(asked.action, asked.service)
  if (deciding === null) return 'not_given'
  return deciding.inverted ? 'personal' : 'given'
}

/** Of what the law keeps personal, the rules that say something of this basis and this service. */
function personalRules(basis: Basis, service: string, { personalByLaw }: CatalogueVersion): Rule[] {
  return personalByLaw
    .filter(({ bases, services }) => bases.includes(basis) && services.includes(service))
    .map(({ id, actions }) => ({ inverted: true, action: [...actions], subject: service, reason: id }))
}
