import { type MandatesApi, api, ownMandates } from '../api.js'
import type { components } from '../generated/api.js'
import type { Language } from './language.js'

export type Mandate = components['schemas']['MandateView']
export type Representations = components['schemas']['OwnRepresentationsView']
export type OwnPower = components['schemas']['OwnPowerView']
export type Seen = components['schemas']['SeenPartyView']

export interface Overview {
  readonly mandates: readonly Mandate[]
  readonly representations: Representations
}

/** In these it gives something now, or will. */
const ALIVE: readonly string[] = ['active', 'frozen', 'held', 'offered', 'not_yet_valid']

export function isAlive({ state }: { readonly state: string }): boolean {
  return ALIVE.includes(state)
}

/** Whether one has given it oneself, or passed it on. */
export function isOwn({ your_role: role, given_through: through }: Mandate): boolean {
  return role === (through === null ? 'giver' : 'given_through')
}

/** Whoever is on the other side of a mandate. */
export function otherOf({ your_role, giver, representative }: Mandate): Seen {
  return your_role === 'representative' ? giver : representative
}

/** The last day of what lasts longest in it, as `YYYY-MM-DD`. */
export function lastDayOf({ powers }: Mandate): string {
  const alive = powers.filter(isAlive)
  return (alive.length === 0 ? powers : alive).reduce(
    (last, power) => (power.last_day > last ? power.last_day : last),
    '',
  )
}

/** All mandates given, received and passed on, one's own or an organisation's, page by page. */
export async function allMandates(
  language: Language,
  signal: AbortSignal,
  mandatesApi: MandatesApi = ownMandates,
): Promise<{ readonly data?: readonly Mandate[]; readonly error?: unknown }> {
  const mandates: Mandate[] = []
  let before: string | null = null
  do {
    const query: { language: Language; before?: string } = before === null ? { language } : { language, before }
    const { data, error } = await mandatesApi.GET('/mandates', { params: { query }, signal })
    if (data === undefined) return { error }
    mandates.push(...data.mandates)
    before = data.next
  } while (before !== null)
  return { data: mandates }
}

/** What one has given and received oneself, and what holds by it and by law, in both directions. */
export async function overview(
  language: Language,
  signal: AbortSignal,
): Promise<{ readonly data?: Overview; readonly error?: unknown }> {
  const [representations, mandates] = await Promise.all([
    api.GET('/v1/me/representations', { params: { query: { language } }, signal }),
    allMandates(language, signal),
  ])
  if (representations.data === undefined) return { error: representations.error }
  if (mandates.data === undefined) return { error: mandates.error }
  return { data: { representations: representations.data, mandates: mandates.data } }
}
