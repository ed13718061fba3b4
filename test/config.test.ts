import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { ConfigError, readConfig } from '../src/config.js'
import { type Stage, openStage } from './dev/processes.js'

const MAIN = 'dist/src/main.js'
/** Stands in every value that a message must not repeat. */
const SECRET = 'hemmelig'

type Settings = Readonly<Record<string, string>>

let stage: Stage
let production: Settings
beforeAll(async () => {
  stage = openStage()
  production = {
    PUBLIC_URL: 'https://fullmakt.example.no',
    DATABASE_URL: `postgres://fullmakt_server:${SECRET}@localhost:1/fullmakt`,
    LOGIN_ISSUER: 'https://idporten.example.no',
    LOGIN_CLIENT_ID: 'fullmakt',
    LOGIN_CLIENT_KEY_FILE: await keyFile('login', 'RS256'),
    LOGIN_API_SCOPE: 'fullmakt:me',
    KEY_ENCRYPTION_KEY_FILE: file('encryption', Buffer.alloc(32, 5).toString('base64url')),
    ACCEPT_SOFTWARE_KEYS: 'true',
    UNKNOWN_NUMBER_KEY_FILE: file('unknown', Buffer.alloc(32, 7).toString('base64url')),
  }
})
afterAll(() => stage.clear())

function file(name: string, text: string): string {
  const place = path.join(stage.folder, name)
  writeFileSync(place, text)
  return place
}

async function keyFile(name: string, algorithm: string, change: object = {}): Promise<string> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return file(name, JSON.stringify({ ...(await exportJWK(privateKey)), kid: SECRET, ...change }))
}

function faultsOf(settings: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig(settings)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

test('what is given for production is taken, and the rest has defaults that are safe there', () => {
  expect(readConfig(production)).toMatchObject({
    production: true,
    publicUrl: 'https://fullmakt.example.no',
    host: '127.0.0.1',
    port: 3000,
    catalogueFolder: 'catalogue',
    textsFolder: 'texts',
    webFolder: 'dist/web',
    numberSeries: 'real',
    trustProxy: false,
  })
})

test('only development takes synthetic numbers and addresses without TLS', () => {
  const settings = { ...production, PUBLIC_URL: 'http://localhost:3000', LOGIN_ISSUER: 'http://localhost:3001' }
  expect(readConfig({ ...settings, NODE_ENV: 'development' })).toMatchObject({
    production: false,
    numberSeries: 'synthetic',
  })
  for (const NODE_ENV of ['production', 'test', 'Development', '']) {
    expect(faultsOf({ ...settings, NODE_ENV })).toEqual([
      'PUBLIC_URL must begin with https in production',
      'LOGIN_ISSUER must begin with https in production',
    ])
  }
})

test('a setting that is missing or empty is named, all of them at once', () => {
  const names = Object.keys(production).filter((name) => name !== 'ACCEPT_SOFTWARE_KEYS')
  const missing = names.map((name) => `${name} is missing`)
  expect(faultsOf({})).toEqual(missing)
  expect(faultsOf(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(missing)
  for (const name of names) expect(faultsOf({ ...production, [name]: undefined })).toEqual([`${name} is missing`])
})

test('letters are sent only where it is said where to and whom their readers may call', () => {
  expect(readConfig(production).letters).toBeNull()
  const letters = { LETTERS_FOLDER: '/srv/letters', LETTERS_PHONE: '00 00 00 00' }
  expect(readConfig({ ...production, ...letters }).letters).toEqual({ folder: '/srv/letters', phone: '00 00 00 00' })
  expect(faultsOf({ ...production, ...letters, LETTERS_PHONE: undefined })).toEqual(['LETTERS_PHONE is missing'])
  expect(faultsOf({ ...production, ...letters, LETTERS_FOLDER: '' })).toEqual(['LETTERS_FOLDER is missing'])
})

describe('a bad setting is refused by name, and its value is not repeated', () => {
  const NO_ADDRESS = 'is no address without a trailing slash'
  test.each([
    ['PUBLIC_URL', SECRET, NO_ADDRESS],
    ['PUBLIC_URL', `https://${SECRET}.example.no/`, NO_ADDRESS],
    ['PUBLIC_URL', `http://${SECRET}.example.no`, 'must begin with https in production'],
    ['LOGIN_ISSUER', `//${SECRET}`, NO_ADDRESS],
    ['LOGIN_ISSUER', `ftp://${SECRET}.example.no`, 'must begin with https in production'],
    ['PORT', SECRET, 'must be a whole number from 0 to 65535'],
    ['PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['PORT', '-1', 'must be a whole number from 0 to 65535'],
    ['PORT', '3000.5', 'must be a whole number from 0 to 65535'],
    ['DATABASE_CONNECTIONS', '0', 'must be a whole number from 1 to 200'],
    ['DATABASE_CONNECTIONS', '201', 'must be a whole number from 1 to 200'],
    ['REQUESTS_PER_MINUTE', '0', 'must be a whole number from 1 to 10000000'],
    ['REQUESTS_PER_MINUTE', 'Infinity', 'must be a whole number from 1 to 10000000'],
    ['KEY_ENCRYPTION_KEY_FILE', `/nowhere/${SECRET}`, 'names a file that cannot be read'],
    ['LOGIN_CLIENT_KEY_FILE', `/nowhere/${SECRET}`, 'names a file that cannot be read'],
    ['UNKNOWN_NUMBER_KEY_FILE', `/nowhere/${SECRET}`, 'names a file that cannot be read'],
  ])('%s=%s', (name, value, fault) => {
    const faults = faultsOf({ ...production, [name]: value })
    expect(faults[0]).toBe(`${name} ${fault}`)
    expect(faults.every((one) => one.startsWith(`${name} `))).toBe(true)
    expect(String(faults)).not.toContain(SECRET)
  })

  const NO_LOGIN_KEY = 'LOGIN_CLIENT_KEY_FILE holds no private JWK (P-256 or RSA) with kid'
  test.each([
    ['no JSON', () => file('bad', `{"d":"${SECRET}`)],
    ['null', () => file('bad', 'null')],
    ['no kid', () => keyFile('bad', 'ES256', { kid: undefined })],
    ['the public half', () => keyFile('bad', 'ES256', { d: undefined })],
    ['another curve', () => keyFile('bad', 'ES384')],
  ])('LOGIN_CLIENT_KEY_FILE: %s', async (_what, made) => {
    const faults = faultsOf({ ...production, LOGIN_CLIENT_KEY_FILE: await made() })
    expect(faults).toEqual([NO_LOGIN_KEY])
  })

  test.each([
    ['31 bytes', Buffer.alloc(31, 7).toString('base64url')],
    ['a passphrase', SECRET],
    ['nothing but a line end', '\n'],
  ])('UNKNOWN_NUMBER_KEY_FILE: %s', (_what, text) => {
    const faults = faultsOf({ ...production, UNKNOWN_NUMBER_KEY_FILE: file('bad', text) })
    expect(faults).toEqual(['UNKNOWN_NUMBER_KEY_FILE must hold at least 32 bytes as base64url'])
  })
})

describe('private keys that sign', () => {
  const bytes = (count: number, fill: number): string => Buffer.alloc(count, fill).toString('base64url')
  const module = (): Settings => ({
    HSM_MODULE: '/usr/lib/softhsm/libsofthsm2.so',
    HSM_TOKEN: 'fullmakt',
    HSM_PIN_FILE: file('pin', `${SECRET}\n`),
  })

  test('lie in a module in production, or in software where that is stated', () => {
    const rest = { ...production, KEY_ENCRYPTION_KEY_FILE: undefined, ACCEPT_SOFTWARE_KEYS: undefined }
    const wanted = { library: '/usr/lib/softhsm/libsofthsm2.so', token: 'fullmakt', pin: SECRET }
    expect(readConfig({ ...rest, ...module() }).keyCustody).toEqual({ encryptionKeys: [], module: wanted })
    expect(readConfig(production).keyCustody).toEqual({ encryptionKeys: [Buffer.alloc(32, 5)], module: null })
    const fault = 'HSM_MODULE is missing: production keeps private keys in a module, or has ACCEPT_SOFTWARE_KEYS=true'
    for (const ACCEPT_SOFTWARE_KEYS of [undefined, '', 'yes', 'TRUE'])
      expect(faultsOf({ ...production, ACCEPT_SOFTWARE_KEYS })).toEqual([fault])
    const development = { ...production, NODE_ENV: 'development', ACCEPT_SOFTWARE_KEYS: undefined }
    expect(faultsOf(development)).toEqual([])
  })

  test('may move from software to a module: both are read', () => {
    const { keyCustody } = readConfig({ ...production, ...module(), ACCEPT_SOFTWARE_KEYS: undefined })
    expect(keyCustody).toMatchObject({ encryptionKeys: [Buffer.alloc(32, 5)], module: { token: 'fullmakt' } })
  })

  test('a module needs all three settings', () => {
    for (const name of ['HSM_TOKEN', 'HSM_PIN_FILE'])
      expect(faultsOf({ ...production, ...module(), [name]: '' })).toEqual([`${name} is missing`])
    const empty = faultsOf({ ...production, ...module(), HSM_PIN_FILE: file('empty', '\n') })
    expect(empty).toEqual(['HSM_PIN_FILE names an empty file'])
  })

  test('several key-encryption keys stand on a line each, and each must be 32 bytes', () => {
    const at = (text: string): Settings => ({ ...production, KEY_ENCRYPTION_KEY_FILE: file('several', text) })
    expect(readConfig(at(`${bytes(32, 1)}\n${bytes(32, 2)}\n`)).keyCustody.encryptionKeys).toEqual([
      Buffer.alloc(32, 1),
      Buffer.alloc(32, 2),
    ])
    for (const text of ['', SECRET, bytes(31, 1), bytes(33, 1), `${bytes(32, 1)}\n\n${bytes(32, 2)}`]) {
      expect(faultsOf(at(text))).toEqual(['KEY_ENCRYPTION_KEY_FILE must hold 32 bytes as base64url on each line'])
    }
  })
})

describe('npm run serve', () => {
  test('without settings names every one that is missing, and ends with 1', async () => {
    const refused = stage.run(MAIN)
    expect(await refused.ended).toBe(1)
    const missing = Object.keys(production)
      .filter((name) => name !== 'ACCEPT_SOFTWARE_KEYS')
      .map((name) => `  ${name} is missing\n`)
    expect(refused.said()).toBe(`the settings do not do:\n${missing.join('')}`)
  })

  test('refuses plain http in production', async () => {
    const refused = stage.run(MAIN, { ...production, PUBLIC_URL: 'http://fullmakt.example.no' })
    expect(await refused.ended).toBe(1)
    expect(refused.said()).toBe('the settings do not do:\n  PUBLIC_URL must begin with https in production\n')
  })

  test('does not tell the password of a database that does not answer', async () => {
    const refused = stage.run(MAIN, production)
    expect(await refused.ended).toBe(1)
    expect(refused.said()).toContain('ECONNREFUSED')
    expect(refused.said()).not.toContain(SECRET)
  })
})

describe('notices', () => {
  const server = (): Settings => ({
    MASKINPORTEN_URL: 'https://maskinporten.example.no',
    MASKINPORTEN_CLIENT_ID: 'fullmakt',
    MASKINPORTEN_CLIENT_KEY_FILE: production['LOGIN_CLIENT_KEY_FILE'] ?? '',
    FOLKEREGISTERET_URL: 'https://folkeregisteret.example.no/v1',
    ENHETSREGISTERET_URL: 'https://enhetsregisteret.example.no',
    ENHETSREGISTERET_SCOPE: 'scope',
    REGISTER_KEY_FILE: production['UNKNOWN_NUMBER_KEY_FILE'] ?? '',
    KONTAKTREGISTERET_URL: 'https://krr.example.no/rest/v2',
    SMTP_URL: `smtps://fullmakt:${SECRET}@post.example.no:465`,
    MAIL_FROM: 'Fullmakt <post@example.no>',
    SMS_GATEWAY_URL: 'https://sms.example.no/messages',
    SMS_GATEWAY_TOKEN_FILE: file('sms-token', `${SECRET}\n`),
  })
  const all = (): Settings => ({ ...production, ...server() })

  test('go nowhere but to the inbox unless told', () => {
    expect(readConfig(production).notices).toEqual({ contactRegister: null, mail: null, sms: null })
  })

  test('go by e-mail and SMS where both are given', () => {
    expect(readConfig(all()).notices).toEqual({
      contactRegister: 'https://krr.example.no/rest/v2',
      mail: {
        kind: 'server',
        url: `smtps://fullmakt:${SECRET}@post.example.no:465`,
        from: 'Fullmakt <post@example.no>',
      },
      sms: { url: 'https://sms.example.no/messages', token: SECRET },
    })
  })

  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    [
      'no addresses',
      { KONTAKTREGISTERET_URL: undefined },
      'KONTAKTREGISTERET_URL is missing: SMTP_URL has no addresses without it',
    ],
    [
      'no tokens',
      { MASKINPORTEN_URL: undefined },
      'MASKINPORTEN_URL is missing: KONTAKTREGISTERET_URL is asked with its tokens',
    ],
    ['no sender', { MAIL_FROM: undefined }, 'MAIL_FROM is missing'],
    ['no mail server', { SMTP_URL: `https://${SECRET}` }, 'SMTP_URL must begin with smtps:// or smtp://'],
    ['no token of the gateway', { SMS_GATEWAY_TOKEN_FILE: undefined }, 'SMS_GATEWAY_TOKEN_FILE is missing'],
    [
      'a gateway without TLS',
      { SMS_GATEWAY_URL: 'http://sms.example.no' },
      'SMS_GATEWAY_URL must begin with https in production',
    ],
    [
      'a folder in production',
      { MAIL_FOLDER: 'mail' },
      'MAIL_FOLDER is for development only: in production mail goes through SMTP_URL',
    ],
  ])('refused: %s', (_name, change, fault) => {
    expect(faultsOf({ ...all(), ...change })).toEqual([fault])
  })

  test('a folder while developing', () => {
    const settings = { ...all(), NODE_ENV: 'development', SMTP_URL: undefined, MAIL_FOLDER: 'mail' }
    expect(readConfig(settings).notices.mail).toEqual({
      kind: 'folder',
      folder: 'mail',
      from: 'Fullmakt <post@example.no>',
    })
  })
})
