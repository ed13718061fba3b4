import { randomInt, randomUUID } from 'node:crypto'
import { CookieJar } from '../standins/cookie-jar.js'
import { logIn } from '../standins/headless-login.js'
import type { Exchanged, Members } from './demo-report.js'

/** Tells that someone is logged in at Fullmakt. */
export const SESSION_COOKIE = '__Host-fullmakt'

export interface DemoPerson {
  /** At the stand-in ID-porten. */
  readonly id: string
  readonly number: string
  readonly givenName: string
  readonly familyName: string
}

/**
 * Makes a person on the login page of the stand-in ID-porten, as a tester would: with «Lag en ny person». Born on some
 * day of the decade, so that nobody of an earlier demo comes again.
 */
export async function newPerson(fullmaktUrl: string, givenName: string, decade: number): Promise<DemoPerson> {
  const familyName = 'Prøve'
  const cookies = new CookieJar()
  let url = new URL('/login?level=high', fullmaktUrl)
  let location: string | null = url.href
  while (location !== null) {
    url = new URL(location, url)
    location = (await cookies.fetch(url)).headers.get('location')
  }
  const twoDigits = (below: number): string => String(1 + randomInt(below)).padStart(2, '0')
  const bornOn = `${decade + randomInt(10)}-${twoDigits(12)}-${twoDigits(28)}`
  const body = new URLSearchParams({ givenName, familyName, bornOn })
  const made = await cookies.fetch(new URL(`${url.pathname}/people`, url), { method: 'POST', body })
  const next = new URL(made.headers.get('location') ?? '', url)
  const id = next.searchParams.get('created') ?? ''
  const page = await (await cookies.fetch(next)).text()
  const [, number] = new RegExp(`id="about-${id}">[^<]*?(\\d{11})`).exec(page) ?? []
  if (number === undefined) throw new Error(`the stand-in ID-porten has not made ${givenName}`)
  return { id, number, givenName, familyName }
}

/** A person's browser, logged in at Fullmakt. */
export interface Browser {
  readonly login: Exchanged
  get(path: string): Promise<Seen>
  /** Goes where a draft says, to be answered by the login provider, and comes back. */
  confirmWith(path: string): Promise<Exchanged>
  /** As a page of ours sends a change: `headers` are those that not every change has. */
  post(path: string, body: Members, headers?: Readonly<Record<string, string>>): Promise<Seen>
}

/** `got` is the whole answer. */
export interface Seen extends Exchanged {
  readonly etag: string
}

/** Logs a person in at Fullmakt, at the high level, through the pages of the stand-in ID-porten. */
export async function openBrowser(fullmaktUrl: string, person: DemoPerson): Promise<Browser> {
  const { cookies, response, visited } = await logIn(`${fullmaktUrl}/login?level=high`, {
    id: person.id,
    level: 'high',
  })
  await response.arrayBuffer()
  const send = async (method: string, path: string, sent: Members, init: RequestInit): Promise<Seen> => {
    const answer = await cookies.fetch(new URL(path, fullmaktUrl), { ...init, method })
    const etag = answer.headers.get('etag') ?? ''
    const got = (await answer.json()) as Members
    return { request: `${method} ${path}`, sent, answer: String(answer.status), got, etag }
  }
  const pageHeaders = { 'content-type': 'application/json', origin: fullmaktUrl }
  return {
    login: {
      request: 'GET /login?level=high',
      sent: { 'chosen at ID-porten': `${person.givenName} ${person.familyName}`, level: 'high' },
      answer: `logged in, ${visited.length - 1} redirects and forms later`,
      got: {
        [SESSION_COOKIE]: cookies.header(new URL(fullmaktUrl)).includes(`${SESSION_COOKIE}=`) ? 'set' : 'not set',
      },
    },
    get: (path) => send('GET', path, {}, {}),
    async confirmWith(path) {
      const start = `${fullmaktUrl}${path}&return_to=/livez`
      const journey = await logIn(start, { id: person.id, level: 'high' }, cookies)
      await journey.response.arrayBuffer()
      const [, sentTo = ''] = journey.visited
      return {
        request: 'GET /login?draft=…',
        sent: { 'nonce at ID-porten': new URL(sentTo).searchParams.get('nonce') ?? '' },
        answer: `back, ${journey.visited.length - 1} redirects later`,
        got: { confirmation: new URL(journey.finalUrl).searchParams.get('confirmation') ?? 'kept' },
      }
    },
    post: (path, body, headers) =>
      send('POST', path, body, {
        body: JSON.stringify(body),
        headers: { ...pageHeaders, 'idempotency-key': randomUUID(), ...headers },
      }),
  }
}
