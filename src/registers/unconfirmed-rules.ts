import type { CatalogueVersion, LegalSource, Service } from '../domain/catalogue.js'

interface Rule extends LegalSource {
  readonly rule: string
}

/**
 * The public list of what the catalogue takes for law without anyone in authority having confirmed it, as Markdown:
 * first the rules that have a source, then the numbers that are ours alone.
 */
export function unconfirmedRules(catalogue: CatalogueVersion): string {
  const rules = [...catalogue.services.flatMap(rulesOf), ...personalRules(catalogue)]
  const open = rules.filter(({ mark }) => mark.kind === 'proposed')
  return [
    '# Rules that nobody has confirmed',
    '',
    `Made from the catalogue, version ${catalogue.version}; a test keeps it in step.`,
    `${open.length} of ${rules.length} rules are our reading of the source named beside them.`,
    'They count as confirmed when someone with the authority to do so has put a name and a day to them in `catalogue/`.',
    '',
    ...table(
      ['Rule', 'Source'],
      open.map(({ rule, source }) => [rule, source]),
    ),
    '',
    '## Choices without a source',
    '',
    'No source sets these; they are proposals for every service.',
    '',
    ...table(
      ['Service', 'Own use from', 'Level', 'Sensitivity', 'Risk class', 'Protected address', 'Read on stale facts'],
      catalogue.services.map(choicesOf),
    ),
    '',
  ].join('\n')
}

/** How many rules of the catalogue no one has confirmed. */
export function unconfirmedRuleCount(catalogue: CatalogueVersion): number {
  const rules = [...catalogue.services.flatMap(rulesOf), ...personalRules(catalogue)]
  return rules.filter(({ mark }) => mark.kind === 'proposed').length
}

function rulesOf(service: Service): readonly Rule[] {
  const { id, mandate, parent, guardians } = service
  const rules: Rule[] = []
  if (mandate !== null) {
    const { principalFromAge: giver, representativeFromAge: helper, defaultMonths, maximumMonths } = mandate
    const terms = [
      `giver from ${giver}, helper from ${helper}`,
      `${defaultMonths} months, at most ${maximumMonths}`,
      mandate.acceptance ? 'to be accepted' : 'without acceptance',
      mandate.passingOn ? 'may be passed on once' : 'never passed on',
    ]
    rules.push({ ...mandate, rule: `${id} by mandate: ${mandate.actions.join(', ')}; ${terms.join('; ')}` })
  }
  if (parent !== null) {
    const both = parent.bothParents.length === 0 ? '' : `; both parents: ${parent.bothParents.join(', ')}`
    rules.push({ ...parent, rule: `${id} for a parent until ${parent.untilAge}: ${parent.actions.join(', ')}${both}` })
  }
  for (const guardian of guardians) {
    const consent = guardian.consentForAct ? '; the act needs the consent of the Statsforvalter' : ''
    const { business, task, actions } = guardian
    rules.push({ ...guardian, rule: `${id} for a guardian with ${business}/${task}: ${actions.join(', ')}${consent}` })
  }
  return rules
}

function personalRules({ personalByLaw }: CatalogueVersion): readonly Rule[] {
  return personalByLaw.map((rule) => ({
    ...rule,
    rule: `never by ${rule.bases.join(', ')}: ${rule.services.join(', ')} (${rule.actions.join(', ')})`,
  }))
}

function choicesOf(service: Service): readonly string[] {
  const { id, selfFromAge, assurance, sensitivity, riskClass, protectedAddress, readOnStaleFacts } = service
  const address = protectedAddress === 'refuse' ? 'refused' : 'by handle only'
  return [id, String(selfFromAge), assurance, String(sensitivity), riskClass, address, readOnStaleFacts ? 'yes' : 'no']
}

/** Cells are not padded, so that one long source does not change every line; the formatter is told to leave it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return ['<!-- prettier-ignore -->', line(heads), line(heads.map(() => '---')), ...rows.map(line)]
}
