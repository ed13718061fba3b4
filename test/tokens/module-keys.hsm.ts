import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { compactVerify, decodeProtectedHeader } from 'jose'
import { ModuleKeys } from '../../src/tokens/module-keys.js'
import { CustodyError, type KeyCustody, importPublic } from '../../src/tokens/key-custody.js'
import { makeMissingKeys, removeKey, rotateKey } from '../../src/tokens/key-changes.js'
import { followSigningKeys } from '../../src/tokens/key-reading.js'
import { Database } from '../../src/store/database.js'
import type { KeptKey } from '../../src/store/signing-key-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

/** Needs a module, so it is none of the tests of `npm test`: `.ci/on-softhsm` gives it one, and `.ci/run` runs it. */
const { HSM_MODULE: library = '', HSM_TOKEN: token = '', HSM_PIN_FILE: pinFile = '' } = process.env
const address = { library, token, pin: readFileSync(pinFile, 'utf8') }

let custody: KeyCustody
let key: KeptKey
let other: KeptKey
beforeAll(async () => {
  expect(() => ModuleKeys.start({ ...address, token: 'none' })).toThrow('has no token called none')
  expect(() => ModuleKeys.start({ ...address, pin: '0000' })).toThrow('CKR_PIN_INCORRECT')
  custody = ModuleKeys.start(address)
  key = await custody.make('at+jwt')
  other = await custody.make('at+jwt')
})
afterAll(() => custody.close())

test('a key that is made in the module signs there, and what it signs is verified, a hundred at once', async () => {
  const signer = await custody.open(key)
  const publicKey = await importPublic(key.publicJwk)
  const tokens = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const signed = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${Buffer.from(String(n)).toString('base64url')}`
      return `${signed}.${Buffer.from(await signer.sign(Buffer.from(signed))).toString('base64url')}`
    }),
  )
  for (const [n, one] of tokens.entries()) {
    expect(Buffer.from((await compactVerify(one, publicKey)).payload).toString()).toBe(String(n))
  }
  expect(key).toMatchObject({ sealed: null, label: expect.stringMatching(/^fullmakt at\+jwt [\da-f]{16}$/) })
})

describe('refused is a key', () => {
  test.each([
    ['for another purpose', () => ({ purpose: 'secevent+jwt' as const })],
    ['under another kid', () => ({ kid: other.kid })],
    ['with the public half of another', () => ({ publicJwk: other.publicJwk })],
    ['as another one, which is in the module too', () => ({ kid: other.kid, publicJwk: other.publicJwk })],
    ['that is not in the module', () => ({ label: 'fullmakt at+jwt 0000000000000000' })],
    ['that lies in software', () => ({ label: null, sealed: Buffer.alloc(100) })],
  ])('%s', async (_, change) => {
    await expect(custody.open({ ...key, ...change() })).rejects.toThrow(CustodyError)
  })

  test('that was destroyed', async () => {
    const gone = await custody.make('at+jwt')
    await custody.open(gone)
    await custody.destroy(gone)
    await expect(custody.open(gone)).rejects.toThrow('its private half is not in the module')
  })
})

test('the keys of an instance can all lie in the module, and are rotated and removed there', async () => {
  const database: TestDatabase = await testDatabase(4)
  const owner = await Database.open({ url: database.ownerUrl, connections: 2 })
  const faults: unknown[] = []
  try {
    await makeMissingKeys({ db: database.database, custody })
    const onFault = (error: unknown): void => void faults.push(error)
    const followed = await followSigningKeys(owner, { databaseUrl: database.serverUrl, custody, onFault })
    try {
      const { keys } = followed
      const first = keys.activeKid('at+jwt') ?? ''
      const before = await keys.sign('at+jwt', { jti: '1' })
      const { kid } = await rotateKey({ db: owner, custody, shownBeforeSigning: 0 }, 'at+jwt')
      while (keys.activeKid('at+jwt') !== kid) await new Promise((resolve) => setTimeout(resolve, 20))
      const after = await keys.sign('at+jwt', { jti: '2' })
      expect(decodeProtectedHeader(after).kid).toBe(kid)
      expect(await keys.verify('at+jwt', before)).toEqual({ jti: '1' })
      await removeKey({ db: owner, custody }, first)
      while (keys.isShown('at+jwt', first)) await new Promise((resolve) => setTimeout(resolve, 20))
      await expect(keys.verify('at+jwt', before)).rejects.toThrow('kid is not a key of ours')
      expect(await keys.verify('at+jwt', after)).toEqual({ jti: '2' })
      expect(faults).toEqual([])
    } finally {
      await followed.stop()
    }
  } finally {
    await owner.close()
    await database.drop()
  }
})
