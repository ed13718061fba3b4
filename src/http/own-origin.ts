import type { FastifyRequest } from 'fastify'
import { Problem } from '../domain/problem.js'

/**
 * Lets a request that changes something pass only when the browser says that it comes from our own pages: `Origin` is ours
 * to the letter, and `Sec-Fetch-Site`, where the browser sends it, is `same-origin`. GET and HEAD change nothing here.
 *
 * A page with `Referrer-Policy: no-referrer` sends its forms with `Origin: null`; ours say `same-origin` for that reason.
 *
 * @throws Problem `foreign_origin`
 */
export function refuseForeignOrigin({ method, headers }: FastifyRequest, ownOrigin: string): void {
  if (method === 'GET' || method === 'HEAD') return
  const site = headers['sec-fetch-site']
  if (headers.origin === ownOrigin && (site === undefined || site === 'same-origin')) return
  throw new Problem('foreign_origin', 'with a session cookie, changes are taken from our own pages only')
}

/**
 * Lets a page of ours, or the person himself, begin what another site's link must not: the confirming of a text. A browser
 * that does not say where it comes from is let in; what it can begin needs the session all the same.
 *
 * @throws Problem `foreign_origin`
 */
export function refuseForeignStart({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return
  throw new Problem('foreign_origin', 'a text is confirmed from our own pages only')
}
