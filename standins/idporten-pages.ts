/** The frame around every page of the stand-in, and the pages that `oidc-provider` asks for. */

import { createHash } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { html, type Html } from './html.js'

const STYLE = `
html { scroll-padding-bottom: 5rem }
body { font-family: system-ui, sans-serif; line-height: 1.5; margin: 0; color: #1b1b1b; background: #fff }
header { background: #7a1d00; color: #fff; padding: .75rem 1rem; font-weight: 600 }
main { max-width: 48rem; margin: 0 auto; padding: 1rem }
fieldset { border: 1px solid #767676; margin: 1rem 0; padding: 1rem }
legend, .field label { font-weight: 600 }
.field { margin: .75rem 0 }
.field label, .hint { display: block }
.hint, .about { color: #4a4a4a; margin: 0 }
ul.people { list-style: none; margin: 0; padding: 0 }
ul.people li { display: grid; grid-template-columns: auto 1fr; column-gap: .6rem; padding: .5rem 0; border-bottom: 1px solid #ddd }
ul.people .about { grid-column: 2 }
input, button { font: inherit; padding: .5rem }
input[type=radio] { width: 1.2rem; height: 1.2rem; margin: .2rem 0 }
input[type=text], input[type=search], input[type=date] { border: 1px solid #595959; width: 100%; max-width: 24rem; box-sizing: border-box }
button { background: #0b4f9e; color: #fff; border: 2px solid #0b4f9e; cursor: pointer }
button.second { background: #fff; color: #0b4f9e }
:focus-visible { outline: 3px solid #000; outline-offset: 2px }
.buttons { position: sticky; bottom: 0; background: #fff; padding: .75rem 0; display: flex; gap: .75rem; flex-wrap: wrap }
.error { border: 3px solid #b30000; padding: .5rem 1rem }
.done { border: 3px solid #1d6b2c; padding: .5rem 1rem }
`

/** Whole, since the hash in the policy is of exactly what stands between the tags. */
const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` }

const SUBMIT = 'document.forms[0].submit()'

/** A whole page: the banner that no one can overlook, the one `h1`, what is in it. `title` is the heading if absent. */
export function page(heading: string, content: Html, title = heading): string {
  return `<!doctype html>${
    html`<html lang="nb">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – etterligning av ID-porten</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          Dette er en etterligning av ID-porten for utvikling og test. Alle personer og numre er oppdiktet (syntetiske).
          Skriv aldri inn opplysninger om virkelige personer.
        </header>
        <main>
          <h1>${heading}</h1>
          ${content}
        </main>
      </body>
    </html>`.html
  }`
}

/**
 * Headers of a page. No script runs but the one line that hands on a logout. A browser holds redirects after a form to
 * `form-action` too, so the relying party that the form ends at must be among `formOrigins`.
 */
export function pageHeaders(formOrigins: readonly string[], script: 'no_script' | 'submit'): Record<string, string> {
  const policy = [
    `default-src 'none'`,
    `style-src '${sha256(STYLE)}'`,
    'img-src data:',
    `form-action ${["'self'", ...formOrigins].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    ...(script === 'submit' ? [`script-src '${sha256(SUBMIT)}'`] : []),
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** Logs out at once where the relying party proves by its ID token whom it means; asks the person otherwise. */
export function logoutPage(ctx: KoaContextWithOIDC, form: string): void {
  const sure = ctx.oidc.entities['IdTokenHint'] !== undefined
  const after = ctx.oidc.params?.['post_logout_redirect_uri']
  ctx.set(pageHeaders(typeof after === 'string' ? [new URL(after).origin] : [], sure ? 'submit' : 'no_script'))
  ctx.body = page(
    'Logg ut',
    html`<p>${sure ? 'Du blir logget ut av alle tjenester.' : 'Vil du logge ut av alle tjenester?'}</p>
      ${{ html: form }}
      <input type="hidden" name="logout" value="yes" form="op.logoutForm" />
      <button form="op.logoutForm">Logg ut</button>
      ${{ html: sure ? `<script>${SUBMIT}</script>` : '' }}`,
  )
}

export function loggedOutPage(ctx: KoaContextWithOIDC): void {
  ctx.set(pageHeaders([], 'no_script'))
  ctx.body = page('Du er logget ut', html`<p>Du kan lukke vinduet.</p>`)
}

/** Says what is wrong with a request in the words of the protocol; they are for the developer of the relying party. */
export function errorPage(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
): void {
  ctx.set(pageHeaders([], 'no_script'))
  ctx.body = page('Innloggingen stoppet', html`<p lang="en">${out.error}: ${out.error_description ?? ''}</p>`)
}
