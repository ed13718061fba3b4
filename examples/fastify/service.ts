import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { VerifiedToken } from '@fullmakt/client'
import { MayNot } from '../acting.js'
import { donePage, homePage, refusedPage } from '../pages.js'
import type { PensionService } from '../pension-service.js'
import { cookieOf } from '../sessions.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `onBehalfOf` before a handler runs. */
    represented: VerifiedToken | null
  }
}

const FORM = 'application/x-www-form-urlencoded'

/** The example with Fastify. What is Fullmakt's is in `onBehalfOf`; the rest is any service with a login. */
export function fastifyService(service: PensionService): FastifyInstance {
  const app = fastify()
  app.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: 10_000 }, (_request, body, done) => {
    done(null, new URLSearchParams(body.toString()))
  })
  app.decorateRequest('represented', null)

  app.get('/', (request, reply) => html(reply, homePage(service.sessions.find(request.headers.cookie) ?? {})))
  app.get('/login', async (_request, reply) => {
    const { session, address } = await service.beginLogin()
    return reply.header('set-cookie', cookieOf(session)).redirect(address)
  })
  app.get('/callback', async (request, reply) => {
    const session = service.sessions.find(request.headers.cookie)
    if (session === undefined) return reply.redirect('/login')
    return reply.header('set-cookie', cookieOf(await service.finishLogin(session, request.url))).redirect('/')
  })
  app.post('/representation', (request: FastifyRequest<{ Body: URLSearchParams }>, reply) => {
    const session = service.sessions.find(request.headers.cookie)
    if (session !== undefined) service.choose(session, request.body.get('handle') ?? '')
    return reply.redirect('/', 303)
  })
  app.get('/pension', { preHandler: onBehalfOf(service, 'forReading') }, (request, reply) =>
    html(reply, donePage('Here is the pension', represented(request))),
  )
  app.post('/applications', { preHandler: onBehalfOf(service, 'forSending') }, (request, reply) => {
    service.acting.done(represented(request))
    return html(reply.code(201), donePage('The application was sent', represented(request)))
  })
  app.post('/logout', async (request, reply) => {
    const session = service.sessions.find(request.headers.cookie)
    if (session !== undefined) await service.logOut(session)
    return reply.redirect('/', 303)
  })
  return app
}

/** Lets a request on only when the user may do this now for the one who was chosen, and tells the handler who that is. */
function onBehalfOf(service: PensionService, check: 'forReading' | 'forSending') {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const acting = service.sessions.find(request.headers.cookie)?.acting
    if (acting === undefined) return reply.redirect('/login')
    try {
      request.represented = await service.acting[check](acting, 'nav.pension')
      return undefined
    } catch (error) {
      if (error instanceof MayNot) return html(reply.code(403), refusedPage())
      throw error
    }
  }
}

function represented({ represented }: FastifyRequest): VerifiedToken {
  if (represented === null) throw new Error('this route has no onBehalfOf')
  return represented
}

function html(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page)
}
