import type { VerifiedToken } from '@fullmakt/client'
import type { Session } from './sessions.js'

/** The few pages that the examples show. */

export function homePage({ acting }: Partial<Session>): string {
  if (acting === undefined) return page('<p><a href="/login">Log in</a></p>')
  const people = acting.representations.map(
    ({ handle, principal, powers }) =>
      `<li><button name="handle" value="${escaped(handle)}">${escaped(principal.name)}</button>
       ${escaped(powers.map(({ service, action }) => `${service}: ${action}`).join(', '))}</li>`,
  )
  const chosen = acting.chosen === undefined ? 'nobody' : escaped(acting.chosen.principal.name)
  return page(`<p>You act for: <b>${chosen}</b></p>
    <form method="post" action="/representation"><ul>${people.join('\n')}</ul></form>
    <p><a href="/pension">See the pension</a></p>
    <form method="post" action="/applications"><button>Send an application</button></form>
    <form method="post" action="/logout"><button>Log out</button></form>`)
}

/** What a service of its own would show or do; here, who is represented and why that is allowed. */
export function donePage(what: string, { principal, basis, evaluationId }: VerifiedToken): string {
  return page(`<p>${what}, for <code>${escaped(principal)}</code>, by ${basis}.</p>
    <p>Logged at Fullmakt as <code>${escaped(evaluationId)}</code>.</p><p><a href="/">Back</a></p>`)
}

export function refusedPage(): string {
  return page('<p>You may not do this for the one you act for, or not any more.</p><p><a href="/">Back</a></p>')
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pension</title><body>${body}</body></html>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
