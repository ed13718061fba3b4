import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { ACTIONS, type Action, type CatalogueVersion } from '../../src/domain/catalogue.js'
import type { Power } from '../../src/domain/mandate.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'
import { type Audience, putAudience, putClient } from '../../src/store/client-store.js'
import { permissionsOf } from '../../src/tokens/idporten-detail.js'
import {
  type Answer,
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postToken,
  proofOf,
  startProofStage,
} from './proof-stage.js'

const READER = 'https://reader.nav.example'

let stage: ProofStage
let nav: PlayedService
let reader: Audience
let catalogue: CatalogueVersion
let [ola, kari, hedda]: Person[] = []

beforeAll(async () => {
  stage = await startProofStage()
  catalogue = await readCatalogueFiles('catalogue')
  nav = await stage.client('nav-web', ['nav.pension', 'nav.family'], { mayUseNumbers: true })
  reader = { audience: READER, clientId: 'nav-web', kind: 'web', services: ['nav.pension'], details: 'with_idporten' }
  await putAudience(stage.test.database, reader)
  ;[ola, kari, hedda] = await Promise.all(['ola-nordby', 'kari-nordby', 'hedda-lind'].map((id) => stage.person(id)))
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

function powersOf(service: string, actions: readonly Action[] = ACTIONS): { power: Power }[] {
  return actions.map((action) => ({ power: { service, action, provider: null, object: null } }))
}

describe('a role of ID-porten is told', () => {
  const pension = [{ owner: 'nav', role: 'pensjon' }]
  const all = () => powersOf('nav.pension', ['read', 'communicate', 'write'])

  test('where all that its task gives is given', () => {
    expect(permissionsOf(all(), ['nav.pension'], catalogue)).toEqual(pension)
  })

  test('and not where an action is missing, or it is for one provider or one object alone', () => {
    expect(permissionsOf(all().slice(1), ['nav.pension'], catalogue)).toEqual([])
    for (const limit of [{ provider: '958935420' }, { object: 'sak-17' }]) {
      const limited = all().map(({ power }, place) => ({ power: place === 0 ? { ...power, ...limit } : power }))
      expect(permissionsOf(limited, ['nav.pension'], catalogue)).toEqual([])
    }
  })

  test('nor where the audience has another service under the same task that is not in it', () => {
    const shared = catalogue.services.flatMap((one) =>
      catalogue.services
        .filter((other) => other !== one && other.guardians.some((rule) => one.guardians[0]?.task === rule.task))
        .map((other) => [one.id, other.id] as const),
    )
    expect(shared.length).toBeGreaterThan(0)
    for (const [one, other] of shared) {
      const task = catalogue.services.find(({ id }) => id === one)?.guardians[0]?.task
      const alone = permissionsOf(powersOf(one), [one, other], catalogue).map(({ role }) => role)
      expect(alone).not.toContain(task)
      const both = permissionsOf([...powersOf(one), ...powersOf(other)], [one, other], catalogue)
      expect(both.map(({ role }) => role)).toContain(task)
    }
  })

  test('of the audience’s services only', () => {
    expect(permissionsOf(powersOf('nav.pension'), ['nav.family'], catalogue)).toEqual([])
  })
})

describe('the second entry of a token', () => {
  async function exchange(principal: Person, helper: Person, resource = READER, scope?: string): Promise<Answer> {
    const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, helper)
    const listing = representations.find(({ powers }) => powers.length > 0 && principal !== undefined)
    const held = { actorGrant, handle: listing?.handle ?? '' }
    return postToken(stage.url, await exchangeForm(stage, nav, held, { resource, scope }))
  }

  beforeAll(async () => {
    const actions = ['read', 'communicate', 'write'] as const
    await stage.give(
      ola as Person,
      kari as Person,
      actions.map((action) => ({ service: 'nav.pension', action })),
    )
  })

  test('names both persons with their numbers, for an audience that reads it; introspection tells it too', async () => {
    const { body } = await exchange(ola as Person, kari as Person)
    const token = String(body['access_token'])
    const entry = {
      type: 'idporten:fullmakt',
      authorizer: { name: 'Ola Nordby', pid: ola?.number },
      authorized_representative: { name: 'Kari Nordby', pid: kari?.number },
      permissions: [{ owner: 'nav', role: 'pensjon' }],
    }
    expect(decodeJwt(token)['authorization_details']).toEqual([expect.objectContaining({ basis: 'mandate' }), entry])
    expect(body['authorization_details']).toEqual(decodeJwt(token)['authorization_details'])
    expect((await stage.log('exchange')).at(-1)).toMatchObject({ told: { number_given: true } })
    const introspected = await postToken(stage.url, { token, ...(await proofOf(stage, nav)) }, {}, 'introspect')
    expect(introspected.body['authorization_details']).toEqual(body['authorization_details'])
    expect(JSON.stringify([await stage.log('exchange'), await stage.log('introspection')])).not.toContain(ola?.number)
  })

  test('is not there for another audience, for less than the role, or for a client that may not use numbers', async () => {
    const other = await exchange(ola as Person, kari as Person, nav.audience)
    const less = await exchange(ola as Person, kari as Person, READER, 'nav.pension.read')
    await putClient(stage.test.database, { ...nav.client, mayUseNumbers: false })
    const without = await exchange(ola as Person, kari as Person)
    await putClient(stage.test.database, nav.client)
    for (const { body, status } of [other, less, without]) {
      expect([status, (body['authorization_details'] as unknown[]).length]).toEqual([200, 1])
      expect(JSON.stringify(decodeJwt(String(body['access_token'])))).not.toContain(ola?.number)
    }
  })

  test('nor for someone with a protected address, whichever of the two', async () => {
    const jon = await stage.person('jon-dahl')
    const actions = ['read', 'communicate', 'write'] as const
    await stage.give(
      hedda as Person,
      jon,
      actions.map((action) => ({ service: 'nav.pension', action })),
    )
    const { body, text } = await exchange(hedda as Person, jon)
    expect(body['authorization_details']).toHaveLength(1)
    expect(text).not.toContain(hedda?.number)
  })
})
