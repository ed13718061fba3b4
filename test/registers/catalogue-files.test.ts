import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CatalogueError, parseCatalogue, readCatalogueFiles, summarise } from '../../src/registers/catalogue-files.js'
import { BROKEN } from './broken-catalogues.js'

const REAL = path.resolve('catalogue')

let workshop: string
beforeAll(async () => {
  workshop = await mkdtemp(path.join(tmpdir(), 'catalogues-'))
})
afterAll(() => rm(workshop, { recursive: true }))

/** A copy of the real catalogue in a folder of its own, still called `catalogue`; of the services, all or these files. */
async function copy(services?: readonly string[]): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(workshop, 'copy-')), 'catalogue')
  const wanted = (file: string): boolean =>
    services === undefined || !/services.+/.test(file) || services.some((service) => file.endsWith(service))
  await cp(REAL, folder, { recursive: true, filter: wanted })
  return folder
}

/** Replaces the first occurrence; gives the file as it then reads. */
async function edit(folder: string, file: string, from: string, to: string): Promise<string> {
  const before = await readFile(path.join(folder, file), 'utf8')
  expect(before).toContain(from)
  const after = before.replace(from, () => to)
  await writeFile(path.join(folder, file), after)
  return after
}

async function refusalOf(folder: string): Promise<CatalogueError> {
  const refusal = await readCatalogueFiles(folder).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(CatalogueError)
  return refusal as CatalogueError
}

/** Counted in the text itself, so that the reader's own counting is not its judge. */
function lineOf(fragment: string, content: string): number {
  const index = content.split('\n').findIndex((line) => line.includes(fragment))
  expect(index).not.toBe(-1)
  return index + 1
}

describe.each(Object.entries(BROKEN))('a broken %s is refused with file, line and reason', (file, breaks) => {
  test.each(breaks)('%j -> %j: %s', async (from, to, reason, blamed = to.trimEnd().split('\n').at(-1) ?? '') => {
    const folder = await copy([file, 'services/health.yaml'])
    const line = lineOf(blamed, await edit(folder, file, from, to))
    const refusal = await refusalOf(folder)
    expect(refusal).toMatchObject({ file: `catalogue/${file}`, line, reason })
    expect(refusal.message).toBe(`catalogue/${file}:${String(line)}: ${reason}`)
  })
})

describe('files that should not or should be there', () => {
  test('a file that is missing', async () => {
    const folder = await copy()
    await rm(path.join(folder, 'risk-classes.yaml'))
    expect((await refusalOf(folder)).message).toBe('catalogue/risk-classes.yaml:1: the file is missing')
  })

  test('a misnamed file is not left out without a word', async () => {
    const folder = await copy()
    await rename(path.join(folder, 'services/nav.yaml'), path.join(folder, 'services/nav.yml'))
    expect((await refusalOf(folder)).message).toBe(
      'catalogue/services/nav.yml:1: no such file belongs in the catalogue',
    )
  })

  test('a folder that is not there', async () => {
    const refusal = await refusalOf(path.join(workshop, 'nowhere'))
    expect(refusal.message).toMatch(/^nowhere:1: the folder cannot be read: .*ENOENT/)
  })

  test('the README and hidden files are no part of it', async () => {
    const folder = await copy()
    await writeFile(path.join(folder, '.hidden'), ': : :')
    await expect(readCatalogueFiles(folder)).resolves.toEqual(await readCatalogueFiles(REAL))
  })
})

describe('what the files can say', () => {
  test('a rule that someone has confirmed carries the name and the day', async () => {
    const folder = await copy()
    const mark = 'mark: { confirmed_by: "Kari, Pensjonsdirektoratet", confirmed_on: 2027-01-31 }'
    await edit(folder, 'services/nav.yaml', 'mark: proposed', mark)
    const [pension] = (await readCatalogueFiles(folder)).services.filter(({ id }) => id === 'nav.pension')
    expect(pension?.mandate?.mark).toEqual({ kind: 'confirmed', by: 'Kari, Pensjonsdirektoratet', on: '2027-01-31' })
    expect(pension?.parent?.mark).toEqual({ kind: 'proposed' })
  })

  test('a Sámi text that a speaker has read is no longer counted', async () => {
    const folder = await copy()
    const before = await readCatalogueFiles(folder)
    await edit(folder, 'services/nav.yaml', 'se: Penšuvdna\n', 'se: Penšuvdna\n    se_read_by: Máret\n')
    const after = await readCatalogueFiles(folder)
    expect(before.unreadSami.filter((each) => !after.unreadSami.includes(each))).toEqual(['nav.pension.name'])
    expect(after.services).toEqual(before.services)
    expect(summarise(after)).toBe(
      `27 services, version 3, ${String(before.unreadSami.length - 1)} Sámi texts not yet read by a speaker`,
    )
  })

  test('what most services do without may be left out', async () => {
    const { services } = await readCatalogueFiles(REAL)
    const found = (id: string): unknown => services.find((service) => service.id === id)
    expect(found('health.record')).toMatchObject({
      field: 'personal',
      parent: { reduced: null, consentForAct: [], coResidence: true },
      lastingPower: null,
      roles: [],
    })
    expect(found('nav.pension')).toMatchObject({ field: 'economic', parent: { coResidence: false } })
  })

  test('parsing touches no disk: the same contents give the same catalogue', async () => {
    const names = [
      'version',
      'organisations',
      'risk-classes',
      'life-areas',
      'guardian-tasks',
      'roles',
      'personal-by-law',
    ]
    const files = [...names, ...(await realServices())].map((name) => `${name}.yaml`)
    const contents = await Promise.all(
      files.map(async (name) => [name, await readFile(path.join(REAL, name), 'utf8')] as const),
    )
    expect(parseCatalogue('elsewhere', new Map(contents))).toEqual(await readCatalogueFiles(REAL))
  })

  async function realServices(): Promise<readonly string[]> {
    const { services } = await readCatalogueFiles(REAL)
    return [...new Set(services.map(({ id }) => `services/${id.replace(/\..*/, '')}`))]
  }
})
