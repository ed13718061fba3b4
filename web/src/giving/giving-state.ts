import type { components } from '../generated/api.js'
import type { Day } from '../shell/days.js'

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

/** A mandate that someone was given and passes on: the powers of it that may be. */
export interface PassedOn {
  readonly mandateId: string
  readonly giver: string
  readonly lastDay: Day
  readonly powers: readonly {
    readonly service: string
    readonly action: string
    readonly provider: string | null
    readonly object: string | null
  }[]
}

/** Someone who has redeemed a code of the giver's, and whose number need not be known. */
export interface Invited {
  readonly invitationId: string
  readonly name: string
  readonly bornYear: number | null
}

/** What someone has said so far about the fullmakt he is about to give. Kept in the browser, so never an identity number. */
export interface Giving {
  readonly passedOn: PassedOn | null
  /** Chosen in place of a number and a name. */
  readonly invited: Invited | null
  readonly familyName: string
  readonly choices: Readonly<Record<string, Choice>>
  readonly howLong: HowLong
  readonly ownDay: Day
}

export const EMPTY: Giving = { passedOn: null, invited: null, familyName: '', choices: {}, howLong: 12, ownDay: '' }

export type Said =
  | { readonly type: 'write'; readonly change: Partial<Giving> }
  | { readonly type: 'choose'; readonly service: string; readonly change: Partial<Choice> }
  | { readonly type: 'begin'; readonly passedOn: PassedOn | null }

export function said(giving: Giving, what: Said): Giving {
  if (what.type === 'begin') return { ...EMPTY, passedOn: what.passedOn }
  if (what.type === 'write') return { ...giving, ...what.change }
  const choice = { ...(giving.choices[what.service] ?? NOTHING), ...what.change }
  return { ...giving, choices: { ...giving.choices, [what.service]: choice } }
}

/** Whether it has been said who is to help: by a code, or by the number, which is not kept. */
export function isWhoSaid({ invited }: Giving, number: string): boolean {
  return invited !== null || number !== ''
}

/** The services of which something is chosen. */
export function chosen({ choices }: Giving): readonly (readonly [service: string, choice: Choice])[] {
  return Object.entries(choices).filter(([, { actions }]) => actions.length > 0)
}

const KEPT = 'giving'

/** What is given for an organisation is never mixed with what is one's own. */
function keyOf(organisation: string | null): string {
  return organisation === null ? KEPT : `${KEPT} ${organisation}`
}

/** @param organisation the name of the one that it is given for; null for oneself. */
export function keepGiving(giving: Giving, organisation: string | null): void {
  sessionStorage.setItem(keyOf(organisation), JSON.stringify(giving))
}

/** What was said before a reload; nothing where there is none, or an earlier build of the pages kept it. */
export function keptGiving(organisation: string | null): Giving {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(organisation)) ?? 'null')
    return isGiving(kept) ? kept : EMPTY
  } catch {
    return EMPTY
  }
}

function isGiving(kept: unknown): kept is Giving {
  return typeof kept === 'object' && kept !== null && Object.keys(EMPTY).every((member) => member in kept)
}
