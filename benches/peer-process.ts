import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { type JWTPayload, type JWK, SignJWT, createRemoteJWKSet, importJWK, jwtVerify } from 'jose'
import { given, ready } from './forked.js'

/** A Fastify handler that takes the same body as the service, answers with the same words, and does one thing at most. */
export type PeerGiven = { readonly answer: Readonly<Record<string, unknown>> } & (
  | { readonly does: 'nothing' }
  | { readonly does: 'verify'; readonly jwks: string; readonly issuer: string }
  | { readonly does: 'sign'; readonly key: JWK; readonly claims: JWTPayload }
)

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

async function handlerOf(peer: PeerGiven): Promise<Handler> {
  switch (peer.does) {
    case 'nothing':
      return () => Promise.resolve(peer.answer)
    case 'verify': {
      const keys = createRemoteJWKSet(new URL(peer.jwks))
      const expected = { issuer: peer.issuer, audience: peer.issuer, algorithms: ['ES256'], typ: 'at+jwt' }
      return async (request) => {
        await jwtVerify(request.headers.authorization?.slice('Bearer '.length) ?? '', keys, expected)
        return peer.answer
      }
    }
    case 'sign': {
      const { answer, claims, key } = peer
      const imported = await importJWK(key, 'ES256')
      const header = { alg: 'ES256', typ: 'at+jwt', kid: key.kid ?? '' }
      return async () => ({
        ...answer,
        access_token: await new SignJWT(claims).setProtectedHeader(header).sign(imported),
      })
    }
  }
}

const app = fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
  done(null, new URLSearchParams(body as string))
})
app.post('/*', await handlerOf(given() as PeerGiven))
ready(await app.listen({ port: 0, host: '127.0.0.1' }), () => app.close())
