import type { Contact } from './country-contacts.js'
import type { CountryChanges } from './country-changes.js'
import { bearerCheck, type TokenIssuer } from './maskinporten-bearer.js'
import { listIn, startServer, type RunningServer } from './register-server.js'

export const KONTAKTREGISTERET_SCOPE = 'krr:global/kontaktinformasjon.read'

export interface KontaktregisteretOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly people: CountryChanges
  readonly maskinporten: TokenIssuer
}

export interface RunningKontaktregisteret extends RunningServer {
  /** Where its paths begin, version included: `…/rest/v2/`. */
  readonly url: string
  /** Sets what the register knows of the person at that index. */
  set(index: number, contact: Omit<Contact, 'personidentifikator'>): void
}

/**
 * Starts a stand-in for Kontakt- og reservasjonsregisteret on loopback: up to 1000 people a call, answered under the
 * numbers they were asked for. People it does not have are `IKKE_REGISTRERT`.
 *
 * @throws where the port is taken.
 */
export async function startKontaktregisteret(options: KontaktregisteretOptions): Promise<RunningKontaktregisteret> {
  const { people } = options
  const check = bearerCheck(options.maskinporten, KONTAKTREGISTERET_SCOPE)
  const changed = new Map<number, Omit<Contact, 'personidentifikator'>>()
  const contactOf = (personidentifikator: string): Contact => {
    const index = people.indexOf(personidentifikator)
    if (index === undefined) return { personidentifikator, status: 'IKKE_REGISTRERT' }
    return { ...(changed.get(index) ?? people.country.contactAt(index)), personidentifikator }
  }
  const server = await startServer(options.port, async (request, url) => {
    if (url.pathname !== '/rest/v2/personer' || request.method !== 'POST')
      return { status: 404, body: { error: 'not_found' } }
    const refused = await check(request)
    if (refused !== null) return refused
    const numbers = await listIn(request, 'personidentifikatorer')
    if (numbers === null) return { status: 400, body: { error: 'invalid_request' } }
    return { status: 200, body: { personer: numbers.map(contactOf) } }
  })
  return { ...server, url: `${server.origin}/rest/v2/`, set: (index, contact) => void changed.set(index, contact) }
}
