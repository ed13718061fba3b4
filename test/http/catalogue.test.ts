import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { CatalogueVersion, Service } from '../../src/domain/catalogue.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'
import { type RunningService, startService } from '../../src/service.js'
import { StartRefused } from '../../src/start-refused.js'
import { publishCatalogue } from '../../src/store/catalogue-store.js'
import { freePort } from '../../dev/free-port.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let second: RunningService
let secondUrl: string
let giver: Visitor
let helper: Visitor
let nav: RelyingService
let first: CatalogueVersion

beforeAll(async () => {
  parts = await testService()
  const port = await freePort()
  // A second instance on the same database; behind a balancer it would bear the same public address.
  second = await startService({ ...parts.config, port }, { request: () => undefined, fault: () => undefined })
  secondUrl = `http://localhost:${port}`
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  nav = await RelyingService.open(parts, 'nav-web')
  first = await readCatalogueFiles('catalogue')
})
afterAll(async () => {
  await second.stop()
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** The version so many after the one in the files, with one service changed. */
function versionAfter(steps: number, id: string, change: (service: Service) => Service): CatalogueVersion {
  return {
    ...first,
    version: first.version + steps,
    services: first.services.map((service) => (service.id === id ? change(service) : service)),
  }
}

async function ask(url: string, action: string): Promise<string> {
  const response = await fetch(new URL('/access/v1/evaluation', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await nav.accessToken()}` },
    body: JSON.stringify({
      subject: { type: 'person', id: helper.number },
      action: { name: action },
      resource: { type: 'person', id: giver.number, properties: { service: 'nav.pension' } },
      context: { acr: 'idporten-loa-high' },
    }),
  })
  const { decision, context } = (await response.json()) as { decision: boolean; context: { reason: string } }
  return decision ? 'yes' : context.reason
}

test('publishing is one statement that every instance sees at once, and it never widens what was given', async () => {
  const given = await giver.give(helper, [
    { service: 'nav.pension', action: 'read' },
    { service: 'nav.pension', action: 'write' },
  ])
  expect(given.status).toBe(201)
  for (const url of [parts.url, secondUrl]) {
    expect([await ask(url, 'read'), await ask(url, 'write'), await ask(url, 'sign')]).toEqual([
      'yes',
      'yes',
      'unknown_power',
    ])
  }

  // The service grows by an action, and that action can be given: by new mandates, not by the old one.
  const grown = versionAfter(1, 'nav.pension', (service) => ({
    ...service,
    actions: [...service.actions, 'sign'],
    mandate: service.mandate && { ...service.mandate, actions: [...service.mandate.actions, 'sign'] },
  }))
  expect(await publishCatalogue(parts.database, grown)).toBe('published')
  for (const url of [parts.url, secondUrl]) {
    expect([await ask(url, 'read'), await ask(url, 'sign')]).toEqual(['yes', 'power_not_covered'])
  }

  // It shrinks: what it no longer has is gone at once, for old mandates too.
  const shrunk = versionAfter(2, 'nav.pension', (service) => ({
    ...service,
    mandate: service.mandate && { ...service.mandate, actions: ['read'] },
  }))
  expect(await publishCatalogue(parts.database, shrunk)).toBe('published')
  for (const url of [parts.url, secondUrl]) {
    expect([await ask(url, 'read'), await ask(url, 'write')]).toEqual(['yes', 'power_withdrawn'])
  }
})

test('a draft made from an earlier version can no longer be confirmed', async () => {
  const draft = await giver.draft(helper, [
    { service: 'nav.pension', action: 'read', object: 'of the earlier version' },
  ])
  expect(draft.status).toBe(201)
  await publishCatalogue(
    parts.database,
    versionAfter(3, 'nav.family', (service) => ({ ...service, sensitivity: 4 })),
  )
  expect(await giver.confirm(draft.body)).toMatchObject({ status: 410, body: { code: 'draft_expired' } })
})

test('a published version is never changed', async () => {
  const other = versionAfter(0, 'nav.family', (service) => ({ ...service, sensitivity: 4 }))
  expect(await publishCatalogue(parts.database, other)).toBe('other_content')
  expect(await publishCatalogue(parts.database, first)).toBe('already_published')
})

test('an instance whose files differ from what was published under their number does not start, and says why', async () => {
  const catalogueFolder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-catalogue-'))
  cpSync('catalogue', catalogueFolder, { recursive: true })
  const file = path.join(catalogueFolder, 'services', 'nav.yaml')
  const changed = readFileSync(file, 'utf8').replace('nb: Pensjon\n', 'nb: Pensjonen\n')
  writeFileSync(file, changed)
  const quiet = { request: () => undefined, fault: () => undefined }
  const started = startService({ ...parts.config, port: 0, catalogueFolder }, quiet)
  await expect(started).rejects.toEqual(
    new StartRefused(
      `catalogue version ${first.version} was published with other content: give the change a new version number`,
    ),
  )
  rmSync(catalogueFolder, { recursive: true })
})
