import { ACTIONS, LANGUAGES, type Language } from '../domain/catalogue.js'
import { dayInWords } from '../domain/mandate-text.js'
import type { SimplePageText, SimplePageTexts } from '../domain/simple-page-text.js'
import { escaped } from './escaped.js'
import type { MandateView, SeenPartyView } from './mandates.views.js'

/** Where these pages are. */
export const SIMPLE_PAGES = '/uten-skript'

const NAMES: Readonly<Record<Language, string>> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  en: 'English',
  se: 'Davvisámegiella',
}

/** Readable without anything loaded, in light and dark. */
const STYLE = `:root{color-scheme:light dark}body{font:1.125rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;
padding:1rem;overflow-wrap:anywhere}a,button{padding:.5rem 0;display:inline-block}button{font:inherit;padding:.5rem 1rem;
min-height:2.75rem}nav a{margin-inline-end:1rem}section{border-top:1px solid;padding-bottom:1rem}
.done{border:2px solid;padding:1rem}
html{background:#fff;color:#1a1f26}a{color:#0b4a8f}
@media (prefers-color-scheme:dark){html{background:#15181c;color:#eef1f4}a{color:#9ecbff}}`

/** One reader’s pages: what is said in his language. */
export interface Words {
  readonly language: Language
  readonly say: (text: SimplePageText, given?: Readonly<Record<string, string>>) => string
}

/** The texts in one language, fit to stand in HTML. */
export function wordsIn(texts: SimplePageTexts, language: Language): Words {
  return {
    language,
    say: (text, given = {}) =>
      escaped(texts[text][language]).replaceAll(/\{([a-z]+)\}/g, (_, name: string) => escaped(given[name] ?? '')),
  }
}

/** What the pages may do: show their style, send their own forms. */
export function simplePagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

interface Page {
  readonly words: Words
  readonly nonce: string
  /** The address of this page, to see it in another language. */
  readonly address: string
  readonly heading: string
  /** HTML. */
  readonly content: string
}

export function simplePage({ words: { language, say }, nonce, address, heading, content }: Page): string {
  const languages = LANGUAGES.map(
    (one) => `<a lang="${one}" hreflang="${one}" href="${escaped(address)}?lang=${one}">${NAMES[one]}</a>`,
  )
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading} – Fullmakt</title><link rel="icon" href="data:,"><style nonce="${nonce}">${STYLE}</style></head>
<body><header><nav aria-label="${say('languages')}">${languages.join('')}</nav></header>
<main><h1>${heading}</h1>${content}</main>
<footer><a href="/">${say('full')}</a> <a href="/hjelp">${say('help')}</a></footer></body>
</html>
`
}

/** For someone who is not logged in. */
export function loginContent({ language, say }: Words, address: string): string {
  const query = new URLSearchParams({ return_to: `${address}?lang=${language}`, lang: language })
  return `<p>${say('login_first')}</p><p><a href="/login?${escaped(query.toString())}">${say('login')}</a></p>`
}

interface Lists {
  readonly name: string
  readonly mandates: readonly MandateView[]
  readonly hasMore: boolean
  readonly isDone: boolean
}

/** What one has given and received that is not over. */
export function listContent(words: Words, { name, mandates, hasMore, isDone }: Lists): string {
  const { say } = words
  const alive = mandates.filter(({ state }) => isAlive(state))
  const given = alive.filter(({ your_role }) => your_role !== 'representative')
  const received = alive.filter(({ your_role }) => your_role === 'representative')
  return `${isDone ? `<p class="done" role="status">${say('done')}</p>` : ''}
<p>${say('lead')}</p>
<form method="post" action="/logout"><p>${say('logged_in', { name })} <button>${say('logout')}</button></p></form>
<h2>${say('given')}</h2>${given.map((one) => mandateSection(words, one)).join('') || `<p>${say('given_none')}</p>`}
<h2>${say('received')}</h2>${received.map((one) => mandateSection(words, one)).join('') || `<p>${say('received_none')}</p>`}
${hasMore ? `<p>${say('more')}</p>` : ''}`
}

export function isAlive(state: string): boolean {
  return ['active', 'frozen', 'held', 'offered', 'not_yet_valid'].includes(state)
}

function otherOf({ your_role: role, giver, representative }: MandateView): SeenPartyView {
  return role === 'representative' ? giver : representative
}

function mandateSection(words: Words, mandate: MandateView): string {
  const { language, say } = words
  const other = otherOf(mandate)
  const address = `${SIMPLE_PAGES}/avslutt/${mandate.mandate_id}?lang=${language}`
  const leave = mandate.your_role === 'representative' ? 'leave' : 'end'
  return `<section><h3>${personName(words, other)}</h3>${stateOf(words, mandate.state)}${powers(words, mandate)}
<p><a href="${address}">${say(leave, { name: other.name })}</a></p></section>`
}

function personName({ say }: Words, { name, born_year: year }: SeenPartyView): string {
  return year === null ? escaped(name) : say('person', { name, year: String(year) })
}

function stateOf({ say }: Words, state: string): string {
  if (state === 'offered' || state === 'frozen') return `<p>${say(state)}</p>`
  return state === 'held' || state === 'not_yet_valid' ? `<p>${say('held')}</p>` : ''
}

/** The catalogue's sentences speak to the one on whose behalf it is done: for the other there is a word for each action. */
function powers({ language, say }: Words, { powers: all, your_role: role }: MandateView): string {
  const items = all
    .filter(({ state }) => isAlive(state))
    .map(({ service_name: service, action, action_text: text, last_day: day }) => {
      const known = ACTIONS.find((one) => one === action)
      const words = role === 'giver' || known === undefined ? escaped(text) : say(known)
      return `<li>${escaped(service)}: ${words}. ${say('until', { day: dayInWords(day, language) })}</li>`
    })
  return `<ul>${items.join('')}</ul>`
}

/** Asks once more. The key makes one end of a form that is sent twice. */
export function questionContent(words: Words, mandate: MandateView, key: string): string {
  const { language, say } = words
  return `${powers(words, mandate)}<p>${say('at_once')}</p>
<form method="post" action="${SIMPLE_PAGES}/avslutt/${mandate.mandate_id}?lang=${language}">
<input type="hidden" name="key" value="${key}"><input type="hidden" name="version" value="${mandate.version}">
<button>${say('confirm')}</button></form>
<p><a href="${SIMPLE_PAGES}?lang=${language}">${say('back')}</a></p>`
}

/** The heading of the question. */
export function questionHeading({ say }: Words, mandate: MandateView): string {
  const { name } = otherOf(mandate)
  return say(mandate.your_role === 'representative' ? 'question_leave' : 'question', { name })
}

/** A refusal in the words of `texts/problems.yaml`. */
export function refusalContent({ language, say }: Words, title: string): string {
  return `<p>${escaped(title)}</p><p><a href="${SIMPLE_PAGES}?lang=${language}">${say('to_list')}</a></p>`
}
