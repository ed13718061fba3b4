import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type CryptoKey, type JSONWebKeySet, compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import { remoteKeys, remoteStatuses } from '@fullmakt/client'
import { type RunningService, startService } from '../../src/service.js'
import { StartRefused } from '../../src/start-refused.js'
import { Database } from '../../src/store/database.js'
import { type KeyPurpose, readSigningKeys } from '../../src/store/signing-key-store.js'
import { type KeyOffice, removeKey, rotateKey } from '../../src/tokens/key-changes.js'
import { ServiceTokens } from '../../src/tokens/service-token.js'
import { SigningKeys } from '../../src/tokens/signing-keys.js'
import { SoftwareKeys } from '../../src/tokens/software-keys.js'
import {
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postJson,
  postToken,
  proofOf,
  serviceToken,
  startProofStage,
} from '../tokens/proof-stage.js'

const QUIET = { request: () => undefined, fault: () => undefined }
/** Everything a hundred times as fast: how long a verifier holds the key set, and how long a key is shown before. */
const HELD_FOR = 600
const SHOWN_BEFORE = 1_000

let stage: ProofStage
let second: RunningService
let urls: readonly [string, string]
let nav: PlayedService
let owner: Database
let office: KeyOffice

beforeAll(async () => {
  stage = await startProofStage()
  second = await startService({ ...stage.config, port: 0 }, QUIET)
  urls = [stage.url, `http://localhost:${second.port}`]
  nav = await stage.client('nav-web', ['nav.pension'])
  owner = await Database.open({ url: stage.test.ownerUrl, connections: 2 })
  const { encryptionKeys } = stage.config.keyCustody
  office = { db: owner, custody: new SoftwareKeys(encryptionKeys), shownBeforeSigning: SHOWN_BEFORE }
})
afterAll(async () => {
  await second.stop()
  await owner.close()
  await stage.stop()
  expect(stage.faults).toEqual([])
})

async function keySet(url: string): Promise<JSONWebKeySet> {
  return (await (await fetch(`${url}/jwks`)).json()) as JSONWebKeySet
}

function activeKey(purpose: KeyPurpose): string {
  const kid = stage.service.app.get(SigningKeys).activeKid(purpose)
  if (kid === null) throw new Error(`no key for ${purpose} is active`)
  return kid
}

/** Asks for the key set when its copy has run out and never before, at one instance and the other in turn. */
class PatientVerifier {
  private held: { readonly keys: JSONWebKeySet; readonly since: number } | null = null
  private asked = 0

  async verifies(token: string): Promise<boolean> {
    if (this.held === null || performance.now() - this.held.since >= HELD_FOR) {
      const since = performance.now()
      this.held = { keys: await keySet(urls[this.asked++ % 2] ?? ''), since }
    }
    const jwk = this.held.keys.keys.find(({ kid }) => kid === decodeProtectedHeader(token).kid)
    if (jwk === undefined) return false
    return compactVerify(token, (await importJWK(jwk, 'ES256')) as CryptoKey).then(
      () => true,
      () => false,
    )
  }
}

test('while keys are rotated on two instances, each token of each is verified at once and later', async () => {
  const instances = [stage.service, second].map(({ app }) => app.get(ServiceTokens))
  const verifiers = [new PatientVerifier(), new PatientVerifier(), new PatientVerifier()]
  const real = urls.map((url) => remoteKeys(new URL(`${url}/jwks`)))
  await Promise.all(real.map((keys) => keys('any', 'at+jwt')))
  const issued: string[] = []
  const kids = new Set<string>()
  let failed = 0
  let checked = 0
  let isOver = false

  const verifying = Promise.all(
    verifiers.map(async (verifier, number) => {
      for (let round = number; !isOver; round++) {
        const { access_token: token } = await (instances[round % 2] as ServiceTokens).issue('nav-web', undefined)
        issued.push(token)
        kids.add(String(decodeProtectedHeader(token).kid))
        const older = issued[Math.floor((issued.length * (round % 7)) / 7)] ?? token
        for (const one of [token, older]) {
          checked++
          if (!(await verifier.verifies(one))) failed++
          if ((await (instances[(round + 1) % 2] as ServiceTokens).verify(one)) !== 'nav-web') failed++
        }
        // What the client held before the first rotation has its key in it already, though it does not ask again.
        if (
          kids.size <= 2 &&
          (await real[round % 2]?.(String(decodeProtectedHeader(token).kid), 'at+jwt')) === undefined
        )
          failed++
        await setTimeout(5)
      }
    }),
  )
  for (let rotation = 0; rotation < 4; rotation++) {
    const { signsFrom } = await rotateKey(office, 'at+jwt')
    await setTimeout(Math.max(0, signsFrom.getTime() - Date.now()) + 200)
  }
  isOver = true
  await verifying
  expect({ failed, kids: kids.size }).toEqual({ failed: 0, kids: 5 })
  expect(checked).toBeGreaterThan(200)
})

test('/jwks tells of each key what it signs, lets nobody in between hold it, and says nothing private', async () => {
  const response = await fetch(`${stage.url}/jwks`)
  expect(response.headers.get('cache-control')).toBe('private, max-age=60')
  const { keys } = (await response.json()) as JSONWebKeySet
  expect(new Set(keys.map((key) => (key as { signs?: unknown }).signs))).toEqual(
    new Set(['at+jwt', 'statuslist+jwt', 'secevent+jwt']),
  )
  for (const key of keys)
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'signs', 'use', 'x', 'y'])
})

describe('a key that is removed in an emergency', () => {
  test('is shown and taken by no instance any more, remembered tokens included, and the next signs', async () => {
    const bad = activeKey('at+jwt')
    const token = await serviceToken(stage, nav)
    expect(decodeProtectedHeader(token).kid).toBe(bad)
    const question = {
      subject: { type: 'person', id: 'x' },
      action: { name: 'read' },
      resource: { type: 'person', id: 'y' },
    }
    const ask = async (url: string): Promise<number> =>
      (await postJson(`${url}/access/v1/evaluation`, token, question)).status
    // Each instance remembers the token.
    for (const url of urls) expect(await ask(url)).not.toBe(401)
    const held = remoteKeys(new URL(`${stage.url}/jwks`))
    await held('any', 'at+jwt')

    const { successor } = await removeKey(office, bad)
    // Long enough for both to hear of it, and short enough that neither has only looked by the clock.
    await setTimeout(1_000)
    for (const url of urls) {
      expect(await ask(url)).toBe(401)
      expect((await keySet(url)).keys.map(({ kid }) => kid)).not.toContain(bad)
    }
    const after = await serviceToken(stage, nav)
    expect(decodeProtectedHeader(after).kid).toBe(successor)
    // It stood by and was shown: who holds the old key set knows it.
    expect(await held(String(successor), 'at+jwt')).toBeDefined()
  })

  test('takes the lists that it signed with it: they are signed anew within two seconds', async () => {
    const bad = activeKey('statuslist+jwt')
    const { successor } = await removeKey(office, bad)
    const signer = async (): Promise<unknown> =>
      decodeProtectedHeader(await (await fetch(`${stage.url}/statuslists/1`)).text()).kid
    const until = performance.now() + 4_000
    while (performance.now() < until && (await signer()) !== successor) await setTimeout(50)
    expect(await signer()).toBe(successor)
  })
})

describe('a key of one purpose is refused for another', () => {
  /** The claims of a token of ours as this type, truly signed with the active key of that purpose. */
  async function signedWith(purpose: KeyPurpose, typ: KeyPurpose, claims: object): Promise<string> {
    const kid = activeKey(purpose)
    const row = (await readSigningKeys(owner)).keys.find((key) => key.kid === kid)
    if (row === undefined) throw new Error('there is no such key')
    const parts = [{ alg: 'ES256', typ, kid }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const signature = await (await office.custody.open(row)).sign(Buffer.from(parts.join('.')))
    return `${parts.join('.')}.${Buffer.from(signature).toString('base64url')}`
  }

  let delegation: object
  beforeAll(async () => {
    const [kari, ola] = [await stage.person('kari-nordby'), await stage.person('ola-nordby')]
    await stage.give(ola, kari, [{ service: 'nav.pension', action: 'read' }])
    const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, kari)
    const form = await exchangeForm(stage, nav, { actorGrant, handle: representations[0]?.handle ?? '' })
    delegation = decodeJwt(String((await postToken(stage.url, form)).body['access_token']))
  })

  const isActive = async (token: string): Promise<unknown> =>
    (await postToken(stage.url, { token, ...(await proofOf(stage, nav)) }, {}, 'introspect')).body['active']

  test('at introspection', async () => {
    expect(await isActive(await signedWith('at+jwt', 'at+jwt', delegation))).toBe(true)
    for (const purpose of ['statuslist+jwt', 'secevent+jwt'] as const) {
      expect(await isActive(await signedWith(purpose, 'at+jwt', delegation))).toBe(false)
      expect(await isActive(await signedWith(purpose, purpose, delegation))).toBe(false)
    }
  })

  test('at revocation, which revokes nothing', async () => {
    for (const purpose of ['statuslist+jwt', 'secevent+jwt'] as const) {
      const token = await signedWith(purpose, 'at+jwt', delegation)
      expect((await postToken(stage.url, { token, ...(await proofOf(stage, nav)) }, {}, 'revoke')).status).toBe(200)
    }
    expect(await isActive(await signedWith('at+jwt', 'at+jwt', delegation))).toBe(true)
  })

  test('where services ask', async () => {
    const claims = decodeJwt(await serviceToken(stage, nav))
    const ask = async (purpose: KeyPurpose): Promise<number> => {
      const token = await signedWith(purpose, 'at+jwt', { ...claims, jti: randomBytes(8).toString('hex') })
      return (await postJson(`${stage.url}/v1/representations`, token, {})).status
    }
    expect(await ask('at+jwt')).not.toBe(401)
    for (const purpose of ['statuslist+jwt', 'secevent+jwt'] as const) expect(await ask(purpose)).toBe(401)
  })

  test('in the client: no list for a token, and no token for a list', async () => {
    const keys = remoteKeys(new URL(`${stage.url}/jwks`))
    const purposes = ['at+jwt', 'statuslist+jwt', 'secevent+jwt'] as const
    for (const purpose of purposes) {
      const kid = activeKey(purpose)
      for (const typ of purposes) expect((await keys(kid, typ)) !== undefined).toBe(typ === purpose)
    }
    const statuses = remoteStatuses(stage.url, keys)
    await expect(statuses({ uri: `${stage.url}/statuslists/1`, index: 0 }, new Date())).resolves.toBeUndefined()
  })
})

test('an instance whose key-encryption key is another one does not start, and says why', async () => {
  const keyCustody = { encryptionKeys: [randomBytes(32)], module: null }
  const started = startService({ ...stage.config, port: 0, keyCustody }, QUIET)
  await expect(started).rejects.toThrow(StartRefused)
  await expect(started).rejects.toThrow('none of our key-encryption keys opens it')
})
