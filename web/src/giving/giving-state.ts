import type { components } from '../generated/api.js'
import { today } from '../shell/dates.js'
import { type Day, lastOfMonths } from '../shell/days.js'
import { grouped } from '../shell/grouped.js'
import { mayHoldNumber } from '../shell/use-kept.js'

export type CatalogueService = components['schemas']['CatalogueServiceView']
export type Mandate = components['schemas']['MandateView']

/** What is given of one service. */
export interface Choice {
  readonly actions: readonly string[]
  /** Organisation number; `any` wherever it is offered; empty while not chosen. */
  readonly provider: string
  /** The one case or thing it is limited to; empty where it is not. */
  readonly object: string
  readonly passingOn: boolean
}

export const NOTHING: Choice = { actions: [], provider: '', object: '', passingOn: false }
export const MONTHS = [1, 6, 12] as const
export type HowLong = (typeof MONTHS)[number] | 'own'

/** What can be given and no more, where there is such a limit. */
interface Bound {
  readonly service: string
  readonly action: string
  readonly provider: string | null
  readonly object: string | null
}

/** A mandate that someone was given and passes on: the powers of it that may be. */
export interface PassedOn {
  readonly mandateId: string
  readonly giver: string
  readonly lastDay: Day
  readonly powers: readonly Bound[]
}

/** Someone who has redeemed a code of the giver's, and whose number need not be known. */
export interface Invited {
  readonly invitationId: string
  readonly name: string
  readonly bornYear: number | null
}

/** A request that is answered: what was asked for, and by whom. */
export interface Answered {
  readonly requestId: string
  readonly helper: string
  readonly lastDay: Day
  readonly powers: readonly Bound[]
}

/**
 * What someone has said so far about the fullmakt he is about to give, or to ask for. Kept in the browser, so never an
 * identity number.
 */
export interface Giving {
  readonly passedOn: PassedOn | null
  readonly answered: Answered | null
  /** Chosen in place of a number and a name. */
  readonly invited: Invited | null
  readonly familyName: string
  readonly choices: Readonly<Record<string, Choice>>
  readonly howLong: HowLong
  readonly ownDay: Day
  /** What one says to the other when asking. */
  readonly why: string
}

export const EMPTY: Giving = {
  passedOn: null,
  answered: null,
  invited: null,
  familyName: '',
  choices: {},
  howLong: 12,
  ownDay: '',
  why: '',
}

export type Said =
  | { readonly type: 'write'; readonly change: Partial<Giving> }
  | { readonly type: 'choose'; readonly service: string; readonly change: Partial<Choice> }
  | { readonly type: 'begin'; readonly passedOn: PassedOn | null }
  | { readonly type: 'answer'; readonly answered: Answered }

export function said(giving: Giving, what: Said): Giving {
  if (what.type === 'begin') return { ...EMPTY, passedOn: what.passedOn }
  if (what.type === 'answer') return asAsked(what.answered)
  if (what.type === 'write') return { ...giving, ...what.change }
  const choice = { ...(giving.choices[what.service] ?? NOTHING), ...what.change }
  return { ...giving, choices: { ...giving.choices, [what.service]: choice } }
}

/** All that was asked for: one takes away from it. */
function asAsked(answered: Answered): Giving {
  const choices = Object.fromEntries(
    grouped(answered.powers, ({ service }) => service).map(([service, own]) => {
      const actions = [...new Set(own.map(({ action }) => action))]
      return [service, { ...NOTHING, actions, provider: own[0]?.provider ?? 'any' }]
    }),
  )
  return { ...EMPTY, answered, choices, howLong: 'own', ownDay: answered.lastDay }
}

/** The services of which something is chosen. */
export function chosen({ choices }: Giving): readonly (readonly [service: string, choice: Choice])[] {
  return Object.entries(choices).filter(([, { actions }]) => actions.length > 0)
}

/** Whether it has been said who is to help: by a request, a code, or the number, which is not kept. */
export function isWhoSaid({ answered, invited }: Giving, number: string): boolean {
  return answered !== null || invited !== null || number !== ''
}

/** Of what all must be a part, or null. */
export function boundsOf({ passedOn, answered }: Giving): readonly Bound[] | null {
  return passedOn?.powers ?? answered?.powers ?? null
}

/** Whether one may say where a service is to be used, and for which case: not where that is settled. */
export function mayLimit({ passedOn, answered }: Giving, service: string): boolean {
  if (passedOn !== null) return false
  const own = (answered?.powers ?? []).filter((one) => one.service === service)
  return own.every(({ provider, object }) => provider === null && object === null)
}

/** The latest day that every chosen service allows, and the end of what it is a part of. */
export function latestDay(services: readonly CatalogueService[], giving: Giving): Day {
  const ends = chosen(giving).map(([id]) => {
    const rule = services.find(({ service }) => service === id)?.mandate
    return lastOfMonths(today(), rule?.maximum_months ?? 1)
  })
  const outer = giving.passedOn ?? giving.answered
  return [...ends, ...(outer === null ? [] : [outer.lastDay])].sort()[0] ?? today()
}

/** Giving and asking are kept apart: each begins where it was left. */
export type Purpose = 'giving' | 'asking'

/** @param place where it is kept: what might be an identity number stays in memory. */
export function keepGiving(place: string, giving: Giving): void {
  const choices = Object.entries(giving.choices).map(([id, choice]) => [id, { ...choice, object: kept(choice.object) }])
  const { familyName, why } = giving
  const written = { familyName: kept(familyName), why: kept(why), choices: Object.fromEntries(choices) as unknown }
  sessionStorage.setItem(place, JSON.stringify({ ...giving, ...written }))
}

function kept(words: string): string {
  return mayHoldNumber(words) ? '' : words
}

/** What was said before a reload; nothing where there is none, or an earlier build of the pages kept it. */
export function keptGiving(place: string): Giving {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(place) ?? 'null')
    return isGiving(found) ? found : EMPTY
  } catch {
    return EMPTY
  }
}

function isGiving(kept: unknown): kept is Giving {
  return typeof kept === 'object' && kept !== null && Object.keys(EMPTY).every((member) => member in kept)
}
