import type { Language } from '../domain/catalogue.js'
import type { LogoutForm } from '../login/person-logout.js'
import { escaped } from './escaped.js'

interface Words {
  readonly title: string
  readonly text: string
  readonly button: string
}

/** No speaker has read the Northern Sámi yet. */
const WORDS: Readonly<Record<Language, Words>> = {
  nb: {
    title: 'Du logges ut',
    text: 'Du er logget ut her. Trykk på knappen for å logge ut av innloggingstjenesten også.',
    button: 'Logg ut av innloggingstjenesten',
  },
  nn: {
    title: 'Du blir logga ut',
    text: 'Du er logga ut her. Trykk på knappen for å logge ut av innloggingstenesta òg.',
    button: 'Logg ut av innloggingstenesta',
  },
  en: {
    title: 'You are being logged out',
    text: 'You are logged out here. Press the button to log out of the login service as well.',
    button: 'Log out of the login service',
  },
  se: {
    title: 'Don čálihuvvot olggos',
    text: 'Don leat čálihuvvon olggos dás. Deaddil boalu vai čálihuvvot olggos maiddái sisačálihanbálvalusas.',
    button: 'Čálit olggos sisačálihanbálvalusas',
  },
}

/**
 * A page that hands the logout on to the identity provider by POST: by itself where scripts run, by its button where they
 * do not. It holds an id_token, so it must not be kept anywhere.
 *
 * @param nonce of the one script, for `logoutPagePolicy`
 */
export function logoutPage({ action, fields }: LogoutForm, language: Language, nonce: string): string {
  const { title, text, button } = WORDS[language]
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  )
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${text}</p>
<form method="post" action="${escaped(action)}">${inputs.join('')}<button>${button}</button></form></main>
<script nonce="${nonce}">document.forms[0].submit()</script></body>
</html>
`
}

/**
 * What the page may do: run its script, and send its form to the provider. Browsers hold the redirects that follow a form
 * to `form-action` too, so the provider's own address and ours, where the journey ends, are named beside it.
 */
export function logoutPagePolicy({ action }: LogoutForm, issuer: string, nonce: string): string {
  const targets = new Set(["'self'", new URL(action).origin, new URL(issuer).origin])
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `form-action ${[...targets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
