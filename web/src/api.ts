import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './generated/api.js'

/** The service's own interface, as `openapi.yaml` describes it; the session's cookie goes with it. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

/** The doors to mandates, without what tells whose: `/mandates/{mandateId}`. */
type MandatePaths = {
  [Path in keyof paths as Path extends `/v1/me${infer Door extends `/mandates${string}`}` ? Door : never]: paths[Path]
}
export type MandatesApi = ReturnType<typeof mandatesApi>

/** The event on `window` when the service answers that one does not act for an organisation any more; its name is the detail. */
export const ORGANISATION_LOST = 'fullmakt-organisation-lost'
const LOST: readonly unknown[] = ['no_such_organisation', 'signed_in_common', 'organisation_not_handled']

/** Where the mandates are: one's own, or those of the organisation that one knows by this name. */
export function placeOfMandates(organisation: string | null): string {
  return organisation === null ? '/v1/me' : `/v1/on-behalf-of/${organisation}`
}

/** The doors to one's own mandates, or the same doors to those of an organisation. */
export function mandatesApi(organisation: string | null) {
  const doors = createClient<MandatePaths>({ baseUrl: placeOfMandates(organisation), credentials: 'same-origin' })
  doors.use(asSpoken)
  if (organisation !== null) doors.use(whileActing(organisation))
  return doors
}

const whileActing = (organisation: string): Middleware => ({
  async onResponse({ response }) {
    if (response.status !== 403 && response.status !== 404) return
    const { code } = (await response.clone().json()) as { readonly code?: unknown }
    if (LOST.includes(code)) window.dispatchEvent(new CustomEvent(ORGANISATION_LOST, { detail: organisation }))
  },
})

/** The event on `window` when the service answers that no one is logged in. */
export const LOGGED_OUT = 'fullmakt-logged-out'

const asSpoken: Middleware = {
  onRequest({ request }) {
    // Refusals come in the language that the page speaks, which need not be the browser's.
    request.headers.set('Accept-Language', document.documentElement.lang)
    return request
  },
  onResponse({ response }) {
    if (response.status === 401) window.dispatchEvent(new Event(LOGGED_OUT))
  },
}
api.use(asSpoken)

/** The doors to one's own mandates, whoever one acts for: what stops everything stops one's own. */
export const ownMandates = mandatesApi(null)

/** What the service says of a failure (RFC 9457); `offline` is ours: nothing came back. */
export interface Refusal {
  readonly code: string
  /** In the reader's language, from the service. */
  readonly title: string
  readonly more: Readonly<Record<string, unknown>>
}

export const OFFLINE: Refusal = { code: 'offline', title: '', more: {} }

/** A refusal of whatever an answer's `error` holds. */
export function refusalOf(error: unknown): Refusal {
  if (typeof error !== 'object' || error === null) return { code: 'internal_error', title: '', more: {} }
  const { code, title, ...more } = error as Record<string, unknown>
  return {
    code: typeof code === 'string' ? code : 'internal_error',
    title: typeof title === 'string' ? title : '',
    more,
  }
}
