import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Running, type Stage, openStage, postgresIn, taken, untilGone } from './processes.js'

const START = 'dist/dev/start.js'
const READY = 'Stop with Ctrl-C.'

/** Whole services are started, sometimes on a machine that does much else. */
let stage: Stage
let data: string
beforeAll(() => {
  stage = openStage()
  data = path.join(stage.folder, 'data')
})
afterAll(() => stage.clear())

/** A copy of the catalogue in which `change` has rewritten one file. */
function catalogueWith(name: string, file: string, change: (text: string) => string): string {
  const folder = path.join(stage.folder, name)
  cpSync('catalogue', folder, { recursive: true })
  const place = path.join(folder, file)
  const before = readFileSync(place, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(place, after)
  return folder
}

/** Addresses in the printed table, by the words before them. */
function addressOf(running: Running, row: string): string {
  const [, address = ''] = new RegExp(`^ +${row} +(\\S+)$`, 'm').exec(running.said()) ?? []
  return address
}

function portOf(address: string): number {
  return Number(new URL(address).port)
}

const version = Number(/^version: (\d+)$/m.exec(readFileSync('catalogue/version.yaml', 'utf8'))?.[1])
/** A change of one word that people read. */
const otherWords = (text: string): string => text.replace('nb: Pensjon\n', 'nb: Pensjonen\n')

describe('npm start, on a folder that is not there', () => {
  let running: Running
  let ports: readonly number[]
  beforeAll(async () => {
    running = stage.run(START, { DATA_FOLDER: data, PORT: '0' })
    await running.until(READY)
    ports = [
      portOf(addressOf(running, 'Service')),
      portOf(addressOf(running, 'Stand-in ID-porten')),
      postgresIn(data).port,
    ]
  })

  test('prints where everything is, and it is there', async () => {
    const url = addressOf(running, 'Service')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(addressOf(running, 'API, to read and try'))).status).toBe(200)
    const idporten = addressOf(running, 'Stand-in ID-porten')
    expect(await (await fetch(`${idporten}/.well-known/openid-configuration`)).json()).toMatchObject({
      issuer: idporten,
    })
    expect(addressOf(running, 'Log in')).toBe(`${url}/login`)
    for (const client of ['nav-web', 'skatt-web', 'school-app'])
      expect(existsSync(addressOf(running, client))).toBe(true)
    expect(running.said()).toContain(`27 services, version ${version}`)
    expect(running.said()).toMatch(/^ {2}Ola Nordby +giver, mandate active$/m)
  })

  test('says nothing that nobody can use', () => {
    expect(running.said()).not.toMatch(/warn|error|deprecat|undefined|\b\d{11}\b/i)
    expect(running.said().trim().split('\n').length).toBeLessThan(30)
  })

  test('a second start on the same folder says which one runs', async () => {
    const second = stage.run(START, { DATA_FOLDER: data, PORT: '0' })
    expect(await second.ended).toBe(1)
    expect(second.said()).toBe(
      `Fullmakt is running already, on ${addressOf(running, 'Service')} (process ${running.child.pid}).\n` +
        'Stop it with Ctrl-C where it was started, or start another beside it: DATA_FOLDER=.data-2 PORT=3100 npm start\n',
    )
  })

  test.each([0, 1])('a start on a port that is taken says so (%#)', async (which) => {
    const port = ports[which] ?? 0
    const other = stage.run(START, { DATA_FOLDER: path.join(stage.folder, 'never-made'), PORT: String(port) })
    expect(await other.ended).toBe(1)
    expect(other.said()).toBe(`Port ${port} is taken. Choose another one: PORT=3100 npm start\n`)
    expect(existsSync(path.join(stage.folder, 'never-made'))).toBe(false)
  })

  test('the demo is done against it, and leaves it running', async () => {
    const demo = stage.run('dist/dev/demo.js', { DATA_FOLDER: data })
    const code = await demo.ended
    expect({ code, said: code === 0 ? '' : demo.said() }).toEqual({ code: 0, said: '' })
    expect(demo.said()).toContain(`With the service that runs on ${addressOf(running, 'Service')}.`)
    expect(demo.said()).toMatch(/\n13 of 13 steps came out as they must\.\n$/)
    expect((await fetch(`${addressOf(running, 'Service')}/livez`)).status).toBe(200)
    expect(running.said()).not.toContain('fault')
  })

  test('kill -9 leaves no server behind', async () => {
    const { pid } = postgresIn(data)
    running.child.kill('SIGKILL')
    await running.ended
    await untilGone(pid)
    expect(await taken(ports)).toEqual([])
  })
})

describe('the next start on that folder', () => {
  test('works after kill -9, with a catalogue of one’s own, and Ctrl-C stops all of it', async () => {
    const CATALOGUE_FOLDER = catalogueWith('catalogue-next', 'services/nav.yaml', otherWords)
    writeFileSync(path.join(CATALOGUE_FOLDER, 'version.yaml'), `version: ${version + 1}\n`)
    const running = stage.run(START, { DATA_FOLDER: data, PORT: '0', CATALOGUE_FOLDER })
    await running.until(READY)
    expect(running.said()).toContain(`27 services, version ${version + 1}`)
    const postgres = postgresIn(data)
    const addresses = [addressOf(running, 'Service'), addressOf(running, 'Stand-in ID-porten')]

    // As from a terminal: once to the whole group, and once more from npm.
    running.child.kill('SIGINT')
    running.child.kill('SIGINT')
    expect(await running.ended).toBe(0)
    expect(running.said()).toMatch(/\nStopped\.\n$/)
    await untilGone(postgres.pid)
    expect(await taken([...addresses.map(portOf), postgres.port])).toEqual([])
    expect(existsSync(path.join(data, 'running.json'))).toBe(false)
    expect(existsSync(path.join(data, 'postgres', 'claim'))).toBe(false)
  })

  test('refuses a broken file with its name, the line and the reason', async () => {
    const CATALOGUE_FOLDER = catalogueWith('catalogue-broken', 'services/nav.yaml', (text) =>
      text.replace('assurance: high', 'assurance: very-high'),
    )
    const text = readFileSync(path.join(CATALOGUE_FOLDER, 'services', 'nav.yaml'), 'utf8')
    const line = text.split('\n').findIndex((one) => one.includes('very-high')) + 1
    const refused = stage.run(START, { DATA_FOLDER: data, PORT: '0', CATALOGUE_FOLDER })
    expect(await refused.ended).toBe(1)
    expect(refused.said()).toBe(
      'A file of the catalogue or of the texts cannot be used:\n' +
        `catalogue-broken/services/nav.yaml:${line}: unknown level of assurance "very-high"\n`,
    )
    expect(existsSync(path.join(data, 'postgres', 'claim'))).toBe(false)
  })
})

describe('settings of a start', () => {
  test.each(['http', '3000.5', '-1', '65536', ' ', ''])('PORT "%s" is refused', async (PORT) => {
    const refused = stage.run(START, { DATA_FOLDER: path.join(stage.folder, 'never-made'), PORT })
    expect(await refused.ended).toBe(1)
    expect(refused.said()).toBe(`PORT must be a whole number up to 65535, and is "${PORT}".\n`)
  })

  test('with DATABASE_URL it is the production service, and says what that lacks', async () => {
    const DATABASE_URL = 'postgres://fullmakt_server:hemmelig@localhost/fullmakt'
    const refused = stage.run(START, { DATABASE_URL, DATA_FOLDER: path.join(stage.folder, 'never-made') })
    expect(await refused.ended).toBe(1)
    expect(refused.said()).toMatch(/^DATABASE_URL is set: starting the service alone, as in production/)
    expect(refused.said()).toContain('PUBLIC_URL is missing')
    expect(refused.said()).not.toContain('hemmelig')
    expect(existsSync(path.join(stage.folder, 'never-made'))).toBe(false)
  })
})
