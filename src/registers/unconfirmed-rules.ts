import type { CatalogueVersion, LegalSource, ParentRule, Service } from '../domain/catalogue.js'
import { LEGAL_RULES, type LegalRule } from '../domain/legal-rules.js'

interface Rule extends LegalSource {
  readonly rule: string
}

/**
 * The public list of what we take for law without anyone in authority having confirmed it, as Markdown: first the rules
 * that have a source, those of every service before those of each, then the choices that are ours alone.
 */
export function unconfirmedRules(catalogue: CatalogueVersion): string {
  const rules = allRules(catalogue)
  const open = rules.filter(isProposed)
  return [
    '# Rules that nobody has confirmed',
    '',
    `Made from the catalogue, version ${catalogue.version}, and \`src/domain/legal-rules.ts\`; a test keeps it in step.`,
    `${open.length} of ${rules.length} rules are our reading of the source named beside them.`,
    'They count as confirmed when someone with the authority to do so has put a name and a day to them there.',
    '',
    ...table(
      ['Rule', 'Source'],
      open.map(({ rule, source }) => [rule, source]),
    ),
    '',
    '## Choices without a source',
    '',
    'No source sets these; they are proposals for every service.',
    'So are the limits of requests, letters and invitations: [Asking, inviting, stopping](requests.md).',
    '',
    ...table(
      [
        ...['Service', 'Field', 'Own use from', 'Level', 'Sensitivity', 'Risk class', 'Protected address'],
        'Read on stale facts',
      ],
      catalogue.services.map(choicesOf),
    ),
    '',
  ].join('\n')
}

/** How many rules no one has confirmed. */
export function unconfirmedRuleCount(catalogue: CatalogueVersion): number {
  return allRules(catalogue).filter(isProposed).length
}

function allRules(catalogue: CatalogueVersion): readonly Rule[] {
  return [
    ...Object.values(LEGAL_RULES).map(generalRule),
    ...catalogue.services.flatMap(rulesOf),
    ...personalRules(catalogue),
  ]
}

function isProposed({ mark }: Rule): boolean {
  return mark.kind === 'proposed'
}

function generalRule({ rule, value, source, mark }: LegalRule<number | readonly string[]>): Rule {
  return {
    rule: `every service: ${rule}: ${typeof value === 'number' ? String(value) : value.join(', ')}`,
    source,
    mark,
  }
}

function rulesOf(service: Service): readonly Rule[] {
  return [...mandateRules(service), ...parentRules(service), ...guardianRules(service), ...otherRules(service)]
}

function mandateRules({ id, mandate }: Service): readonly Rule[] {
  if (mandate === null) return []
  const { principalFromAge: giver, representativeFromAge: helper, defaultMonths, maximumMonths } = mandate
  const terms = [
    `giver from ${giver}, helper from ${helper}`,
    `${defaultMonths} months, at most ${maximumMonths}`,
    mandate.acceptance ? 'to be accepted' : 'without acceptance',
    mandate.passingOn ? 'may be passed on once' : 'never passed on',
  ]
  return [{ ...mandate, rule: `${id} by mandate: ${mandate.actions.join(', ')}; ${terms.join('; ')}` }]
}

function parentRules({ id, parent }: Service): readonly Rule[] {
  if (parent === null) return []
  const terms = [parent.actions.join(', '), ...parentTerms(parent)]
  return [{ ...parent, rule: `${id} for a parent until ${parent.untilAge}: ${terms.join('; ')}` }]
}

function parentTerms({ reduced, bothParents, consentForAct, coResidence }: ParentRule): readonly string[] {
  return [
    reduced === null ? '' : `from ${reduced.fromAge} only: ${reduced.actions.join(', ')}`,
    bothParents.length === 0 ? '' : `both parents: ${bothParents.join(', ')}`,
    consentForAct.length === 0 ? '' : `the act needs the consent of the Statsforvalter: ${consentForAct.join(', ')}`,
    coResidence ? 'one of those responsible must live where the child does' : '',
  ].filter((term) => term !== '')
}

function guardianRules({ id, guardians }: Service): readonly Rule[] {
  return guardians.map((guardian) => {
    const { business, task, actions, consentForAct } = guardian
    const consent = consentForAct ? '; the act needs the consent of the Statsforvalter' : ''
    return { ...guardian, rule: `${id} for a guardian with ${business}/${task}: ${actions.join(', ')}${consent}` }
  })
}

function otherRules({ id, lastingPower, roles }: Service): readonly Rule[] {
  const byPower = lastingPower === null ? [] : [lastingPower]
  return [
    ...byPower.map((rule) => ({
      ...rule,
      rule: `${id} by a confirmed lasting power that names it: ${rule.actions.join(', ')}`,
    })),
    ...roles.map((rule) => ({
      ...rule,
      rule: `${id} for an organisation by ${rule.role}: ${rule.actions.join(', ')}${rule.joint ? '; all who hold the role together' : ''}`,
    })),
  ]
}

function personalRules({ personalByLaw }: CatalogueVersion): readonly Rule[] {
  return personalByLaw.map((rule) => ({
    ...rule,
    rule: `never by ${rule.bases.join(', ')}: ${rule.services.join(', ')} (${rule.actions.join(', ')})`,
  }))
}

function choicesOf(service: Service): readonly string[] {
  const { id, field, selfFromAge, assurance, sensitivity, riskClass, protectedAddress, readOnStaleFacts } = service
  const address = protectedAddress === 'refuse' ? 'refused' : 'by handle only'
  const stale = readOnStaleFacts ? 'yes' : 'no'
  return [id, field, String(selfFromAge), assurance, String(sensitivity), riskClass, address, stale]
}

/** Cells are not padded, so that one long source does not change every line; the formatter is told to leave it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return ['<!-- prettier-ignore -->', line(heads), line(heads.map(() => '---')), ...rows.map(line)]
}
