import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { freePort } from '../../dev/free-port.js'
import { expressService, listen } from '../../examples/express/service.js'
import { fastifyService } from '../../examples/fastify/service.js'
import { nestService } from '../../examples/nest/service.js'
import { PensionService } from '../../examples/pension-service.js'
import type { CookieJar } from '../../standins/cookie-jar.js'
import { logIn } from '../../standins/headless-login.js'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'

interface Example {
  readonly name: string
  /** Starts it there, and gives what stops it. */
  readonly start: (service: PensionService, port: number) => Promise<() => Promise<unknown>>
  readonly withoutSession: number
}

const EXAMPLES: readonly Example[] = [
  {
    name: 'Express',
    withoutSession: 302,
    async start(service, port) {
      const server = await listen(expressService(service), port)
      return async () => {
        server.close()
        server.closeAllConnections()
        await once(server, 'close')
      }
    },
  },
  {
    name: 'Fastify',
    withoutSession: 302,
    async start(service, port) {
      const app = fastifyService(service)
      await app.listen({ host: 'localhost', port })
      return () => app.close()
    },
  },
  {
    name: 'NestJS',
    withoutSession: 401,
    async start(service, port) {
      const app = await nestService(service)
      await app.listen(port, 'localhost')
      return () => app.close()
    },
  },
]

let parts: TestService
let url: string
let stop: () => Promise<unknown> = () => Promise.resolve()

beforeAll(async () => {
  url = `http://localhost:${await freePort()}`
  parts = await testService({}, { exampleUrl: url })
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

afterEach(() => stop())

/** The service behind each example, playing the client `nav-web`. */
async function open(): Promise<PensionService> {
  const nav = parts.clients.find(({ client }) => client.clientId === 'nav-web')
  if (nav === undefined) throw new Error('no client is called nav-web')
  const { privateKey: key, idportenKey, audience } = nav
  const { issuer: idporten } = parts.idporten
  const place = { url, fullmakt: parts.url, idporten, clientId: 'nav-web', key, idportenKey }
  return PensionService.open({ ...place, audience: audience.audience })
}

interface Seen {
  readonly status: number
  readonly page: string
}

async function visit(cookies: CookieJar, address: string, form?: Readonly<Record<string, string>>): Promise<Seen> {
  const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
  const answer = await cookies.fetch(new URL(address), init)
  return { status: answer.status, page: await answer.text() }
}

/** From the log: clients fetch access tokens at the same address whenever they open a stream of events. */
async function exchanges(): Promise<number> {
  const [row] = await parts.database.query<{ count: number }>(
    { name: 'test_exchanges', text: `select count(*)::int as count from audit_entry where kind = 'exchange'` },
    [],
  )
  return row?.count ?? 0
}

describe.each(EXAMPLES)('$name', ({ start, withoutSession }) => {
  test('one logs in, chooses, acts for half an hour; the other ends it, and the next request is refused', async () => {
    const service = await open()
    stop = await start(service, Number(new URL(url).port))
    const giver = await Visitor.logIn(parts, 'turid-tveit')
    const powers = ['read', 'write'].map((action) => ({ service: 'nav.pension', action }))
    const given = await giver.give(await Visitor.logIn(parts, 'bjarne-aas'), powers)
    expect(given).toMatchObject({ status: 201, body: { state: 'active' } })

    expect((await fetch(`${url}/pension`, { redirect: 'manual' })).status).toBe(withoutSession)
    const { cookies, response } = await logIn(`${url}/login`, { id: 'bjarne-aas' })
    const home = await response.text()
    expect(home).toContain('Turid Tveit')
    expect(home).not.toMatch(/\b\d{11}\b/)

    expect((await visit(cookies, `${url}/pension`)).status).toBe(403)
    expect((await visit(cookies, `${url}/representation`, { handle: 'another’s' })).status).toBe(303)
    expect((await visit(cookies, `${url}/pension`)).status).toBe(403)
    const [, handle = ''] = /name="handle" value="([^"]+)">Turid/.exec(home) ?? []
    await visit(cookies, `${url}/representation`, { handle })
    expect((await visit(cookies, url)).page).toContain('You act for: <b>Turid Tveit</b>')

    const pension = await visit(cookies, `${url}/pension`)
    expect(pension).toMatchObject({ status: 200, page: expect.stringContaining('by mandate') })
    const before = await exchanges()
    expect((await visit(cookies, `${url}/pension`)).status).toBe(200)
    expect(await exchanges()).toBe(before)
    const session = service.sessions.find(cookies.header(new URL(url)))
    // What a token is five minutes later: of no use.
    session?.acting?.tokens.set('read', 'run out')
    expect((await visit(cookies, `${url}/pension`)).status).toBe(200)
    expect(await exchanges()).toBe(before + 1)
    expect((await visit(cookies, `${url}/applications`, {})).status).toBe(201)

    expect(await giver.change((given.body as { mandate_id: string }).mandate_id, 'end')).toMatchObject({ status: 200 })
    expect((await visit(cookies, `${url}/applications`, {})).status).toBe(403)
    const until = Date.now() + 5_000
    let { status } = await visit(cookies, `${url}/pension`)
    while (status === 200 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      ;({ status } = await visit(cookies, `${url}/pension`))
    }
    expect(status).toBe(403)

    const grant = session?.acting?.actorGrant ?? ''
    await visit(cookies, `${url}/logout`, {})
    expect((await visit(cookies, url)).page).toContain('Log in')
    const [ended] = await parts.database.query<{ ended: boolean }>(
      { name: 'test_ended_grants', text: 'select bool_or(ended_at is not null) as ended from actor_grant' },
      [],
    )
    expect([grant === '', ended?.ended]).toEqual([false, true])
    await service.close()
    const uses = await giver.get('/v1/me/activity')
    expect(JSON.stringify(uses.body)).toContain('"outcome":"done"')
  })
})
