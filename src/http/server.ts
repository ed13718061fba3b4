import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { DynamicModule } from '@nestjs/common'
import { NestFactory, Reflector } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hasDuplicateMember } from '../domain/duplicate-members.js'
import type { Text } from '../domain/catalogue.js'
import { Problem, type ProblemCode } from '../domain/problem.js'
import { ServiceTokens } from '../tokens/service-token.js'
import { bearerToken } from './bearer-token.js'
import { DoorGuard } from './door.guard.js'
import { showDocument } from './openapi.js'
import { servePages } from './pages.js'
import { ProblemFilter } from './problem.filter.js'

const LARGEST_BODY = 64 * 1024
/** To send us a whole request in; Fastify would wait for ever. */
const LONGEST_REQUEST_MS = 30_000
/** What is under way when the service stops has so long to be answered. */
const LONGEST_GOODBYE_MS = 5_000
/** Where nothing has been asked by then, nothing was on its way. */
const SHORTEST_GOODBYE_MS = 200
/** No shape of ours is half as deep; whoever walks through a body by recursion must come to its end. */
const DEEPEST_BODY = 32

/** One line about each request: the route's pattern, never the address, since an address may hold what a log must not. */
export interface RequestLine {
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly milliseconds: number
}

export interface ServerOptions {
  readonly publicUrl: string
  /** The built pages. */
  readonly webFolder: string
  readonly trustProxy: boolean
  readonly requestsPerMinute: number
  /** What people read of each problem. */
  readonly problemTitles: Readonly<Record<ProblemCode, Text>>
  readonly logRequest: (line: RequestLine) => void
  readonly logFault: (fault: { readonly requestId: string; readonly error: unknown }) => void
}

/** Builds the HTTP side of the service around the wired module: parsers, headers, limits, doors, problems. Does not listen. */
export async function createServer(module: DynamicModule, options: ServerOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    // One proxy, and what it adds: what stands before that in the header is whatever the visitor wrote there.
    trustProxy: options.trustProxy ? (_address: string, hops: number) => hops === 0 : false,
    requestTimeout: LONGEST_REQUEST_MS,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
  })
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: ['error', 'fatal'],
  })
  const fastify = adapter.getInstance<FastifyInstance>()
  readBodiesStrictly(fastify)
  letGoOfTheSilent(fastify)
  await setHeaders(fastify, options, app.get(ServiceTokens))
  logRequests(fastify, options)
  app.useGlobalGuards(new DoorGuard(app.get(Reflector)))
  app.useGlobalFilters(new ProblemFilter(`${options.publicUrl}/problems`, options.problemTitles, options.logFault))
  showDocument(app)
  await servePages(fastify, options.webFolder)
  return app
}

/** Takes no more requests, and is fulfilled when those under way are answered, or after five seconds. */
export async function closeServer(app: NestFastifyApplication): Promise<void> {
  const late = setTimeout(() => {
    app.getHttpServer().closeAllConnections()
  }, LONGEST_GOODBYE_MS)
  await app.close().finally(() => clearTimeout(late))
}

/**
 * Browsers open connections ahead, and may never ask anything on them: Node would wait for those, when it closes, for as
 * long as the other side keeps them open.
 */
function letGoOfTheSilent(fastify: FastifyInstance): void {
  const open = new Set<Socket>()
  fastify.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  fastify.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    }, SHORTEST_GOODBYE_MS)
    done()
  })
}

/** One JSON reader for all doors: a body with a duplicate member has two meanings, and is refused. */
function readBodiesStrictly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readJson(body as string))
    } catch (error) {
      done(error as Error)
    }
  })
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(body as string))
  })
}

function readJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Problem('malformed_json', 'the body is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('invalid_request', 'the body must be a JSON object')
  }
  if (isDeeperThan(value, DEEPEST_BODY)) throw new Problem('invalid_request', 'the body is nested too deep')
  if (hasDuplicateMember(text)) throw new Problem('duplicate_member', 'a member stands twice in the same object')
  return value
}

/** Goes down `levels` times at most. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1))
}

async function setHeaders(fastify: FastifyInstance, options: ServerOptions, tokens: ServiceTokens): Promise<void> {
  await fastify.register(cookie)
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], formAction: ["'self'"], baseUri: ["'none'"] },
    },
    strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: true },
    referrerPolicy: { policy: 'same-origin' },
  })
  await fastify.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: '1 minute',
    // A service asks thousands of questions with one token. Limits are for people, and for whoever has no such token.
    allowList: (request: FastifyRequest) =>
      request.url.startsWith('/access/') && tokens.knows(bearerToken(request) ?? ''),
  })
  fastify.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store')
  })
}

function logRequests(fastify: FastifyInstance, options: ServerOptions): void {
  fastify.addHook('onResponse', async (request, reply) => {
    options.logRequest({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    })
  })
}
