import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { type Relation, tellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { Reader, startBrowser } from './browser.js'

let service: TestService
let browser: Browser

beforeAll(async () => {
  ;[service, browser] = await Promise.all([testService(), startBrowser()])
})
afterAll(async () => {
  await browser.close()
  await service.stop()
  expect(service.faults).toEqual([])
})

async function tell(principal: Someone, representative: Someone, more: Pick<Relation, 'basis' | 'says' | 'tasks'>) {
  const pair = { principal: principal.partyId, representative: representative.partyId }
  await tellRelation(service.database, { ...pair, ...more, source: SYNTHETIC_REGISTER })
}

test.each([
  [12, 'Når du fyller 15 år', 'Mor Person kan ikke lenger gjøre dette:'],
  [15, 'Når du fyller 16 år', 'Mor Person kan ikke lenger gjøre dette:'],
  [17, 'Når du fyller 18 år', 'Mor Person kan ikke lenger gjøre noe på vegne av deg.'],
])(
  'at %s one sees one’s parents, why, that it cannot be ended here, and what the next birthday changes',
  async (...one) => {
    const [age, birthday, changes] = one
    const child = await someone(service, yearsAgo(age), 'Barn')
    const mother = await someone(service, yearsAgo(40), 'Mor')
    const father = await someone(service, yearsAgo(41), 'Far')
    for (const parent of [mother, father]) await tell(child, parent, { basis: 'parent', says: 'felles' })
    const reader = await Reader.open(browser, service)
    const { page } = reader
    await reader.logIn(child.id, '/mine')
    await reader.settled()
    expect((await page.locator('h2').allTextContents()).map((name) => name.split(' (')[0])).toEqual([
      'Far Person',
      'Mor Person',
      expect.stringContaining(birthday),
    ])
    expect(await page.getByText('foreldreansvar', { exact: true }).count()).toBe(2)
    expect(await page.getByText('Dette står i Folkeregisteret og følger av loven.').count()).toBe(2)
    expect(await page.getByRole('link', { name: 'Avslutt', exact: false }).count()).toBe(1)
    await page.getByText(changes).waitFor()
    expect(await reader.inOrder()).toEqual([])

    await page.context().clearCookies()
    await reader.logIn(mother.id, '/for-andre')
    await page.getByRole('heading', { name: 'Barn Person' }).waitFor()
    await page.getByText('du har foreldreansvar').waitFor()
    expect(await page.getByRole('link', { name: /^Si fra deg/ }).count()).toBe(0)
    expect(await reader.inOrder()).toEqual([])
    expect(reader.complaints).toEqual([])
    await reader.close()
  },
)

test('who has a guardian sees him, for what, who has decided it and where to complain; so does the guardian', async () => {
  const ward = await someone(service, yearsAgo(60), 'Vergehaver')
  const guardian = await someone(service, yearsAgo(45), 'Verge')
  await tell(ward, guardian, { basis: 'guardian', says: 'voksen', tasks: ['nav/pensjon'] })
  const reader = await Reader.open(browser, service)
  const { page } = reader
  for (const [person, address, heading, why] of [
    [ward, '/mine', 'Verge Person', 'verge'],
    [guardian, '/for-andre', 'Vergehaver Person', 'du er verge'],
  ] as const) {
    await page.context().clearCookies()
    await reader.logIn(person.id, address)
    await page.getByRole('heading', { name: heading }).waitFor()
    await page.getByText(why, { exact: true }).waitFor()
    await page.getByText('Dette har Statsforvalteren bestemt. Det kan ikke avsluttes her.').waitFor()
    await page.getByText('Du kan klage til Statsforvalteren der du bor.').waitFor()
    await page.getByText('Pensjon').first().waitFor()
    expect(
      await page
        .locator('main')
        .getByRole('link', { name: /^(Avslutt \(|Si fra deg)/ })
        .count(),
    ).toBe(0)
    expect(await reader.inOrder()).toEqual([])
  }
  expect(reader.complaints).toEqual([])
  await reader.close()
})
