/**
 * The rules written a second time, in Cedar, from the design and from the legal tables, not from `decide`.
 *
 * One request asks about one ground. What is allowed is a `permit` for each basis; each refusal is a `forbid` with its
 * rank: of those that hit, the lowest rank is the reason. Cedar has no functions and no "any of these records", so what
 * is said of several (powers of a mandate and of the one it was passed on from, holders, rulings) is written out for each
 * place: `p1`, `a1`, `h1`, `r1` and so on.
 */
export interface Rule {
  readonly rank: number
  readonly reason: string
  readonly when: string
}

export const POWERS = ['p1', 'p2', 'p3'] as const
export const ABOVE = ['a1', 'a2', 'a3'] as const
export const HOLDERS = ['h1', 'h2', 'h3'] as const
export const RULED = ['r1', 'r2', 'r3', 'r4'] as const

const any = (places: readonly string[], of: (it: string) => string): string =>
  `(${places.map((place) => `(context has ${place} && (${of(`context.${place}`)}))`).join(' || ')})`
const none = (places: readonly string[], of: (it: string) => string): string => `!${any(places, of)}`
const all = (...conditions: readonly string[]): string => conditions.map((condition) => `(${condition})`).join(' && ')
const either = (...conditions: readonly string[]): string => `(${conditions.map((one) => `(${one})`).join(' || ')})`

// The two, and time. Days are numbers like 20260302, so that 29 February plus whole years falls before 1 March.
const isSelf = 'principal == resource'
const other = 'principal != resource'
const ground = all(other, 'context has ground')
const basis = (name: string): string => all(ground, `context.ground.basis == "${name}"`)
const byLaw = all(ground, 'context.ground.basis != "mandate"')
const asksRead = 'context.action == "read"'
const disposes = '["write", "sign", "receive", "consent"].contains(context.action)'
const dead = (who: string): string => `${who} has died && ${who}.died <= context.today`
const lost = (who: string): string => `${who}.lost.contains(context.service.field) || ${who}.lost.contains("unknown")`
const younger = (who: string, years: string): string =>
  `${who} has born && context.today < ${who}.born + ${years} * 10000`
const atLeast = (who: string, years: string): string =>
  `${who} has born && context.today >= ${who}.born + ${years} * 10000`
const begun = (it: string): string => `!(${it} has from) || ${it}.from <= context.now`
const lasting = (it: string): string => `!(${it} has until) || context.now < ${it}.until`
const inForce = (it: string): string => all(begun(it), lasting(it))

// A mandate's powers, and in the same way those of the mandate above it, which it was passed on from.
const passedOn = all(basis('mandate'), 'context has middle')
const about = (p: string): string => `${p}.service == context.service.id && ${p}.action == context.action`
const atProvider = (p: string): string =>
  `!(${p} has provider) || (context has provider && ${p}.provider == context.provider)`
const ofObject = (p: string): string => `!(${p} has object) || (context has object && ${p}.object == context.object)`
const fits = (p: string): string => all(about(p), atProvider(p), ofObject(p))
const over = (p: string): string =>
  either(
    `["ended", "declined", "cancelled"].contains(${p}.state)`,
    `${p}.state == "offered" && ${p} has answerBy && ${p}.answerBy <= ${p}.until && ${p}.answerBy <= context.now`,
  )
const runOut = (p: string): string => all(`!${over(p)}`, `${p}.until <= context.now`)
const stands = (p: string, state: string): string =>
  all(`!${over(p)}`, `context.now < ${p}.until`, `${p}.state == "${state}"`)
const waits = (p: string): string => all(stands(p, 'held'), `context.now < ${p}.from`)
const active = (p: string): string =>
  all(either(stands(p, 'active'), stands(p, 'held')), `${p}.from <= context.now`)
const notYet = (p: string): string => all(stands(p, 'active'), `context.now < ${p}.from`)
/** Given by the text before the giver's eyes, and by the one in force. */
const inBoth = (p: string): string =>
  `${p} has pinned && ${p}.pinned.contains(context.action) && context.service has mandate && context.service.mandate.actions.contains(context.action)`
const holds = (p: string): string => all(fits(p), active(p), inBoth(p))
/** What may go through another: the principal says so, and so do both texts. */
const passes = (p: string): string =>
  all(
    holds(p),
    `${p}.passingOn && ${p} has pinnedPassingOn && ${p}.pinnedPassingOn`,
    'context.service.mandate.passingOn',
  )
/** Of the powers that fit, or where none fits and nothing is in force, of all: one that is so. */
const closest = (places: readonly string[], of: (p: string) => string): string =>
  all(
    none(places, (p) => all(fits(p), active(p))),
    either(
      any(places, (p) => all(fits(p), of(p))),
      all(none(places, fits), none(places, active), any(places, of)),
    ),
  )
/** Why the powers in these places do not give what is asked. */
const notGiven = (mandate: string, places: readonly string[]): readonly (readonly [reason: string, when: string])[] => {
  const state = (of: (p: string) => string): string => all(mandate, closest(places, of))
  const nothingFits = all(mandate, none(places, fits))
  const someActive = (of: (p: string) => string): string => any(places, (p) => all(active(p), of(p)))
  return [
    ['frozen', state((p) => stands(p, 'frozen'))],
    ['not_yet_valid', state(notYet)],
    ['held', state(waits)],
    ['not_accepted', state((p) => stands(p, 'offered'))],
    ['expired', state(runOut)],
    ['ended', state(over)],
    [
      'ended',
      all(
        mandate,
        none(places, () => 'true'),
      ),
    ],
    [
      'object_not_covered',
      all(
        nothingFits,
        someActive((p) => all(about(p), atProvider(p))),
      ),
    ],
    ['provider_not_covered', all(nothingFits, someActive(about))],
    ['power_not_covered', all(nothingFits, any(places, active))],
    ['power_withdrawn', all(mandate, none(places, holds))],
  ]
}

// Rulings.
const isOf = (r: string, kind: string): string => all(`${r}.kind == "${kind}"`, inForce(r))
const touches = (r: string): string =>
  all(
    `!(${r} has service) || ${r}.service == context.service.id`,
    `!(${r} has action) || ${r}.action == context.action`,
    `!(${r} has object) || !(context has object) || ${r}.object == context.object`,
  )
const reachesAll = (r: string): string => all(touches(r), ofObject(r))
const concerns = (r: string): string => `!(${r} has who) || ${r}.who == context.me`
const concernsMiddle = (r: string): string =>
  all(passedOn, `${r} has who && context.middle has id && ${r}.who == context.middle.id`)
const mine = (r: string): string => `${r} has who && ${r}.who == context.me`
const set = (r: string): string => all(isOf(r, 'set_guardian'), touches(r))
const sameObject = (r: string, o: string): string =>
  either(`!(${r} has object) && !(${o} has object)`, `${r} has object && ${o} has object && ${r}.object == ${o}.object`)

// What a document names.
const named = (r: string): string => all(`${r}.kind == "lasting_power_scope"`, mine(r))
const namesPower = (r: string): string =>
  all(
    named(r),
    inForce(r),
    `!(${r} has service) || ${r}.service == context.service.id`,
    `!(${r} has action) || ${r}.action == context.action`,
    'context.service has lasting && context.service.lasting.contains(context.action)',
  )

// What each basis gives, and what it needs for it.
const parentGives = 'context.service has parent && context.service.parent.actions.contains(context.action)'
const guardianGives =
  'context.ground.guardianship != "forvaltningUtenforVergemaal" && context.ground.tasks.containsAny(context.service.tasks)'
const roleGives = 'context.service.roles.contains(context.ground.role)'
const documentGives = any(RULED, (r) => all(namesPower(r), ofObject(r)))
const covered = either(
  all(basis('parent'), parentGives),
  all(basis('guardian'), guardianGives),
  all(basis('lasting_power'), documentGives),
  all(basis('organisation_role'), roleGives),
)
const forMinor = either(
  basis('parent'),
  all(basis('guardian'), '!["voksen", "midlertidigForVoksen"].contains(context.ground.guardianship)'),
)
const needsConsent = either(
  all(basis('parent'), 'context.service has parent && context.service.parent.consent.contains(context.action)'),
  all(
    basis('guardian'),
    'context.action == "sign"',
    '!context.ground.tasks.containsAny(context.service.tasksWithoutConsent)',
  ),
)
const needsOthers = either(
  all(basis('parent'), 'context.service has parent && context.service.parent.both.contains(context.action)'),
  all(basis('organisation_role'), 'context.service.joint.contains(context.ground.role)'),
)

// Those who hold the same.
const alive = (h: string): string => all(inForce(h), `!(${dead(h)})`)
const fellow = (h: string): string =>
  all(
    `${h}.basis == context.ground.basis`,
    `context.ground.basis == "parent" || ${h}.says == context.ground.role`,
    `${h}.id != context.ground.id`,
    `!(${h} has who) || ${h}.who != context.me`,
  )
/** Dead, and it was his until he died. */
const leftIt = (h: string): string =>
  all(
    dead(h),
    `${h} has diedAt && (!(${h} has from) || ${h}.from < ${h}.diedAt) && (!(${h} has until) || ${h}.until >= ${h}.diedAt)`,
  )
const isShared = either(basis('organisation_role'), all(basis('parent'), 'context.ground.responsibility == "felles"'))
const isFresh = (it: string): string => `${it} has fresh && context.now < ${it}.fresh + context.service.freshness`

const WHEN: readonly (readonly [reason: string, when: string])[] = [
  ['unknown_power', '!(context has service) || !context.service.actions.contains(context.action)'],
  ['not_entitled', 'context has service && !context.entitled.contains(context.service.id)'],
  ['proof_of_login_required', 'context has service && context.service.needsProof && !context.proved'],
  ['step_up_required', 'context has service && context.level < context.service.level'],
  // Of an actor whose login is only asserted nothing is told.
  ['no_registered_ground', `!context.proved && (!principal.person || principal.ceased || (${dead('principal')}))`],
  ['actor_not_identified', '!principal.person'],
  ['actor_deceased', dead('principal')],
  ['actor_ceased', 'principal.ceased'],
  ['facts_missing', all(isSelf, '!(principal has born)')],
  ['self_too_young', all(isSelf, 'context has service', younger('principal', 'context.service.selfFrom'))],
  ['self_without_capacity', all(isSelf, 'context has service', disposes, lost('principal'))],
  ['no_registered_ground', all(other, '!(context has ground)')],
  ['personal_by_law', all(ground, 'context.personal.contains(context.ground.basis)')],
  // What becomes of a ground in time.
  ['not_yet_valid', all(byLaw, `!(${begun('context.ground')})`)],
  ['expired', all(byLaw, `!(${lasting('context.ground')})`)],
  // What it covers, and what that was passed on from.
  ...notGiven(basis('mandate'), POWERS),
  ...notGiven(passedOn, ABOVE),
  [
    'power_not_covered',
    all(
      passedOn,
      none(ABOVE, (p) => all(holds(p), `${p}.passingOn`)),
    ),
  ],
  ['power_withdrawn', all(passedOn, none(ABOVE, passes))],
  ['parental_responsibility_unknown', all(basis('parent'), 'context.ground.responsibility == "ukjent"')],
  ['scope_unknown', all(basis('lasting_power'), none(RULED, named))],
  ['object_not_covered', all(basis('lasting_power'), any(RULED, namesPower), `!${documentGives}`)],
  ['power_not_covered', all(byLaw, `!${covered}`)],
  [
    'step_up_required',
    either(
      all(
        basis('mandate'),
        none(POWERS, (p) => all(holds(p), `${p}.level <= context.level`)),
      ),
      all(
        passedOn,
        none(ABOVE, (p) => all(passes(p), `${p}.level <= context.level`)),
      ),
    ),
  ],
  // What the registers say of the two. Of one who has grown up nothing more is told.
  ['child_of_age', all(forMinor, atLeast('resource', '18'))],
  ['principal_deceased', all(ground, dead('resource'))],
  ['principal_ceased', all(ground, 'resource.ceased')],
  [
    'not_available',
    all(ground, 'principal.protected || resource.protected', '!(context.byHandle && context.service.byHandle)'),
  ],
  ['capacity_lost', all(basis('mandate'), disposes, lost('resource'))],
  ['representative_without_capacity', all(byLaw, lost('principal'))],
  ['facts_missing', all(either(forMinor, all(basis('mandate'), 'resource.person')), '!(resource has born)')],
  [
    'principal_too_young',
    all(
      basis('mandate'),
      'resource.person && context.service has mandate',
      younger('resource', 'context.service.mandate.principalFrom'),
    ),
  ],
  ['facts_missing', all(ground, '!(principal has born)')],
  [
    'representative_too_young',
    either(
      all(byLaw, younger('principal', '18')),
      all(
        basis('mandate'),
        'context.service has mandate',
        younger('principal', 'context.service.mandate.representativeFrom'),
      ),
    ),
  ],
  [
    'age_band',
    all(
      basis('parent'),
      'context.service has parent',
      either(
        atLeast('resource', 'context.service.parent.until'),
        all(
          'context.service.parent has reducedFrom && !context.service.parent.remains.contains(context.action)',
          atLeast('resource', 'context.service.parent.reducedFrom'),
        ),
      ),
    ),
  ],
  [
    'not_living_together',
    all(
      basis('parent'),
      'context.service has parent && context.service.parent.together',
      none(HOLDERS, (h) =>
        all(`${h}.basis == "parent"`, `${h}.says != "ukjent"`, alive(h), `resource.homes.containsAny(${h}.homes)`),
      ),
    ),
  ],
  // The one in the middle: no one has more through him than he has.
  ['ended', all(passedOn, either('!context.middle.person', 'context.middle.ceased', dead('context.middle')))],
  ['not_available', all(passedOn, 'context.middle.protected', '!(context.byHandle && context.service.byHandle)')],
  ['facts_missing', all(passedOn, '!(context.middle has born)')],
  [
    'representative_too_young',
    all(
      passedOn,
      'context.service has mandate',
      younger('context.middle', 'context.service.mandate.representativeFrom'),
    ),
  ],
  ['representative_without_capacity', all(passedOn, lost('context.middle'))],
  // What is reserved and decided.
  [
    'reserved',
    all(
      ground,
      any(RULED, (r) => all(isOf(r, 'reservation'), either(concerns(r), concernsMiddle(r)), reachesAll(r))),
    ),
  ],
  [
    'care_order',
    all(
      basis('parent'),
      any(RULED, (r) => all(isOf(r, 'care_order'), touches(r))),
    ),
  ],
  [
    'guardian_set_for_this',
    all(
      either(basis('parent'), basis('guardian')),
      none(RULED, (r) => all(set(r), mine(r), reachesAll(r))),
      any(RULED, (r) =>
        all(
          set(r),
          none(RULED, (o) => all(set(o), mine(o), sameObject(r, o))),
        ),
      ),
    ),
  ],
  [
    'conflict_of_interest',
    all(
      byLaw,
      any(RULED, (r) => all(isOf(r, 'conflict_of_interest'), concerns(r), touches(r))),
    ),
  ],
  [
    'consent_missing',
    all(
      needsConsent,
      none(RULED, (r) => all(isOf(r, 'consent'), `${r} has object && context has object`, concerns(r), reachesAll(r))),
    ),
  ],
  [
    'facts_too_old',
    all(
      ground,
      `!(context.service.readStale && ${asksRead})`,
      either(
        `!(${isFresh('principal')})`,
        `!(${isFresh('resource')})`,
        all(byLaw, `!(${isFresh('context.ground')})`),
        all(passedOn, `!(${isFresh('context.middle')})`),
      ),
    ),
  ],
  // Nothing more is missing but the others.
  [
    'co_holder_not_identified',
    all(
      needsOthers,
      either(
        any(HOLDERS, (h) => all(fellow(h), alive(h), `!(${h} has who)`)),
        all(
          isShared,
          none(HOLDERS, (h) => all(fellow(h), either(alive(h), leftIt(h)))),
        ),
      ),
    ),
  ],
  [
    'others_must_approve',
    all(
      needsOthers,
      any(HOLDERS, (h) => all(fellow(h), alive(h), `${h} has who && !context.approvedBy.contains(${h}.who)`)),
    ),
  ],
]

export const FORBIDS: readonly Rule[] = WHEN.map(([reason, when], rank) => ({ rank, reason, when }))

const PERMITS: Readonly<Record<string, string>> = {
  self: isSelf,
  mandate: all(basis('mandate'), any(POWERS, holds), either('!(context has middle)', any(ABOVE, passes))),
  law: covered,
}

/** The policies by id: the rank of a `forbid`, the basis of a `permit`. */
export function policies(): Record<string, string> {
  const permits = Object.entries(PERMITS).map(([name, when]) => [
    name,
    `permit (principal, action, resource) when { ${when} };`,
  ])
  const forbids = FORBIDS.map(({ rank, reason, when }) => [
    String(rank),
    `@rank("${String(rank)}") @reason("${reason}") forbid (principal, action, resource) when { ${when} };`,
  ])
  return Object.fromEntries([...permits, ...forbids]) as Record<string, string>
}
