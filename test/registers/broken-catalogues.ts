/**
 * One edit of the real catalogue that breaks it: the text to replace (its first occurrence), what to put there, and the
 * reason that must come back. The line to blame is the one with the last line of the new text, or with `blamed`.
 */
export type Break = readonly [from: string, to: string, reason: string, blamed?: string]

const ACTIONS = 'actions: [read, communicate, write]'

export const BROKEN: Readonly<Record<string, readonly Break[]>> = {
  'version.yaml': [
    ['version: 1', 'version: 0', '"version" must be a whole number from 1 to 1000000, not 0'],
    ['version: 1', '- version: 1', '"file" must have members', '# A published'],
    ['version: 1', '', '"file" must have members', '# A published'],
  ],
  'organisations.yaml': [
    ['"889640782"', '889640782', '"orgnr" must be a text, not 889640782'],
    ['889640782', '889640783', '889640783 fails the modulo 11 check of organisation numbers'],
    ['889640782', '88964078', '"88964078" is not an organisation number of nine digits', '"88964078"'],
    ['889640782', '974761076', '"974761076" stands twice in "file"', '(NAV)'],
    ['{ orgnr: "889640782", name: ', '{ orgnr: "889640782", title: ', 'unknown member "title"'],
    ['- { orgnr: "889640782"', '- null # { orgnr: "889640782"', '"file" must have members'],
  ],
  'risk-classes.yaml': [
    [
      'freshness_minutes: 1440',
      'freshness_minutes: 0',
      '"freshness_minutes" must be a whole number from 1 to 10080, not 0',
    ],
    ['proof: asserted', 'proof: trust', 'unknown proof "trust"'],
    ['introspect: false', 'introspect: no', '"introspect" must be true or false, not "no"'],
    ['id: high,', 'id: low,', '"low" stands twice in "file"', 'freshness_minutes: 720'],
  ],
  'guardian-tasks.yaml': [
    ['nav/arbeid', 'arbeid', '"arbeid" is not a guardian task like nav/pensjon', 'task: arbeid'],
    ['nav/familie }', 'nav/arbeid } # again', '"nav/arbeid" stands twice in "file"'],
    ['expired: true', 'expired: 2026', '"expired" must be true or false, not 2026'],
  ],
  'personal-by-law.yaml': [
    ['[mandate, guardian', '[mandate, neighbour', 'unknown basis "neighbour"'],
    ['[health.consents]', '[health.consent]', 'unknown service "health.consent"'],
    ['services: [vote]', 'services: [Vote]', '"Vote" is not a service id or the name of a matter'],
    ['    nn: Ingen kan stemme ved val for ein annan.\n', '', 'missing member "nn"', 'text:'],
    ['id: marriage', 'id: vote # again', '"vote" stands twice in "file"'],
  ],
  'services/muni.yaml': [
    ['providers: ["958935420"', 'providers: ["974761343"', 'unknown organisation "974761343"'],
    ['"958935420"', '"958935420", "958935420"', '"958935420" stands twice in "providers"'],
  ],
  'services/health.yaml': [
    ['mandate:\n    actions: [read', 'mandate:\n    actions: [consent', 'action "consent" is beyond any mandate'],
    ['health.vaccines', 'health.record # again', '"health.record" stands twice in "file"'],
  ],
  'services/nav.yaml': [
    [
      'mark: proposed',
      'mark: { confirmed_by: A',
      'broken YAML: Flow map in block collection must be sufficiently indented and end with a }',
      'parent:',
    ],
    ['nb: Pensjon', 'nb: !secret Pensjon', 'broken YAML: Unresolved tag: !secret'],
    ['nb: Pensjon', 'nb: *pension', 'an alias (*) has no place in the catalogue: write the value out'],
    ['nn: Pensjon', '{}: Pensjon', 'broken YAML: With stringKeys, all keys must be strings'],

    ['sensitivity: 3', 'sensitivity: 3\n  sensitivity: 4', 'duplicate member "sensitivity"'],
    ['nn: Pensjon', 'nb: Pensjon # again', 'duplicate member "nb"'],
    ['sensitivity: 3', 'sensitivity: 3\n  colour: blue', 'unknown member "colour"'],
    ['acceptance: false', 'acceptance: false\n    fee: 9', 'unknown member "fee"'],
    ['nb: Pensjon', 'nb: Pensjon\n    sv: Pension', 'unknown member "sv"'],
    ['risk_class: normal', 'riskClass: normal', 'unknown member "riskClass"'],
    ['  risk_class: normal\n', '', 'missing member "risk_class"', 'id: nav.pension'],
    ['    maximum_months: 36\n', '', 'missing member "maximum_months"', 'mandate:'],
    ['  parent: null\n', '', 'missing member "parent"', 'id: nav.work-sickness'],
    ['      source: Folkeregisteret', '      #', 'missing member "source"', 'task: nav/pensjon'],

    ['nb: Pensjon', 'nb: 17', '"nb" must be a text, not 17'],
    ['nb: Pensjon', 'nb: { a: b }', '"nb" must be a text, not members'],
    ['nb: Pensjon', 'nb: [a]', '"nb" must be a text, not a list'],
    ['acceptance: false', 'acceptance: no', '"acceptance" must be true or false, not "no"'],
    ['both_parents: []', 'both_parents: none', '"both_parents" must be a list'],
    ['default_months: 12', 'default_months: one', '"default_months" must be a whole number from 1 to 60, not "one"'],
    ['parent: null', 'parent: none', '"parent" must have members'],

    [ACTIONS, 'actions: [read, fly]', 'unknown action "fly"'],
    [ACTIONS, 'actions: [read, read]', '"read" stands twice in "actions"'],
    [ACTIONS, 'actions: []', 'at least one action is needed'],
    ['assurance: high', 'assurance: highest', 'unknown level of assurance "highest"'],
    ['sensitivity: 3', 'sensitivity: 5', 'unknown sensitivity 5'],
    ['sensitivity: 3', 'sensitivity: "3"', 'unknown sensitivity "3"'],
    ['risk_class: normal', 'risk_class: odd', 'unknown risk class "odd"'],
    ['owner: "889640782"', 'owner: "974761343"', 'unknown organisation "974761343"'],
    [
      'by: owner\n',
      'by: owner\n  providers: ["889640782"]\n',
      'only a service that is offered by "listed" has providers',
    ],
    ['offered_by: owner', 'offered_by: listed', 'no providers are listed'],
    ['offered_by: owner', 'offered_by: all', 'unknown way of offering "all"'],
    ['address: by_handle', 'address: show', 'unknown treatment of protected addresses "show"'],

    ['id: nav.pension', 'id: pension', '"pension" is not a service id like nav.pension'],
    ['id: nav.pension', 'id: nav.Pension', '"nav.Pension" is not a service id like nav.pension'],
    ['id: nav.pension', 'id: nav.old.pension', '"nav.old.pension" is not a service id like nav.pension'],
    ['id: nav.pension', 'id: tax.pension', '"tax.pension" does not belong in nav.yaml'],
    ['id: nav.family', 'id: nav.pension # again', '"nav.pension" stands twice in "file"'],

    ['    se: Penšuvdna\n', '', 'missing member "se"', 'name:'],
    ['en: Pension\n', "en: ''\n", '"en" is empty'],
    ['en: Pension\n', "en: '  '\n", '"en" is empty'],
    ['en: Pension\n', 'en: # nothing\n', '"en" must be a text, not null'],
    ['se: Penšuvdna', 'se: Penšuvdna\n    se_read_by: ""', '"se_read_by" is empty'],
    [
      '    write:\n      nb: søke om pensjon',
      '    sign:\n      nb: søke om pensjon',
      'no text for action "write"',
      'action_texts:',
    ],
    [
      '_texts:\n',
      '_texts:\n    sign: { nb: a, nn: a, en: a, se: a }\n',
      'text for "sign", which is not an action of nav.pension',
    ],
    ['_texts:\n', '_texts:\n    fly: { nb: a, nn: a, en: a, se: a }\n', 'unknown member "fly"'],

    [`mandate:\n    ${ACTIONS}`, 'mandate:\n    actions: [sign]', 'action "sign" is not an action of nav.pension'],
    ['default_months: 12', 'default_months: 48', 'default_months 48 exceeds maximum_months 36'],
    ['maximum_months: 36', 'maximum_months: 72', '"maximum_months" must be a whole number from 1 to 60, not 72'],
    ['maximum_months: 36', 'maximum_months: null', '"maximum_months" must be a whole number from 1 to 60, not null'],
    ['self_from_age: 13', 'self_from_age: 13.5', '"self_from_age" must be a whole number from 0 to 25, not 13.5'],
    ['self_from_age: 13', 'self_from_age: -1', '"self_from_age" must be a whole number from 0 to 25, not -1'],
    [
      'principal_from_age: 18',
      'principal_from_age: 26',
      '"principal_from_age" must be a whole number from 0 to 25, not 26',
    ],
    [
      'tative_from_age: 18',
      'tative_from_age: 17',
      '"representative_from_age" must be a whole number from 18 to 25, not 17',
    ],
    ['until_age: 18', 'until_age: 19', '"until_age" must be a whole number from 1 to 18, not 19'],
    [`parent:\n    ${ACTIONS}`, 'parent:\n    actions: [receive]', 'action "receive" is not an action of nav.pension'],
    ['both_parents: []', 'both_parents: [sign]', 'action "sign" is not given to a parent'],
    [`      ${ACTIONS}\n`, '      actions: [read, sign]\n', 'action "sign" is not an action of nav.pension'],
    ['task: nav/pensjon', 'task: nav/pensjoner', 'unknown guardian task "nav/pensjoner"'],
    [
      'nav/pensjon',
      'laanekassen/laanOgStipend',
      'guardian task "laanekassen/laanOgStipend" has expired and gives nothing',
    ],
    ['task: kommune/', 'task: nav/sosialeTjenester # ', '"nav/sosialeTjenester" stands twice in "guardians"'],

    ['mark: proposed', 'mark: settled', 'unknown mark "settled"'],
    ['mark: proposed', 'mark: { confirmed_on: 2027-01-31 }', 'missing member "confirmed_by"'],
    ['mark: proposed', 'mark: { confirmed_by: A, confirmed_on: 2027-02-30 }', '2027-02-30 is no day of the calendar'],
    ['mark: proposed', 'mark: { confirmed_by: A, confirmed_on: soon }', '"soon" is not a day like 2027-01-31'],
  ],
}
