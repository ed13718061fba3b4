import type { CookieSerializeOptions } from '@fastify/cookie'

/** The session, and what binds an attempt to log in to the browser that began it. */
export const SESSION_COOKIE = '__Host-fullmakt'
export const ATTEMPT_COOKIE = '__Host-fullmakt-login'

/** What tells a browser again, from login to login and whoever logs in: a year, and for nothing but same-device marks. */
export const DEVICE_COOKIE = '__Host-device'
export const DEVICE_SECONDS = 365 * 24 * 3600

/**
 * `__Host-` makes the browser see to it that the cookie is ours alone: no other host, no subdomain, no plain HTTP has set
 * it. `Lax`, since the browser comes back from the identity provider. A session cookie goes when the browser closes.
 */
export const COOKIE: CookieSerializeOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' }

export const ATTEMPT_SECONDS = 600
