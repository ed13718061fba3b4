import { readFile } from 'node:fs/promises'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import type { CallFailure, RefusalCode } from '../src/client.js'
import { onBehalfOf } from '../src/express.js'
import { startFakeIssuer } from '../src/testing.js'
import type { Session } from './example-session.js'
import { pensionService } from './example.js'

const readme = await readFile('client/README.md', 'utf8')

/** Complete by its type: a new code does not compile until it stands here, and the test fails until README tells of it. */
const codes: Readonly<Record<RefusalCode, true>> = {
  format: true,
  type: true,
  algorithm: true,
  key: true,
  keys_unavailable: true,
  signature: true,
  issuer: true,
  audience: true,
  not_yet_valid: true,
  expired: true,
  lifetime: true,
  claims: true,
  proof_required: true,
  proof: true,
  actor_missing: true,
  actor_mismatch: true,
  power_not_covered: true,
  assurance: true,
  status_ended: true,
  status_suspended: true,
  status_unavailable: true,
  introspection_required: true,
}

const failures: Readonly<Record<CallFailure, true>> = {
  invalid_request: true,
  invalid_client: true,
  invalid_client_token: true,
  invalid_login_token: true,
  unsupported_grant_type: true,
  invalid_scope: true,
  invalid_target: true,
  invalid_authorization_details: true,
  invalid_dpop_proof: true,
  not_allowed: true,
  unavailable: true,
  unexpected_answer: true,
}

test('the example in README is the one that is compiled here', async () => {
  const compiled = await readFile('client/test/example.ts', 'utf8')
  const shown = /```ts\n(.*?)```/s.exec(readme)?.[1]
  const moved = shown
    ?.replace("'@fullmakt/client'", "'../src/client.js'")
    .replace("'@fullmakt/client/express'", "'../src/express.js'")
    .replace("'./session.js'", "'./example-session.js'")
  expect(moved).toBe(compiled)
})

test('the example shows whom one may act for, and lets that through', async () => {
  await using issuer = await startFakeIssuer()
  const user = { issuer: 'https://idporten.no', subject: 'kari' }
  const power = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
  const token = { audience: 'https://nav.example/pensjon', user, powers: [power] }
  issuer.represent([{ handle: 'r_1', name: 'Ola Nordby', token }])
  const service = pensionService(issuer.issuer, issuer.client, () => undefined)
  const session: Session = { user, actorGrant: '', delegation: null }
  expect(await service.open(session, 'an id_token')).toEqual([{ handle: 'r_1', name: 'Ola Nordby' }])
  await service.actFor(session, 'r_1')
  const request = Object.assign(new IncomingMessage(new Socket()), { session, method: 'GET', originalUrl: '/pension' })
  const passed = new Promise((resolve) => {
    service.guard('nav.pension', 'read')(request, new ServerResponse(request), resolve)
  })
  expect(await passed).toBeUndefined()
  expect(onBehalfOf(request).principal).toBe('p_test')
  service.done(onBehalfOf(request), 'case-7')
  expect(await service.close()).toEqual([])
  expect(issuer.uses).toMatchObject([{ service: 'nav.pension', action: 'read', outcome: 'done', reference: 'case-7' }])
})

test('README tells of every code and of no other', () => {
  const table = readme.split('\n').filter((line) => line.startsWith('| `'))
  const told = table.flatMap((line) => Array.from(line.split('|')[1]?.matchAll(/`(\w+)`/g) ?? [], ([, code]) => code))
  const known = [...Object.keys(codes), ...Object.keys(failures), 'CallFailed']
  expect(told.toSorted()).toEqual(known.toSorted())
})

test('README stays short', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120)
})
