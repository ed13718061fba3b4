import { connectFullmakt, type RegisteredClient, type VerifiedToken } from '../src/client.js'
import { expressGuard } from '../src/express.js'
import type { Session, SessionRequest } from './example-session.js'

/** One for the life of the process. */
export function pensionService(issuer: string, client: RegisteredClient, log: (error: unknown) => void) {
  const events = { onEvent: () => undefined, onFault: log }
  const fullmakt = connectFullmakt({ issuer, client, audience: 'https://nav.example/pensjon', events })
  return {
    /** After the login: for whom may the user act here? The grant stays in the session, on the server. */
    async open(session: Session, idToken: string) {
      const { actorGrant, representations } = await fullmakt.representations(idToken)
      session.actorGrant = actorGrant
      return representations.map(({ handle, principal }) => ({ handle, name: principal.name }))
    },
    /** When the user has chosen, and again before the token expires. */
    async actFor(session: Session, handle: string) {
      const { actorGrant } = session
      session.delegation = await fullmakt.exchange({ handle, actorGrant, powers: null, proofKey: null, act: null })
    },
    /** When it is done: the one represented sees it. */
    done(token: VerifiedToken, reference: string) {
      fullmakt.report(token, { outcome: 'done', reference })
    },
    close: () => fullmakt.close(5_000),
    /** app.get('/pension', guard('nav.pension', 'read'), (request, response) => … onBehalfOf(request).principal …) */
    guard: expressGuard<SessionRequest>({
      kind: 'web',
      verifier: fullmakt,
      minimumAssurance: 'substantial',
      user: ({ session }) => session.user, // `iss` and `sub` of the id_token; null where nobody is logged in
      token: ({ session }) => session.delegation?.token ?? null,
    }),
  }
}
