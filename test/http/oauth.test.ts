import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type JWTPayload, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import {
  type Listing,
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postToken,
  proofOf,
  startProofStage,
  subjectOf,
} from '../tokens/proof-stage.js'

let stage: ProofStage
let nav: PlayedService
let kari: Person
let ola: Person
let mandateId: string
let listing: Listing

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension', 'nav.family'])
  kari = await stage.person('kari-nordby')
  ola = await stage.person('ola-nordby')
  mandateId = await stage.give(ola, kari, [
    { service: 'nav.pension', action: 'read' },
    { service: 'nav.pension', action: 'write' },
  ])
  listing = await openGrant(stage, nav, kari)
})
afterAll(() => stage.stop())

test('x', async () => {
  console.log(JSON.stringify(listing, null, 1), mandateId)
  const held = { handle: listing.representations[0]!.handle, actorGrant: listing.actor_grant }
  const a = await postToken(stage.url, await exchangeForm(stage, nav, held))
  console.log(a.text, decodeProtectedHeader(String(a.body.access_token)), decodeJwt(String(a.body.access_token)))
  console.log(await stage.log('exchange'), stage.faults, [...new Set(stage.test.statements)])
})
