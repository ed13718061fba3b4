import { createHash } from 'node:crypto'
import { type Browser, SESSION_COOKIE, type Seen, openBrowser } from './demo-people.js'
import { type Members, type Report, only, textIn } from './demo-report.js'
import type { Stage } from './demo-stage.js'

/** Turid logs in and makes a draft. */
export function draftMandate(
  { url, turid, bjarne }: Stage,
  report: Report,
): Promise<{ browser: Browser; draft: Seen }> {
  const sentence = 'Turid logs in and asks to let Bjarne see her pension. She is shown the exact text.'
  const conclusion = 'Nothing is given yet. What she confirms is the hash of this very text.'
  return report.step(sentence, conclusion, async ({ wire, local, quote }) => {
    const browser = await openBrowser(url, turid)
    wire(browser.login, { [SESSION_COOKIE]: 'set' })
    const draft = await browser.post('/v1/me/mandates/drafts', {
      representative: { identifier: bjarne.number, family_name: bjarne.familyName },
      powers: [{ service: 'nav.pension', action: 'read' }],
      language: 'nb',
    })
    wire(only(draft, 'draft_id', 'text_hash'), { answer: '201' })
    const text = textIn(draft, 'text')
    quote(text.trimEnd().split('\n'))
    const hash = createHash('sha256').update(text).digest('base64url')
    local('SHA-256 of this text', { text_hash: hash }, { text_hash: textIn(draft, 'text_hash') })
    return { browser, draft }
  })
}

/** She confirms it. Returns the mandate's id. */
export function confirmMandate(browser: Browser, draft: Seen, report: Report): Promise<string> {
  const sentence = 'She confirms that text, and no other: with a login whose nonce is its hash.'
  const conclusion = 'ID-porten has signed the hash of the text. The mandate holds from now on.'
  return report.step(sentence, conclusion, async ({ wire }) => {
    const nonce = textIn(draft, 'text_hash')
    const login = await browser.confirmWith(textIn(draft, 'confirm_with'))
    wire(login, { confirmation: 'kept' })
    if (login.sent['nonce at ID-porten'] !== nonce) throw new Error('the nonce is another')
    const path = `/v1/me/mandates/drafts/${textIn(draft, 'draft_id')}/confirmation`
    const given = await browser.post(path, { text_hash: nonce })
    wire(only(given, 'mandate_id', 'state', 'your_role'), { answer: '201', state: 'active', your_role: 'giver' })
    return textIn(given, 'mandate_id')
  })
}

/** Turid ends the mandate, as she sees it now. */
export function endMandate(browser: Browser, mandateId: string, report: Report): Promise<void> {
  const conclusion = 'From this answer on there is no yes.'
  return report.step('Turid ends the mandate.', conclusion, async ({ wire }) => {
    const path = `/v1/me/mandates/${mandateId}`
    const { etag } = await browser.get(path)
    const ended = await browser.post(`${path}/end`, {}, { 'if-match': etag })
    wire({ ...only(ended, 'state', 'version'), sent: { 'If-Match': etag } }, { answer: '200', state: 'ended' })
  })
}

/** Turid sees all of it, the refusals included. */
export function lookAtActivity(browser: Browser, report: Report): Promise<void> {
  const sentence = 'Turid looks at what was asked and done on her behalf.'
  const conclusion =
    'All of it is there. Who asked before there was any ground is not told, as Bjarne was told nothing.'
  return report.step(sentence, conclusion, async ({ wire, quote }) => {
    const seen = await browser.get('/v1/me/activity?language=en')
    const activity = (seen.got['activity'] ?? []) as readonly Entry[]
    const done = activity.reduce((sum, { uses }) => sum + (uses?.done ?? 0), 0)
    wire({ ...seen, got: { ...countByKind(activity), done } }, { answer: '200', ...WHAT_HAPPENED, done: 1 })
    quote(activity.flatMap((entry) => [lineOf(entry), ...usesOf(entry)]))
  })
}

const WHAT_HAPPENED = { evaluation: 3, exchange: 3, mandate_given: 1, mandate_ended: 1 }

interface Entry {
  readonly at: string
  readonly kind: string
  readonly by: string | null
  readonly powers: readonly { readonly service_name: string; readonly action: string }[]
  readonly allowed: boolean | null
  readonly refused_because: string | null
  readonly uses: {
    readonly done: number
    readonly latest: readonly { readonly action: string; readonly outcome: string; readonly reference: string | null }[]
  } | null
}

function countByKind(activity: readonly Entry[]): Members {
  const count = (wanted: string): number => activity.filter(({ kind }) => kind === wanted).length
  return Object.fromEntries(Object.keys(WHAT_HAPPENED).map((kind) => [kind, count(kind)]))
}

function lineOf({ at, kind, by, powers, allowed, refused_because }: Entry): string {
  const what = powers.map(({ service_name, action }) => ` ${service_name}, ${action}`).join(';')
  const answer = allowed === null ? '' : allowed ? ': yes' : `: no, ${refused_because ?? ''}`
  return `${at.slice(11, 19)} ${kind}${what}${answer}, by ${by ?? 'someone'}`
}

function usesOf({ uses }: Entry): string[] {
  return (uses?.latest ?? []).map(({ action, outcome, reference }) => `  ${action}: ${outcome}, ${reference ?? ''}`)
}
