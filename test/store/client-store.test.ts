import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type Client,
  findAudience,
  findClient,
  forgetExpiredJtis,
  putAudience,
  putClient,
  useJti,
} from '../../src/store/client-store.js'
import { NAV, OSLO } from '../support/catalogue.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { HOUR, sql } from './given.js'

const PENSION: Client = {
  clientId: 'pension',
  name: 'Pensjon',
  organisation: NAV,
  jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: '1' }] },
  services: ['nav.pension'],
  loginIssuer: 'https://login.example',
  loginClientId: 'pension-at-login',
  mayUseNumbers: true,
  mayRule: [],
  workLoginIssuer: null,
  workLoginClientId: null,
  mayTellEmployments: false,
}
const SCHOOL: Client = {
  ...PENSION,
  clientId: 'school',
  organisation: OSLO,
  services: [],
  loginIssuer: null,
  loginClientId: null,
  mayUseNumbers: false,
  mayRule: [],
  workLoginIssuer: null,
  workLoginClientId: null,
  mayTellEmployments: false,
}

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase()
  await putClient(stage.database, PENSION)
  await putClient(stage.database, SCHOOL)
})
afterAll(() => stage.drop())

describe('a registered client', () => {
  test.each([PENSION, SCHOOL])('$clientId reads back as it was registered', async (client) => {
    expect(await findClient(stage.database, client.clientId)).toEqual(client)
  })

  test('is found by its very id', async () => {
    expect(await findClient(stage.database, 'Pension')).toBeNull()
    expect(await findClient(stage.database, 'pension ')).toBeNull()
    expect(await findClient(stage.database, '')).toBeNull()
  })

  test('gets new properties when it is registered again', async () => {
    const changed = { ...PENSION, clientId: 'changing', name: 'A' }
    await putClient(stage.database, changed)
    await putClient(stage.database, {
      ...changed,
      name: 'B',
      services: ['nav.pension', 'muni.school'],
      mayUseNumbers: false,
      mayRule: [],
      workLoginIssuer: null,
      workLoginClientId: null,
      mayTellEmployments: false,
    })
    expect(await findClient(stage.database, 'changing')).toMatchObject({ name: 'B', mayUseNumbers: false, mayRule: [] })
  })

  test('has its own audiences, and no one takes them over', async () => {
    const audience = {
      audience: 'https://pension.example',
      clientId: 'pension',
      kind: 'web',
      services: ['nav.pension'],
      details: 'own',
    } as const
    await putAudience(stage.database, audience)
    await putAudience(stage.database, { ...audience, clientId: 'school', kind: 'api' })
    expect(await findAudience(stage.database, audience.audience, 'pension')).toEqual(audience)
    expect(await findAudience(stage.database, audience.audience, 'school')).toBeNull()
    await putAudience(stage.database, { ...audience, kind: 'api' })
    expect(await findAudience(stage.database, audience.audience, 'pension')).toMatchObject({ kind: 'api' })
  })
})

describe('a client assertion', () => {
  const soon = (): Date => new Date(Date.now() + HOUR)

  test('is used once, however many bring it at once', async () => {
    const uses = await Promise.all(Array.from({ length: 50 }, () => useJti(stage.database, 'pension', 'one', soon())))
    expect(uses.filter(Boolean)).toHaveLength(1)
    expect(await useJti(stage.database, 'pension', 'one', soon())).toBe(false)
  })

  test('of another client may bear the same name', async () => {
    expect(await useJti(stage.database, 'pension', 'two', soon())).toBe(true)
    expect(await useJti(stage.database, 'school', 'two', soon())).toBe(true)
    expect(await useJti(stage.database, 'pension', 'TWO', soon())).toBe(true)
  })

  test('is forgotten five minutes after it expired, and no sooner', async () => {
    const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000)
    await useJti(stage.database, 'pension', 'old', ago(6))
    await useJti(stage.database, 'pension', 'recent', ago(4))
    await forgetExpiredJtis(stage.database)
    const left = await sql<{ jti: string }>(stage.database, `select jti from used_jti where jti in ('old', 'recent')`)
    expect(left).toEqual([{ jti: 'recent' }])
  })
})
