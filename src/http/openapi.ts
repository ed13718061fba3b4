import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'
import { PROBLEM_CODES } from '../domain/problem.js'

const DESCRIPTION = `Fullmakt answers one question: may this person do this, here, now, on behalf of that one? It proves the
answer with a signed token and keeps a log of every answer. Errors of \`/v1\` are problem documents (RFC 9457) with a
stable \`code\`; \`/oauth\` and \`/access\` keep the forms of their own standards.`

const PROBLEM = {
  type: 'object',
  required: ['type', 'code', 'status', 'title'],
  properties: {
    type: { type: 'string', format: 'uri' },
    code: { type: 'string', enum: [...PROBLEM_CODES, 'internal_error'] },
    status: { type: 'integer' },
    title: { type: 'string' },
    detail: { type: 'string', description: 'For developers. Never holds an identity number.' },
  },
}

/** The decorators of a class can name no part of its address. */
const HANDLE = {
  name: 'handle',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'The organisation: its `ref` as you see it. `no_such_organisation` unless you handle its mandates now.',
}

/** Describes every route of the service, from the code: the same code gives the same document, byte for byte. */
export function describe(app: NestFastifyApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Fullmakt')
    .setVersion('0.1.0')
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addSecurity('session', { type: 'apiKey', in: 'cookie', name: '__Host-fullmakt' })
    .addSecurity('app', { type: 'http', scheme: 'bearer', description: 'Access token of the identity provider' })
    .addSecurity('service', { type: 'http', scheme: 'bearer', description: 'Access token from /oauth/token' })
    .build()
  const document = SwaggerModule.createDocument(app, settings, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  })
  document.components ??= {}
  document.components.schemas = { ...document.components.schemas, Problem: PROBLEM }
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of Object.values(item as Record<string, Operation>)) {
      operation.security ??= []
      if (path.includes('{handle}')) operation.parameters = [HANDLE, ...(operation.parameters ?? [])]
      addErrors(path, operation)
    }
  }
  return withNull(document) as OpenAPIObject
}

/** OpenAPI 3.1 says `type: [string, null]` where the decorators still say `nullable`. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...members } = value as Record<string, unknown>
  const entries = Object.entries(members).map(([name, member]) => [name, withNull(member)] as const)
  const rest = Object.fromEntries(entries)
  return nullable === true && typeof rest['type'] === 'string' ? { ...rest, type: [rest['type'], 'null'] } : rest
}

interface Operation {
  /** None means that anyone may come; left out it would mean that no one thought of it. */
  security?: readonly unknown[]
  parameters?: readonly unknown[]
  responses: Record<string, unknown>
}

/** What can go wrong is the same everywhere; each family of doors tells it in the form of its standard. */
function addErrors(path: string, { responses }: Operation): void {
  const content = errorContent(path)
  responses['4XX'] = { description: 'An expected failure', content }
  responses['5XX'] = { description: 'A fault of the service; nothing was changed', content }
}

function errorContent(path: string): object {
  if (path.startsWith('/access/')) return { 'application/json': { schema: { type: 'string' } } }
  if (path.startsWith('/oauth/'))
    return { 'application/json': { schema: { $ref: '#/components/schemas/OAuthErrorBody' } } }
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
}

/** Shows the document at `/docs`, for people, and at `/openapi.yaml`, for programs. */
export function showDocument(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance()
  fastify.addHook('onSend', async (request, reply) => {
    if (request.url === '/docs' || request.url.startsWith('/docs/')) {
      reply.header('Content-Security-Policy', DOCS_POLICY)
    }
  })
  SwaggerModule.setup('docs', app, () => describe(app), {
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Fullmakt API',
  })
}

/** Swagger UI sets styles from its script; it loads nothing from elsewhere. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
