import { createHash, randomUUID } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { LEVEL_CLAIMS } from './idporten-levels.js'
import type { LoginPerson } from './people.js'
import type { PeopleRegistry } from './people-registry.js'

/** What `openid` puts into an ID token, besides `iss`, `aud`, `iat`, `exp`, `nonce` and `sid`. */
export const ID_TOKEN_CLAIMS = [
  ...['sub', 'pid', 'acr', 'amr', 'auth_time', 'locale', 'jti'],
  ...['eidas_identifier', 'eidas_firstname', 'eidas_lastname', 'eidas_date_of_birth'],
]

/** The same person under another name for each client, and the same from start to start. */
export function pairwise(clientId: string, accountId: string): string {
  return createHash('sha256').update(`idporten stand-in\n${clientId}\n${accountId}`).digest('base64url')
}

/** What the ID token says of the person with that opaque id, logged in at the level `acr`. */
export function account(people: PeopleRegistry, id: string, acr: string | undefined) {
  const person = people.find(id)
  if (person === undefined) return undefined
  return {
    accountId: id,
    claims: () => ({
      sub: id,
      jti: randomUUID(),
      locale: 'nb',
      ...(person.identityNumber === null ? {} : { pid: person.identityNumber }),
      ...(acr === LEVEL_CLAIMS['eidas-high'].acr ? eidasClaims(person) : {}),
    }),
  }
}

function eidasClaims(person: LoginPerson) {
  return {
    eidas_identifier: person.eidasIdentifier,
    eidas_firstname: person.givenName,
    eidas_lastname: person.familyName,
    eidas_date_of_birth: person.bornOn,
  }
}

/** What an access token says beyond RFC 9068; see ID-porten's documentation of access tokens by value. */
export function accessTokenClaims(ctx: KoaContextWithOIDC, people: PeopleRegistry, orgnr: string) {
  const code = ctx.oidc.entities.AuthorizationCode
  const pid = people.find(code?.accountId ?? '')?.identityNumber
  return {
    acr: code?.acr,
    token_type: 'Bearer',
    client_amr: ctx.oidc.client?.clientAuthMethod,
    consumer: { authority: 'iso6523-actorid-upis', ID: `0192:${orgnr}` },
    ...(typeof pid === 'string' ? { pid } : {}),
  }
}
