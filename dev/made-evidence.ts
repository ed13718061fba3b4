import { createHash } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import type { PartyId } from '../src/domain/party.js'
import type { Queryable } from '../src/store/database.js'
import type { ConfirmedText } from '../src/store/mandate-store.js'

/**
 * A confirmed text with evidence that the database takes, for mandates that are made without anyone logging in: those of the
 * synthetic people, and of tests and benches. No provider signed it, so whoever checks the signature is told.
 */
export async function madeConfirmation(
  db: Queryable,
  by: PartyId,
  words: string,
  catalogueVersion: number,
): Promise<ConfirmedText> {
  const [found] = await db.query<{ value: string }>(NUMBER_OF, [by])
  const draftId = timeOrderedId()
  const text = `${words}\n${draftId}`
  const textHash = createHash('sha256').update(text).digest()
  const claims = { pid: found?.value ?? '', nonce: textHash.toString('base64url') }
  const idToken = [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const evidence = {
    idToken: `${idToken.join('.')}.`,
    providerKey: { kty: 'none' },
    answeredAt: new Date(),
    draftId,
    content: { kind: 'made' },
    deviceHash: null,
    sameDevice: false,
  }
  return { language: 'nb', text, textHash, catalogueVersion, evidence }
}

const NUMBER_OF = {
  name: 'dev_number_of',
  text: 'select value from party_identifier where party_id = $1 and replaced_at is null limit 1',
}
