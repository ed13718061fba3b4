import type { FastifyRequest } from 'fastify'

/** The Bearer token of a request (RFC 6750 section 2.1), or null when it came without. It may be empty. */
export function bearerToken({ headers }: FastifyRequest): string | null {
  const found = /^bearer(?:$| +(.*)$)/i.exec(headers.authorization ?? '')
  return found === null ? null : (found[1] ?? '')
}
