import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Catalogues, publishCatalogue } from '../../src/store/catalogue-store.js'
import { Database } from '../../src/store/database.js'
import { CATALOGUE, versionWith } from '../support/catalogue.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { sql } from './given.js'

let stage: TestDatabase
let other: Database
const names: string[] = []

beforeAll(async () => {
  stage = await testDatabase()
  other = await Database.open({ url: stage.serverUrl, connections: 2, onStatement: (name) => names.push(name) })
})
afterAll(async () => {
  await other.close()
  await stage.drop()
})

describe('publishing', () => {
  test('nothing is in force before anything is published', async () => {
    await expect(new Catalogues().latest(stage.database)).rejects.toThrow('no catalogue has been published')
  })

  test('a version is published once, read back as it was, and left as it is', async () => {
    expect(await publishCatalogue(stage.database, CATALOGUE)).toBe('published')
    expect(await publishCatalogue(stage.database, CATALOGUE)).toBe('already_published')
    expect((await new Catalogues().latest(stage.database)).current).toEqual(CATALOGUE)
  })

  test('the order in which members are written does not make it another content', async () => {
    const turned = Object.fromEntries(Object.entries(CATALOGUE).toReversed()) as unknown as typeof CATALOGUE
    expect(await publishCatalogue(stage.database, turned)).toBe('already_published')
  })

  test('the same number with another content is refused and changes nothing', async () => {
    expect(await publishCatalogue(stage.database, versionWith(1, 'nav.pension', { assurance: 'high' }))).toBe(
      'other_content',
    )
    expect((await new Catalogues().latest(stage.database)).current).toEqual(CATALOGUE)
  })

  test('of twenty who publish a version at once one does', async () => {
    const second = versionWith(2, 'nav.pension', { assurance: 'high' })
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => publishCatalogue(stage.database, second)))
    expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'already_published')).toHaveLength(19)
  })

  test('of two who publish one number with two contents one is told', async () => {
    const contents = (['low', 'high'] as const).map((assurance) => versionWith(3, 'nav.pension', { assurance }))
    const outcomes = await Promise.all(contents.map((content) => publishCatalogue(stage.database, content)))
    expect(outcomes.toSorted()).toEqual(['other_content', 'published'])
  })

  test('its services are listed for the powers that will be pinned to it', async () => {
    const rows = await sql<{ id: string }>(
      stage.database,
      'select service_id as id from catalogue_service where version = 1',
    )
    expect(rows.map(({ id }) => id).toSorted()).toEqual(CATALOGUE.services.map(({ id }) => id).toSorted())
  })
})

describe('reading', () => {
  test('another instance sees a new version with its next question', async () => {
    const [here, there] = [new Catalogues(), new Catalogues()]
    const before = (await there.latest(other)).current.version
    await publishCatalogue(stage.database, versionWith(before + 1, 'nav.pension', null))
    expect((await there.latest(other)).current.version).toBe(before + 1)
    expect((await here.latest(stage.database)).current.version).toBe(before + 1)
  })

  test('a version that was read once is not read again', async () => {
    const catalogues = new Catalogues()
    await catalogues.at(other, 1, [2])
    names.length = 0
    const catalogue = await catalogues.at(other, 2, [1, 1, 2])
    expect(names).toEqual([])
    expect([catalogue.current.version, catalogue.version(1).version]).toEqual([2, 1])
  })

  test('several that are missing are read in one statement', async () => {
    names.length = 0
    await new Catalogues().at(other, 3, [1, 2, 2, 1])
    expect(names).toEqual(['load_catalogue'])
  })

  test('a version that was never published is a fault', async () => {
    const catalogues = new Catalogues()
    await expect(catalogues.at(other, 77)).rejects.toThrow('catalogue version 77 was never published')
    const catalogue = await catalogues.at(other, 1, [78])
    expect(() => catalogue.version(78)).toThrow('catalogue version 78 was never published')
  })
})
