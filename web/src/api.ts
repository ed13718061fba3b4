import createClient from 'openapi-fetch'
import type { paths } from './generated/api.js'

/** The service's own interface, as `openapi.yaml` describes it; the session's cookie goes with it. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

/** The event on `window` when the service answers that no one is logged in. */
export const LOGGED_OUT = 'fullmakt-logged-out'

api.use({
  onRequest({ request }) {
    // Refusals come in the language that the page speaks, which need not be the browser's.
    request.headers.set('Accept-Language', document.documentElement.lang)
    return request
  },
  onResponse({ response }) {
    if (response.status === 401) window.dispatchEvent(new Event(LOGGED_OUT))
  },
})

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
