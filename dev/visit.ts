import path from 'node:path'
import { CookieJar } from '../standins/cookie-jar.js'
import { logIn } from '../standins/headless-login.js'
import { type Browser, newPerson, openBrowser } from './demo-people.js'
import { EXAMPLE_URL } from './development-clients.js'
import { findRunning } from './running-service.js'

/**
 * `npm run visit`: two people visit the example service and Fullmakt, as one could by hand in two browsers. One gives, the
 * other acts, the first ends it. Exit code 0 only when the example refuses afterwards.
 */
async function visit(): Promise<void> {
  const running = await findRunning(path.resolve(process.env['DATA_FOLDER'] ?? '.data'))
  if (running === undefined) throw new Error('Fullmakt does not run here. In another terminal: npm start')
  const turid = await newPerson(running.url, 'Turid', 1940)
  const bjarne = await newPerson(running.url, 'Bjarne', 1970)
  const giver = await openBrowser(running.url, turid)
  const mandateId = await give(giver, bjarne)
  say('Turid lets Bjarne see her pension and apply for things (at Fullmakt)', 'active')

  const { cookies, response } = await logIn(`${EXAMPLE_URL}/login`, { id: bjarne.id })
  const [, handle = ''] = /name="handle" value="([^"]+)">Turid/.exec(await response.text()) ?? []
  if (handle === '') throw new Error('the example does not show Turid')
  say('Bjarne logs in at the example service, which shows for whom he may act', 'Turid Prøve')
  await send(cookies, 'POST', '/representation', { handle })
  say('He chooses her, and opens her pension', await must(cookies, 'GET', '/pension', 200))
  say('He sends an application', await must(cookies, 'POST', '/applications', 201))

  await end(giver, mandateId)
  const endedAt = performance.now()
  say('Turid ends the mandate (at Fullmakt)', 'ended')
  say('Bjarne sends another application', await must(cookies, 'POST', '/applications', 403))
  let status = await send(cookies, 'GET', '/pension')
  while (status === 200 && performance.now() - endedAt < 30_000) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    status = await send(cookies, 'GET', '/pension')
  }
  if (status !== 403) throw new Error(`the pension is still answered with ${status}`)
  const seconds = ((performance.now() - endedAt) / 1000).toFixed(0)
  say('He opens her pension again, with the token that he has', `403 after ${seconds} s`)
}

async function give(giver: Browser, { number, familyName }: { number: string; familyName: string }): Promise<string> {
  const draft = await giver.post('/v1/me/mandates/drafts', {
    representative: { identifier: number, family_name: familyName },
    powers: ['read', 'write'].map((action) => ({ service: 'nav.pension', action })),
    language: 'nb',
  })
  const { draft_id: draftId, text_hash, confirm_with } = draft.got as Readonly<Record<string, string>>
  await giver.confirmWith(confirm_with ?? '')
  const given = await giver.post(`/v1/me/mandates/drafts/${draftId}/confirmation`, { text_hash })
  if (given.answer !== '201') throw new Error(`the mandate was not given: ${JSON.stringify(given.got)}`)
  return (given.got as { mandate_id: string }).mandate_id
}

async function end(giver: Browser, mandateId: string): Promise<void> {
  const { etag } = await giver.get(`/v1/me/mandates/${mandateId}`)
  const { answer } = await giver.post(`/v1/me/mandates/${mandateId}/end`, {}, { 'if-match': etag })
  if (answer !== '200') throw new Error(`the mandate was not ended: ${answer}`)
}

async function send(
  cookies: CookieJar,
  method: 'GET' | 'POST',
  place: string,
  form: Readonly<Record<string, string>> = {},
): Promise<number> {
  const body = method === 'POST' ? { body: new URLSearchParams(form) } : {}
  const answer = await cookies.fetch(new URL(place, EXAMPLE_URL), { method, ...body })
  await answer.arrayBuffer()
  return answer.status
}

async function must(cookies: CookieJar, method: 'GET' | 'POST', place: string, wanted: number): Promise<string> {
  const status = await send(cookies, method, place)
  if (status !== wanted) throw new Error(`${method} ${place} answered ${status} and not ${wanted}`)
  return `${method} ${place} → ${status}`
}

function say(what: string, outcome: string): void {
  console.log(`${what.padEnd(72)}  ${outcome}`)
}

await visit().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
