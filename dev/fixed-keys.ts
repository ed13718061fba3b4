import type { JWK } from 'jose'
import { KEY_PURPOSES } from '../src/store/signing-key-store.js'
import { importPublic, publicHalf } from '../src/tokens/key-custody.js'
import { SigningKeys } from '../src/tokens/signing-keys.js'
import { softwareSigner } from '../src/tokens/software-keys.js'

/** Keys that never change, for tests and benches of what only uses them: this one for every purpose, under its own `kid`. */
export async function fixedKeys(jwk: JWK): Promise<SigningKeys> {
  const publicKey = await importPublic(jwk)
  const signer = await softwareSigner(jwk)
  const span = { signsFrom: 0, signsUntil: Infinity, shownUntil: Infinity }
  const key = { kid: jwk.kid ?? '', publicJwk: publicHalf(jwk), publicKey, signer, span }
  const keys = KEY_PURPOSES.map((purpose) => ({ ...key, purpose }))
  return new SigningKeys(() => ({ instant: Date.now(), keys }))
}
