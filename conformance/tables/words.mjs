/** Everything is asked at noon on Monday 2 March 2026 in Oslo, where nothing else is said; facts are an hour old. */
export const NOON = '2026-03-02T11:00:00.000Z'
const HOUR = 3_600_000
export const at = (hours) => new Date(Date.parse(NOON) + hours * HOUR).toISOString()
export const START = '2025-12-31T23:00:00.000Z'
export const END = '2026-06-30T22:00:00.000Z'

/** When facts of an hour ago become too old, by the risk class of the service. */
const LOW = at(47)
const NORMAL = at(23)
const HIGHEST = at(5)
export const STALE_AT = {
  'nav.pension': NORMAL,
  'muni.school': LOW,
  'health.appointments': NORMAL,
  'health.record': HIGHEST,
  'health.consents': NORMAL,
  'freg.move': NORMAL,
  'tax.card': LOW,
  'tax.return': NORMAL,
  'land.registry': HIGHEST,
}
const SUBSTANTIAL = ['nav.pension', 'muni.school', 'tax.card', 'vote']
const INTROSPECTED = ['health.record', 'land.registry']

/** What a service must see to with every yes to acting for another. */
export function duties(service) {
  const level = { type: 'assurance', level: SUBSTANTIAL.includes(service) ? 'substantial' : 'high' }
  return INTROSPECTED.includes(service) ? [level, { type: 'introspect' }] : [level]
}

export const WORDS = {
  'nav.pension read': 'see the pension case',
  'nav.pension communicate': 'write to NAV about the pension',
  'nav.pension write': 'apply for a pension',
  'nav.pension receive': 'receive the pension',
  'muni.school read': 'see what the school has written',
  'muni.school communicate': 'write to the school',
  'muni.school write': 'enrol in the school',
  'health.appointments read': 'see the medical appointments',
  'health.appointments communicate': 'write to the doctor',
  'health.appointments write': 'book a medical appointment',
  'health.record read': 'read the medical record',
  'health.record consent': 'consent to sharing the medical record',
  'health.consents consent': 'consent to health care',
  'freg.move write': 'report a move',
  'tax.card read': 'see the tax card',
  'tax.card write': 'change the tax card',
  'tax.return read': 'see the tax return',
  'tax.return write': 'fill in the tax return',
  'tax.return sign': 'sign the tax return',
  'land.registry read': 'look into the land register',
  'land.registry write': 'prepare a deed for the land register',
  'land.registry sign': 'sign away real property',
  'vote read': 'see the poll card',
  'vote write': 'vote',
}

/** A birth date so many years ago: on 15 January, so that the birthday of this year is past. */
export const aged = (years) => `${2026 - years}-01-15`

/** The beginning of 15 January in Oslo of the year in which someone born so many years ago reaches an age. */
export const turns = (years, age) => `${2026 - years + age}-01-14T23:00:00.000Z`

export const yes = (basis, service, validUntil = STALE_AT[service] ?? null, more = []) => ({
  allowed: true,
  basis,
  obligations: [...duties(service), ...more],
  validUntil,
})
/** A yes to acting for oneself. */
export const own = (service) => ({
  allowed: true,
  basis: 'self',
  obligations: duties(service).slice(0, 1),
  validUntil: null,
})
export const no = (reason, basis, validUntil = null, obligations = []) => ({
  allowed: false,
  reason,
  basis,
  obligations,
  validUntil,
})

export const actor = { bornOn: '1985-11-21' }
export const grownUp = { bornOn: '1950-05-17' }
export const company = { kind: 'organisation' }

/** One situation; the parts that are left out are as `conformance/README.md` says. */
export function situation(title, legalSource, asked, facts, answer) {
  const [service, action] = asked.what.split(' ')
  const { what, ...rest } = asked
  if (WORDS[what] === undefined && rest.unheard !== true) throw new Error(`no words for ${what}`)
  delete rest.unheard
  return { title, legalSource, question: { service, action, at: NOON, ...rest }, facts: { actor, ...facts }, answer }
}
