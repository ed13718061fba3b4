import type { FastifyReply } from 'fastify'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import type { WriteAnswer } from '../store/idempotency-store.js'

/** How the header stands in `openapi.yaml`. */
export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: true,
  description: 'The same key and request get the same answer.',
}

/** @throws Problem `idempotency_key_required` when it is left out or is none. */
export function idempotencyKey(header: string | undefined): string {
  if (header === undefined) throw new Problem('idempotency_key_required', 'send an Idempotency-Key with every write')
  if (!/^[\x21-\x7e]{8,128}$/.test(header)) {
    throw new Problem('idempotency_key_required', 'an Idempotency-Key is 8 to 128 printable characters without spaces')
  }
  return header
}

/** Sends a write's answer as it was kept: status, ETag where there is one, body. */
export function sendWritten(reply: FastifyReply, { status, etag, body }: WriteAnswer): Json {
  void reply.status(status)
  if (etag !== null) void reply.header('ETag', etag)
  return body
}
