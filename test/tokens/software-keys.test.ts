import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { compactVerify } from 'jose'
import type { KeptKey } from '../../src/store/signing-key-store.js'
import { CustodyError, importPublic } from '../../src/tokens/key-custody.js'
import { SoftwareKeys } from '../../src/tokens/software-keys.js'

const encryptionKey = randomBytes(32)
const custody = new SoftwareKeys([encryptionKey])
let key: KeptKey
let other: KeptKey
beforeAll(async () => {
  key = await custody.make('at+jwt')
  other = await custody.make('at+jwt')
})

test('what is kept opens, and signs what the public half verifies', async () => {
  const signed = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.eA`
  const signature = await (await custody.open(key)).sign(Buffer.from(signed))
  expect(signature).toHaveLength(64)
  const token = `${signed}.${Buffer.from(signature).toString('base64url')}`
  expect((await compactVerify(token, await importPublic(key.publicJwk))).payload).toEqual(new Uint8Array([0x78]))
})

test('nothing of the private half is in the clear, and no two envelopes are the same', () => {
  expect(key.publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) })
  const sealed = key.sealed ?? Buffer.alloc(0)
  expect(sealed.includes('"d"')).toBe(false)
  expect(sealed.includes(String(key.publicJwk.x))).toBe(false)
  expect(sealed.subarray(0, 13)).not.toEqual(other.sealed?.subarray(0, 13))
})

describe('refused is', () => {
  function refusal(changed: Partial<KeptKey>, by = custody): Promise<CustodyError> {
    return by.open({ ...key, ...changed }).then(
      () => {
        throw new Error('it was opened')
      },
      (error: unknown) => {
        expect(error).toBeInstanceOf(CustodyError)
        return error as CustodyError
      },
    )
  }

  test('another key-encryption key, without a word of either', async () => {
    const wrong = randomBytes(32)
    const { message } = await refusal({}, new SoftwareKeys([wrong]))
    expect(message).toBe(`signing key ${key.kid}: none of our key-encryption keys opens it`)
  })

  test('an envelope with any byte changed, cut short, or longer', async () => {
    const sealed = key.sealed ?? Buffer.alloc(0)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      await refusal({ sealed: changed })
    }
    for (const length of [0, 1, 13, 29, sealed.length - 1]) await refusal({ sealed: sealed.subarray(0, length) })
    await refusal({ sealed: Buffer.concat([sealed, Buffer.of(0)]) })
  })

  test.each([
    ['for another purpose', () => ({ purpose: 'secevent+jwt' as const })],
    ['under another kid', () => ({ kid: other.kid })],
    ['with the public half of another', () => ({ publicJwk: other.publicJwk })],
    ['as another key altogether', () => ({ kid: other.kid, publicJwk: other.publicJwk })],
    ['without an envelope', () => ({ sealed: null, label: 'in a module' })],
  ])('the envelope %s', async (_, change) => {
    await refusal(change())
  })
})

test('of several key-encryption keys the first encrypts, and all decrypt', async () => {
  const newer = randomBytes(32)
  const both = new SoftwareKeys([newer, encryptionKey])
  await expect(both.open(key)).resolves.toBeDefined()
  const made = await both.make('at+jwt')
  await expect(new SoftwareKeys([newer]).open(made)).resolves.toBeDefined()
  await expect(custody.open(made)).rejects.toThrow(CustodyError)
})
