import { readFile } from 'node:fs/promises'
import path from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { newSecret } from '../login/opaque-secret.js'

/** Where screens are; what is below such an address is the page's own matter (`web/src/pages.tsx`). */
const SCREENS = [
  ...['', 'gi', 'mine', 'for-andre', 'be-om', 'foresporsler', 'godta', 'hendelser', 'beskjeder', 'innsyn', 'hjelp'],
  'invitasjon',
]
/** Where programs knock, whatever they say that they accept: there a failure is a problem document. */
const FOR_PROGRAMS = [
  ...['v1', 'access', 'oauth', '.well-known', 'jwks', 'statuslists', 'log', 'problems', 'openapi.yaml', 'docs'],
  ...['assets', 'livez', 'readyz', 'metrics'],
]
/** What the build left in the place of the nonce (`web/vite.config.mjs`). */
const NONCE = /\{nonce\}/g
const YEAR = 365 * 24 * 3_600_000

/** Hands out the pages for people, each time with a nonce of its own, and what they are made of. */
export async function servePages(fastify: FastifyInstance, folder: string): Promise<void> {
  const page = await readFile(path.join(folder, 'index.html'), 'utf8')
  await fastify.register(files, {
    root: path.resolve(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    // Their names hold a hash of what is in them.
    immutable: true,
    maxAge: YEAR,
  })
  const show = (_request: unknown, reply: FastifyReply): FastifyReply => {
    const nonce = newSecret()
    return reply
      .header('Content-Security-Policy', pagePolicy(nonce))
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(NONCE, nonce))
  }
  for (const screen of SCREENS) {
    fastify.get(`/${screen}`, show)
    if (screen !== '') fastify.get(`/${screen}/*`, show)
  }
  // Whatever has no route. The pages say that there is no such page, to a person who has mistyped an address.
  fastify.get('/*', (request, reply) => {
    if (isForPerson(request)) return show(request, reply.status(404))
    reply.callNotFound()
    return reply
  })
}

function isForPerson({ url, headers }: FastifyRequest): boolean {
  const [, first = ''] = /^\/([^/?]*)/.exec(url) ?? []
  return !FOR_PROGRAMS.includes(first) && /(^|[\s,])text\/html\s*($|[,;])/i.test(headers.accept ?? '')
}

/** Scripts by nonce alone, and what they themselves load; nothing from elsewhere (ASVS 5.0, 3.4.3). */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
