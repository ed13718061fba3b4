import 'reflect-metadata'
import { once } from 'node:events'
import { type IncomingMessage, request as send, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Controller, Get } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import express, { type Request as ExpressOwn, type Response as ExpressResponse } from 'express'
import Fastify from 'fastify'
import { expressGuard, onBehalfOf as inExpress } from '../src/express.js'
import { fastifyGuard, onBehalfOf as inFastify } from '../src/fastify.js'
import type { GuardSettings } from '../src/guard.js'
import { type NestRequest, OnBehalfOf, OnBehalfOfModule, Representation } from '../src/nest.js'
import type { VerifiedToken } from '../src/verify.js'

/** What the guards' settings of the tests need of a request, whichever framework it is of. */
export interface AnyRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface GuardedServer extends AsyncDisposable {
  readonly port: number
  /** What handlers were given. A request that is refused must not add to it. */
  readonly handled: VerifiedToken[]
}

type Start = (settings: GuardSettings<AnyRequest>) => Promise<GuardedServer>

/** `/pension` demands reading, `/pension/{provider}` reading at that provider, `/twice?provider=` the same from the query. */
export const FRAMEWORKS: Readonly<Record<string, Start>> = {
  async Express(settings) {
    const handled: VerifiedToken[] = []
    const guard = expressGuard<ExpressOwn>(settings)
    const app = express()
    const answer = (request: ExpressOwn, response: ExpressResponse): void => {
      handled.push(inExpress(request))
      response.json({ principal: request.onBehalfOf?.principal })
    }
    app.get('/pension', guard('nav.pension', 'read'), answer)
    app.get(
      '/pension/:provider',
      guard('nav.pension', 'read', { provider: ({ params }) => String(params['provider']) }),
      answer,
    )
    app.get('/twice', guard('nav.pension', 'read', { provider: ({ query }) => query['provider'] as string }), answer)
    app.get('/unguarded', answer)
    app.set('env', 'test')
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return running(server, handled)
  },

  async Fastify(settings) {
    const handled: VerifiedToken[] = []
    const guard = fastifyGuard(settings)
    const app = Fastify()
    const answer = (request: Parameters<typeof inFastify>[0]): object => {
      handled.push(inFastify(request))
      return { principal: request.onBehalfOf?.principal }
    }
    const at = (request: { readonly params: unknown }): string => (request.params as { provider: string }).provider
    const asked = (request: { readonly query: unknown }): string => (request.query as { provider: string }).provider
    app.get('/pension', { onRequest: guard('nav.pension', 'read') }, answer)
    app.get('/pension/:provider', { preHandler: guard('nav.pension', 'read', { provider: at }) }, answer)
    app.get('/twice', { preHandler: guard('nav.pension', 'read', { provider: asked }) }, answer)
    app.get('/unguarded', answer)
    await app.listen({ port: 0, host: '127.0.0.1' })
    return running(app.server, handled)
  },

  async Nest(settings) {
    const handled: VerifiedToken[] = []
    interface Parts extends NestRequest {
      readonly params: { readonly provider: string }
      readonly query: { readonly provider: string }
    }
    class PensionController {
      @Get('pension')
      @OnBehalfOf('nav.pension', 'read')
      whole(@Representation() token: VerifiedToken): object {
        return this.answer(token)
      }

      @Get('pension/:provider')
      @OnBehalfOf<Parts>('nav.pension', 'read', { provider: ({ params }) => params.provider })
      atProvider(@Representation() token: VerifiedToken): object {
        return this.answer(token)
      }

      @Get('twice')
      @OnBehalfOf<Parts>('nav.pension', 'read', { provider: ({ query }) => query.provider })
      twice(@Representation() token: VerifiedToken): object {
        return this.answer(token)
      }

      @Get('unguarded')
      unguarded(@Representation() token: VerifiedToken): object {
        return this.answer(token)
      }

      private answer(token: VerifiedToken): object {
        handled.push(token)
        return { principal: token.principal }
      }
    }
    Controller()(PensionController)
    const root = {
      module: class Root {},
      imports: [OnBehalfOfModule.register(settings as unknown as GuardSettings<NestRequest>)],
      controllers: [PensionController],
    }
    const app = await NestFactory.create(root, new FastifyAdapter(), { logger: false, abortOnError: false })
    await app.listen(0, '127.0.0.1')
    return running(app.getHttpServer() as Server, handled, () => app.close())
  },
}

function running(server: Server, handled: VerifiedToken[], close?: () => Promise<void>): GuardedServer {
  return {
    port: (server.address() as AddressInfo).port,
    handled,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      if (close !== undefined) return close()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface Reply {
  readonly status: number
  readonly challenge: string | undefined
  readonly body: string
}

/** Sends a request whose headers may stand several times. */
export async function get(
  server: GuardedServer,
  path: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<Reply> {
  const written = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]])
  const sent = send({
    port: server.port,
    path,
    headers: Object.fromEntries(written) as Record<string, string[]>,
    agent: false,
  })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
  return { status: response.statusCode ?? 0, challenge: response.headers['www-authenticate'], body }
}
