import { readFileSync } from 'node:fs'
import { Controller, Get } from '@nestjs/common'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { NestFactory, Reflector } from '@nestjs/core'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { OTHER_APP } from '../../dev/local-parts.js'
import { tokensFor } from '../../standins/headless-login.js'
import { DoorGuard } from '../../src/http/door.guard.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'

/** Who may come through each route. A route that is not here fails the first test. */
const DOORS: Readonly<Record<string, 'anyone' | 'person' | 'person_or_app' | 'service'>> = {
  'GET /.well-known/authzen-configuration': 'anyone',
  'GET /.well-known/oauth-authorization-server': 'anyone',
  'GET /.well-known/oauth-protected-resource': 'anyone',
  'GET /.well-known/ssf-configuration': 'anyone',
  'GET /jwks': 'anyone',
  'GET /statuslists': 'anyone',
  'GET /statuslists/{listId}': 'anyone',
  'GET /problems/{code}': 'anyone',
  'GET /v1/catalogue': 'anyone',
  'GET /login': 'anyone',
  'GET /login/callback': 'anyone',
  'POST /login/backchannel-logout': 'anyone',
  'POST /logout': 'anyone',
  'POST /oauth/token': 'anyone',
  'POST /oauth/introspect': 'anyone',
  'POST /oauth/revoke': 'anyone',
  'POST /access/v1/evaluation': 'service',
  'POST /access/v1/evaluations': 'service',
  'POST /access/v1/search/action': 'service',
  'POST /access/v1/search/resource': 'service',
  'POST /access/v1/search/subject': 'service',
  'POST /v1/acts': 'service',
  'GET /v1/acts/{actId}': 'service',
  'POST /v1/acts/{actId}/complete': 'service',
  'POST /v1/rulings': 'service',
  'GET /v1/rulings/{rulingId}': 'service',
  'POST /v1/rulings/{rulingId}/end': 'service',
  'POST /v1/employments': 'service',
  'GET /v1/employments': 'service',
  'POST /v1/employments/{employmentId}/end': 'service',
  'GET /v1/events': 'service',
  'POST /v1/events/poll': 'service',
  'POST /v1/representations': 'service',
  'POST /v1/representations/end': 'service',
  'POST /v1/uses': 'service',
  'GET /v1/me/session': 'person_or_app',
  'GET /v1/me/representations': 'person_or_app',
  'GET /v1/me/activity': 'person_or_app',
  'GET /v1/me/acts': 'person_or_app',
  'GET /v1/me/reservations': 'person_or_app',
  'POST /v1/me/acts/{actId}/approval': 'person',
  'POST /v1/me/acts/{actId}/refusal': 'person',
  'POST /v1/me/reservations': 'person',
  'POST /v1/me/reservations/{rulingId}/end': 'person',
  'GET /v1/me/mandates': 'person_or_app',
  'GET /v1/me/mandates/{mandateId}': 'person_or_app',
  'GET /v1/me/mandates/{mandateId}/versions': 'person_or_app',
  'GET /v1/me/mandates/{mandateId}/receipt.pdf': 'person_or_app',
  'GET /v1/me/notices': 'person_or_app',
  'POST /v1/me/notices/{noticeId}/read': 'person',
  'POST /v1/me/notices/read-all': 'person',
  'GET /v1/me/contact': 'person_or_app',
  'PUT /v1/me/notice-settings': 'person',
  'GET /v1/me/trusted-contact': 'person_or_app',
  'POST /v1/me/trusted-contact': 'person',
  'DELETE /v1/me/trusted-contact': 'person',
  'DELETE /v1/me/contact-for/{contactId}': 'person',
  'POST /v1/me/mandates/{mandateId}/end': 'person_or_app',
  'POST /v1/me/mandates/drafts': 'person',
  'POST /v1/me/mandates/drafts/{draftId}/confirmation': 'person',
  'POST /v1/me/mandates/{mandateId}/extension-drafts': 'person',
  'GET /v1/me/mandates/drafts/{draftId}': 'person',
  'POST /v1/me/mandates/{mandateId}/acceptance-drafts': 'person',
  'POST /v1/me/mandates/{mandateId}/refusal': 'person',
  'POST /v1/me/mandates/{mandateId}/narrowing': 'person',
  'POST /v1/me/mandates/{mandateId}/freeze': 'person',
  'POST /v1/me/mandates/{mandateId}/thaw': 'person',
  'POST /v1/me/freeze-all': 'person',
  'GET /v1/me/lookups': 'person_or_app',
  'GET /v1/me/requests': 'person_or_app',
  'POST /v1/me/requests': 'person',
  'GET /v1/me/requests/{requestId}': 'person_or_app',
  'POST /v1/me/requests/code': 'person',
  'POST /v1/me/requests/{requestId}/refusal': 'person',
  'POST /v1/me/requests/{requestId}/unblocking': 'person',
  'POST /v1/me/requests/{requestId}/withdrawal': 'person',
  'POST /v1/me/requests/{requestId}/letter': 'person',
  'GET /v1/me/invitations': 'person_or_app',
  'POST /v1/me/invitations': 'person',
  'POST /v1/me/invitations/redemption': 'person',
  'POST /v1/me/invitations/{invitationId}/cancellation': 'person',
  'GET /v1/on-behalf-of/{handle}/mandates': 'person_or_app',
  'GET /v1/on-behalf-of/{handle}/mandates/{mandateId}': 'person_or_app',
  'GET /v1/on-behalf-of/{handle}/mandates/{mandateId}/versions': 'person_or_app',
  'GET /v1/on-behalf-of/{handle}/mandates/{mandateId}/receipt.pdf': 'person_or_app',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/end': 'person_or_app',
  'POST /v1/on-behalf-of/{handle}/mandates/drafts': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/drafts/{draftId}/confirmation': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/extension-drafts': 'person',
  'GET /v1/on-behalf-of/{handle}/mandates/drafts/{draftId}': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/acceptance-drafts': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/refusal': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/narrowing': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/freeze': 'person',
  'POST /v1/on-behalf-of/{handle}/mandates/{mandateId}/thaw': 'person',
}
const SOME_ID = '01890000-0000-7000-8000-000000000000'

let parts: TestService
let person: Visitor
/** Logs out on the way: one and the same person, another session. */
let leaver: Visitor
let service: RelyingService
let appToken: string
let idToken: string

beforeAll(async () => {
  parts = await testService()
  person = await Visitor.logIn(parts, 'turid-tveit')
  leaver = await Visitor.logIn(parts, 'turid-tveit')
  service = await RelyingService.open(parts, 'nav-web')
  const tokens = await tokensFor(
    parts.idporten.issuer,
    OTHER_APP,
    { id: 'turid-tveit' },
    { scope: 'openid profile fullmakt:me' },
  )
  appToken = tokens.access_token
  idToken = await service.idTokenOf('turid-tveit')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** What comes back, without its body: one of them never ends. */
async function send(route: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  const url = new URL(path.replaceAll(/\{\w+\}/g, SOME_ID), parts.url)
  const body = method !== 'GET' ? { body: route.endsWith('/poll') ? '{"returnImmediately":true}' : '{}' } : {}
  const init = { method, redirect: 'manual' as const, headers: { 'content-type': 'application/json', ...headers } }
  const response = await fetch(url, { ...init, ...body })
  await response.body?.cancel()
  return response
}

test('every route of openapi.yaml stands in the table above, and no other', () => {
  const { paths } = parse(readFileSync('openapi.yaml', 'utf8')) as { paths: Record<string, Record<string, unknown>> }
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(routes.sort()).toEqual(Object.keys(DOORS).sort())
})

describe.each(Object.entries(DOORS))('%s (%s)', (route, door) => {
  const keys: [name: string, headers: () => Record<string, string>, opens: readonly string[]][] = [
    ['no key', () => ({}), ['anyone']],
    [
      'a session',
      () => ({
        cookie: (route === 'POST /logout' ? leaver : person).cookies.header(new URL(parts.url)),
        origin: parts.url,
      }),
      ['anyone', 'person', 'person_or_app'],
    ],
    ['an app’s access token', () => ({ authorization: `Bearer ${appToken}` }), ['anyone', 'person_or_app']],
    ['an id_token', () => ({ authorization: `Bearer ${idToken}` }), ['anyone']],
    ['another’s cookie name', () => ({ cookie: '__Host-fullmakt=x', origin: parts.url }), ['anyone']],
  ]
  test.each(keys)('%s', async (_name, headers, opens) => {
    const { status } = await send(route, headers())
    if (opens.includes(door)) expect([401, 500]).not.toContain(door === 'anyone' ? 0 : status)
    else expect([401, 403]).toContain(status)
  })

  test('a service’s access token', async () => {
    const { status } = await send(route, { authorization: `Bearer ${await service.accessToken()}` })
    if (door === 'service' || door === 'anyone') expect(status).not.toBe(500)
    else expect([401, 403]).toContain(status)
  })

  test('the headers that every answer has', async () => {
    const { headers } = await send(route, {})
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}; includeSubDomains/)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    // Status lists are for every page: they tell nothing of anyone.
    const forPages = route.startsWith('GET /statuslists') ? '*' : null
    expect([null, forPages]).toContain(headers.get('access-control-allow-origin'))
    expect(headers.get('x-powered-by')).toBeNull()
    const shared = door === 'anyone' && /(public|private), max-age=[16]0/.test(headers.get('cache-control') ?? '')
    if (!shared) expect(headers.get('cache-control')).toContain('no-store')
  })
})

test('a route that does not say who may come through lets no one in', async () => {
  @Controller()
  class Forgotten {
    @Get('forgotten')
    answer(): string {
      return 'open'
    }
  }
  class Module {}
  const module = { module: Module, controllers: [Forgotten] }
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false })
  app.useGlobalGuards(new DoorGuard(app.get(Reflector)))
  await app.init()
  const { statusCode } = await app.inject({ method: 'GET', url: '/forgotten' })
  expect(statusCode).toBe(403)
  await app.close()
})

test('a person in another party’s app reads and ends, and gives nothing', async () => {
  const helper = await Visitor.logIn(parts, 'bjarne-aas')
  const given = await person.give(helper, [{ service: 'nav.pension', action: 'read' }])
  const path = `/v1/me/mandates/${given.body.mandate_id}`
  const bearer = { authorization: `Bearer ${appToken}`, 'idempotency-key': 'ended-in-an-app', 'if-match': '"1"' }
  const call = (route: string, method: string): Promise<Response> =>
    fetch(new URL(route, parts.url), {
      method,
      headers: { ...bearer, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: route.endsWith('/poll') ? '{"returnImmediately":true}' : '{}' } : {}),
    })
  expect((await call(path, 'GET')).status).toBe(200)
  expect([401, 403]).toContain((await call(`${path}/freeze`, 'POST')).status)
  expect([401, 403]).toContain((await call('/v1/me/mandates/drafts', 'POST')).status)
  const ended = await call(`${path}/end`, 'POST')
  expect([ended.status, ((await ended.json()) as { state: string }).state]).toEqual([200, 'ended'])
})

test('/docs shows openapi.yaml, with nothing from elsewhere', async () => {
  const page = await fetch(`${parts.url}/docs`)
  const html = await page.text()
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, source = '']) => new URL(source, `${parts.url}/docs`),
  )
  expect(sources.length).toBeGreaterThan(3)
  for (const source of sources) {
    expect(source.origin).toBe(parts.url)
    const answer = await fetch(source)
    await answer.arrayBuffer()
    expect(answer.status).toBe(200)
  }
  const shown = parse(await (await fetch(`${parts.url}/openapi.yaml`)).text()) as unknown
  expect(shown).toEqual(parse(readFileSync('openapi.yaml', 'utf8')))
})
