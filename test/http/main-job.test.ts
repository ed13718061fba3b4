import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { remoteKeys, remoteStatuses, verify } from '../../client/src/verify.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService

beforeAll(async () => {
  // One connection: whoever holds it and asks for a second one waits for ever, and this test with him.
  parts = await testService({ DATABASE_CONNECTIONS: '1' })
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

test('one gives, the service asks, proves and checks, one ends, the next request is refused', async () => {
  const giver = await Visitor.logIn(parts, 'turid-tveit')
  const helper = await Visitor.logIn(parts, 'bjarne-aas')
  const nav = await RelyingService.open(parts, 'nav-web')

  const before = await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read')
  expect(before.body).toMatchObject({ decision: false, context: { reason: 'no_registered_ground' } })

  const draft = await giver.draft(helper, [{ service: 'nav.pension', action: 'read' }])
  expect(draft.status).toBe(201)
  expect(draft.body.text).toContain('Bjarne Aas')
  const given = await giver.confirm(draft.body)
  expect(given).toMatchObject({ status: 201, body: { state: 'active', your_role: 'giver' } })

  const during = await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read')
  expect(during.body).toMatchObject({ decision: true, context: { basis: 'mandate' } })

  const opened = await nav.representations('bjarne-aas')
  expect(opened.status).toBe(200)
  const [represented] = opened.body.representations
  expect(represented.principal.name).toBe('Turid Tveit')
  const { access_token } = await nav.exchange(represented.handle, opened.body.actor_grant, 'nav.pension.read')

  const claims = decodeJwt(access_token)
  const idToken = decodeJwt(await nav.idTokenOf('bjarne-aas'))
  const keys = remoteKeys(new URL('/jwks', parts.url))
  const proof = {
    keys,
    statuses: remoteStatuses(parts.url, keys),
    issuer: parts.url,
    audience: nav.registered.audience.audience,
    now: new Date(),
    power: { service: 'nav.pension', action: 'read', provider: null, object: null },
    user: { issuer: parts.idporten.issuer, subject: String(idToken.sub) },
    proof: null,
    minimumAssurance: 'high',
    introspect: null,
  } as const
  const verified = await verify(access_token, proof)
  expect(verified.principal).toBe(claims.sub)
  expect(JSON.stringify(claims)).not.toContain(giver.number)

  const ended = await giver.change(given.body.mandate_id, 'end')
  expect(ended).toMatchObject({ status: 200, body: { state: 'ended' } })
  // The token that is out is refused, too, from the next status list on.
  const until = Date.now() + 5_000
  let refused: unknown
  while (refused === undefined && Date.now() < until) {
    const asked = { ...proof, statuses: remoteStatuses(parts.url, keys), now: new Date() }
    refused = await verify(access_token, asked).then(
      () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 100)),
      (error: unknown) => error,
    )
  }
  expect(refused).toMatchObject({ code: 'status_ended' })
  const after = await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read')
  expect(after.body).toMatchObject({ decision: false, context: { reason: 'ended', remedy: 'ask_for_new_mandate' } })
  await expect(nav.exchange(represented.handle, opened.body.actor_grant)).rejects.toMatchObject({
    error: 'invalid_request',
  })

  const activity = await giver.get('/v1/me/activity')
  expect(activity.body.activity.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(['mandate_ended', 'exchange', 'evaluation', 'mandate_given']),
  )
  const lines: Record<string, unknown>[] = activity.body.activity
  expect(lines.find(({ kind, allowed }) => kind === 'exchange' && allowed === true)).toMatchObject({
    by: 'Bjarne Aas',
    asked_by: 'NAV, Ditt NAV',
    powers: [{ service: 'nav.pension', action: 'read', service_name: 'Pensjon' }],
  })
  // Before there was any ground, the principal learns that he was asked about, and not by whom.
  expect(lines.filter(({ kind }) => kind === 'evaluation').at(-1)).toMatchObject({
    by: null,
    asked_by: 'NAV, Ditt NAV',
    allowed: false,
    refused_because: 'no_registered_ground',
  })
})
