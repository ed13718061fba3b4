import type { GroundEvent } from '../store/event-store.js'
import type { SigningKeys } from './signing-keys.js'

/** Event types are addresses under the issuer (RFC 8417 section 2): `…/secevent/event-type/delegation-revoked`. */
export function eventTypeUri(issuer: string, type: string): string {
  return `${issuer}/secevent/event-type/${type}`
}

/**
 * The event as a Security Event Token (RFC 8417) for this client: about one ground by the client's own handle (RFC 9493,
 * `opaque`), without `sub` and `exp`. Signed when it is handed over and not when it is written: what waits for days is
 * signed with the key of the day, and what no one fetches is not signed at all. The claims are the same each time, so a
 * second copy is known by its `jti`.
 *
 * There is no `txn`: two clients could tell by it that they speak of the same ground.
 */
export function signSecurityEvent(
  keys: SigningKeys,
  issuer: string,
  clientId: string,
  { jti, handle, type, toldAt }: GroundEvent,
): Promise<string> {
  const second = Math.floor(toldAt.getTime() / 1000)
  return keys.sign('secevent+jwt', {
    iss: issuer,
    aud: clientId,
    iat: second,
    jti,
    sub_id: { format: 'opaque', id: handle },
    events: { [eventTypeUri(issuer, type)]: { event_timestamp: second } },
  })
}
