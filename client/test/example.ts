import { remoteKeys, remoteStatuses, type User, verify } from '../src/verify.js'

const issuer = 'https://fullmakt.example.no'
const keys = remoteKeys(new URL(`${issuer}/jwks`)) // these two: one for the whole process
const statuses = remoteStatuses(issuer, keys)

/** Whose pension the logged-in user may read, as the pseudonym by which this service knows that person. */
export async function whosePension(token: string, user: User): Promise<string> {
  const { principal } = await verify(token, {
    keys,
    statuses,
    issuer,
    audience: 'https://api.nav.example/pensjon',
    now: new Date(),
    power: { service: 'nav.pension', action: 'read', provider: null, object: null },
    user, // from this service's own session: `iss` and `sub` of the id_token
    proof: null, // no tokens bound to a key are taken here
    minimumAssurance: 'substantial',
    introspect: null,
  })
  return principal
}
