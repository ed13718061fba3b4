import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { putAudience, putClient } from '../../src/store/client-store.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { tellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'
import { Reader, startBrowser } from './browser.js'

let service: TestService
let browser: Browser
let skatt: RelyingService

beforeAll(async () => {
  ;[service, browser] = await Promise.all([testService(), startBrowser()])
  const registered = service.clients.find(({ client }) => client.clientId === 'skatt-web')
  if (registered === undefined) throw new Error('no skatt-web')
  await putClient(service.database, { ...registered.client, services: ['freg.move'] })
  await putAudience(service.database, { ...registered.audience, services: ['freg.move'] })
  skatt = await RelyingService.open(service, 'skatt-web')
})
afterAll(async () => {
  await browser.close()
  await service.stop()
  expect(service.faults).toEqual([])
})

async function readerOf(person: Someone, address: string): Promise<{ reader: Reader; page: Page }> {
  const reader = await Reader.open(browser, service)
  reader.page.setDefaultTimeout(10_000)
  await reader.logIn(person.id, address)
  return { reader, page: reader.page }
}

async function narrow(page: Page): Promise<number> {
  await page.setViewportSize({ width: 320, height: 700 })
  const width = await page.evaluate<number>('document.scrollingElement.scrollWidth')
  await page.setViewportSize({ width: 1280, height: 720 })
  return width
}

/** A fullmakt that waits for an answer, given over the interface. */
async function offer(): Promise<{ helper: Someone; mandateId: string }> {
  const giver = await someone(service, yearsAgo(60), 'Giver')
  const helper = await someone(service, yearsAgo(40), 'Hjelper')
  const visitor = await Visitor.logIn(service, giver.id)
  const answer = await visitor.give(await Visitor.logIn(service, helper.id), [{ service: 'muni.care', action: 'read' }])
  expect(answer).toMatchObject({ status: 201, body: { state: 'offered' } })
  return { helper, mandateId: (answer.body as { mandate_id: string }).mandate_id }
}

test('the helper reads what he is offered, agrees, and can help at once', async () => {
  const { helper, mandateId } = await offer()
  const { reader, page } = await readerOf(helper, `/godta/${mandateId}`)
  await page.getByText('Giver Person vil gi deg fullmakt.').waitFor()
  const yes = page.getByRole('button', { name: 'Ja, jeg vil hjelpe' })
  await yes.waitFor()
  await page.getByText('egen innlogging').first().waitFor()
  expect(await reader.violations()).toEqual([])
  expect(await narrow(page)).toBeLessThanOrEqual(320)
  await page.reload()
  await yes.dblclick()
  await page.getByText('Du kan hjelpe Giver Person fra nå av.').waitFor()
  expect(await reader.violations()).toEqual([])
  await page.reload()
  await page.getByText('Du kan hjelpe Giver Person fra nå av.').waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('the helper says no, with the network lost in between', async () => {
  const { helper, mandateId } = await offer()
  const { reader, page } = await readerOf(helper, `/godta/${mandateId}`)
  await page.getByRole('button', { name: 'Ja, jeg vil hjelpe' }).waitFor()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Nei takk' }).click()
  await page.getByText('Vi fikk ikke kontakt.').waitFor()
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Nei takk' }).click()
  await page.getByText('Du har sagt nei. Giver Person får vite det.').waitFor()
  expect(await reader.violations()).toEqual([])
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('an offer is no one else’s to answer', async () => {
  const { mandateId } = await offer()
  const { reader, page } = await readerOf(await someone(service, yearsAgo(30)), `/godta/${mandateId}`)
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('button', { name: 'Ja, jeg vil hjelpe' }).count()).toBe(0)
  await reader.close()
})

const MOVING = 'Flytting til Storgata 1, Oslo'
const HASH = createHash('sha256').update(MOVING).digest('base64url')

/** All who have the responsibility must agree to a move; the mother has begun it. */
async function move(): Promise<{ father: Someone; grandmother: Someone; actId: string }> {
  const child = await someone(service, yearsAgo(8), 'Barn')
  const mother = await someone(service, yearsAgo(35), 'Mor')
  const father = await someone(service, yearsAgo(36), 'Far')
  const grandmother = await someone(service, yearsAgo(66), 'Mormor')
  for (const parent of [mother, father, grandmother]) {
    await tellRelation(service.database, {
      principal: child.partyId,
      representative: parent.partyId,
      basis: 'parent',
      says: 'felles',
      source: SYNTHETIC_REGISTER,
    })
  }
  const answer = await skatt.post('/v1/acts', {
    login_token: await skatt.idTokenOf(mother.id),
    principal: child.number,
    service: 'freg.move',
    action: 'write',
    text: MOVING,
    content_hash: HASH,
    expires_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
  })
  expect(answer.status).toBe(201)
  return { father, grandmother, actId: (answer.body as { act_id: string }).act_id }
}

test.each([
  ['says yes too', 'Ja, jeg er enig', 'Du har sagt ja.', true],
  ['says no', 'Nei, jeg er ikke enig', 'Du har sagt nei.', false],
])('two must agree to what a third has begun: one says yes, the other %s', async (_what, button, told, isDone) => {
  const { father, grandmother, actId } = await move()
  const [first, second] = await Promise.all([
    readerOf(father, `/godta/handling/${actId}`),
    readerOf(grandmother, `/godta/handling/${actId}`),
  ])
  for (const [{ reader, page }, other] of [
    [first, 'Mormor Person'],
    [second, 'Far Person'],
  ] as const) {
    await page.getByText(MOVING).waitFor()
    await page.getByText('Mor Person har alt sagt ja.').waitFor()
    await page.getByText(`${other} må også svare, og har ikke svart ennå.`).waitFor()
    await page.getByText(/^Svar innen \d+\. \p{L}+ \d{4}/u).waitFor()
    expect(await reader.violations()).toEqual([])
    expect(await narrow(page)).toBeLessThanOrEqual(320)
  }
  await first.page.getByRole('button', { name: 'Ja, jeg er enig' }).dblclick()
  await first.page.getByText('Du har sagt ja.').waitFor()
  await first.page.getByText('Det er ingenting du må svare på nå.').waitFor()
  expect(await first.reader.focused()).toBe('Du har sagt ja.')
  expect((await skatt.post(`/v1/acts/${actId}/complete`, { content_hash: HASH })).body).toMatchObject({
    decision: false,
    reason: 'others_must_approve',
  })
  await second.page.reload()
  await second.page.getByText('Far Person har også sagt ja.').waitFor()
  await second.page.getByRole('button', { name: button }).dblclick()
  await second.page.getByText(told).waitFor()
  expect(await second.reader.focused()).toMatch(told)
  expect(await second.reader.violations()).toEqual([])
  const completed = await skatt.post(`/v1/acts/${actId}/complete`, { content_hash: HASH })
  expect(completed.body).toMatchObject({ decision: isDone })
  expect([...first.reader.complaints, ...second.reader.complaints]).toEqual([])
  await Promise.all([first.reader.close(), second.reader.close()])
})

test('what one has been told is read and marked so, and one chooses what to be sent', async () => {
  const { helper, mandateId } = await offer()
  const { reader, page } = await readerOf(helper, '/beskjeder')
  await page.getByText('Giver Person').first().waitFor()
  expect(await page.locator(`a[href="/mine/${mandateId}"]`).count()).toBe(1)
  expect(await reader.violations()).toEqual([])
  expect(await narrow(page)).toBeLessThanOrEqual(320)
  await page.getByRole('button', { name: 'Merk alle som lest' }).click()
  await page.getByText('Alt er lest.').waitFor()
  await page.getByLabel('Si fra én gang i uken').check()
  await page.getByText('Valget er lagret.').waitFor()
  await page.reload()
  await page.getByText('Alt er lest.').waitFor()
  expect(await page.getByLabel('Si fra én gang i uken').isChecked()).toBe(true)
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('one sees which service asked about one, and when', async () => {
  const self = await someone(service, yearsAgo(45))
  const other = await someone(service, yearsAgo(44))
  await skatt.evaluate(other.number, self.number, 'freg.move', 'read')
  const { reader, page } = await readerOf(self, '/innsyn')
  await page.getByText('Spurte om én bestemt person kunne gjøre noe på vegne av deg.').waitFor()
  expect(await reader.violations()).toEqual([])
  expect(await narrow(page)).toBeLessThanOrEqual(320)
  expect(reader.complaints).toEqual([])
  await reader.close()
})
