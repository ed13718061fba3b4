import path from 'node:path'
import type { JWK } from 'jose'
import { startIdporten, type RunningIdporten } from '../standins/idporten.js'
import type { IdportenClient } from '../standins/idporten-configuration.js'
import { eidasPeople, syntheticMandates, syntheticPeople } from '../standins/people.js'
import { PeopleRegistry } from '../standins/people-registry.js'
import { type Config, readConfig } from '../src/config.js'
import { osloDay } from '../src/domain/calendar.js'
import { type CatalogueVersion, findService } from '../src/domain/catalogue.js'
import { type Reports, type RunningService, startService } from '../src/service.js'
import { Catalogues } from '../src/store/catalogue-store.js'
import { Database } from '../src/store/database.js'
import { ensureParty } from '../src/store/party-store.js'
import { type DevelopmentClient, developmentClients, registerClients } from './development-clients.js'
import { keyInFile, publicPart, secretInFile } from './development-keys.js'
import { startLocalRegisters } from './local-registers.js'
import { giveMandates, keepRegisterFresh, recordPerson } from './population.js'

export const LOGIN_CLIENT = 'fullmakt'
export const API_SCOPE = 'fullmakt:me'
/** A public client at the stand-in ID-porten, with which another party's app gets access tokens for `/v1/me`. */
export const OTHER_APP = { clientId: 'other-app', redirectUri: 'https://other-app.example.no/callback' } as const

/** The service with its stand-ins and synthetic people, on a migrated database. */
export interface LocalParts {
  readonly url: string
  readonly service: RunningService
  readonly idporten: RunningIdporten
  readonly people: PeopleRegistry
  readonly clients: readonly DevelopmentClient[]
  readonly database: Database
  readonly config: Config
  /** The catalogue in force. */
  readonly catalogue: CatalogueVersion
  stop(): Promise<void>
}

export interface LocalOptions {
  /** Keys are kept here between starts. */
  readonly folder: string
  /** Of the serving role. */
  readonly databaseUrl: string
  readonly port: number
  readonly idportenPort: number
  /** False: without the stand-in registers, so that nobody has relations but those that are told. */
  readonly registers?: boolean
  /** Where the example services run, if not where `npm start` expects them. */
  readonly exampleUrl?: string
  readonly reports?: Reports
  /** More settings by the names of the environment, e.g. `REQUESTS_PER_MINUTE`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * Starts the stand-in ID-porten and the service, and loads catalogue, people, clients and mandates. The service is the
 * real one, configured through its own settings; only what is around it is a stand-in. When a part does not start, those
 * before it are stopped again.
 *
 * @throws what `readConfig` and `startService` throw.
 */
export async function startLocalParts(options: LocalOptions): Promise<LocalParts> {
  const { folder, port } = options
  const ends: (() => unknown)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const url = `http://localhost:${port}`
    const today = osloDay(new Date())
    const people = new PeopleRegistry([...syntheticPeople(today), ...eidasPeople(today)])
    const database = await Database.open({ url: options.databaseUrl, connections: 4 })
    ends.push(() => database.close())

    const clients = await developmentClients(
      folder,
      `http://localhost:${options.idportenPort}`,
      null,
      options.exampleUrl,
    )
    const idporten = await startIdporten({
      port: options.idportenPort,
      people,
      allowedLogoutOrigins: [url],
      clients: await idportenClients(url, folder, clients),
    })
    ends.push(() => idporten.stop())

    ends.push(await keepRegisterFresh(database))
    const registers = options.registers === false ? null : await startLocalRegisters(folder, registered(people), today)
    if (registers === null) {
      for (const person of registered(people)) await recordPerson(database, person)
    } else {
      ends.push(() => registers.stop())
      await registers.tellOf(options.databaseUrl)
      // Its roles are read as soon as the service follows the registers.
      await ensureParty(database, { scheme: 'orgnr', value: registers.company })
    }
    people.onNewPerson(async (person) => {
      await recordPerson(database, person)
    })
    await registerClients(database, clients)

    const config = readConfig({
      ...(await ownSettings(options, url, idporten.issuer)),
      ...registers?.settings,
      ...options.settings,
    })
    const service = await startService(config, options.reports)
    ends.push(() => service.stop())
    const { current: catalogue } = await new Catalogues().latest(database)
    await loadMandates(database, people, catalogue)
    return { url, service, idporten, people, clients, database, config, catalogue, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Whom the stand-in ID-porten knows: the service itself, the relying services, and an app that has no secret. */
async function idportenClients(
  url: string,
  folder: string,
  clients: readonly DevelopmentClient[],
): Promise<readonly IdportenClient[]> {
  return [
    {
      client_id: LOGIN_CLIENT,
      redirect_uris: [`${url}/login/callback`],
      post_logout_redirect_uris: [`${url}/`],
      backchannel_logout_uri: `${url}/login/backchannel-logout`,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicPart(await loginKey(folder))] },
    },
    ...clients.map(({ client, redirectUri, audience, idportenKey }) => ({
      client_id: client.clientId,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [`${audience.audience}/`],
      token_endpoint_auth_method: 'private_key_jwt' as const,
      jwks: { keys: [publicPart(idportenKey)] },
    })),
    {
      client_id: OTHER_APP.clientId,
      redirect_uris: [OTHER_APP.redirectUri],
      post_logout_redirect_uris: [],
      token_endpoint_auth_method: 'none',
      scope: `openid profile ${API_SCOPE}`,
    },
  ]
}

/** The settings of the service, as an operator would give them; the keys are made at the first start. */
async function ownSettings(
  { folder, port, databaseUrl }: LocalOptions,
  url: string,
  loginIssuer: string,
): Promise<Readonly<Record<string, string>>> {
  await loginKey(folder)
  const keyEncryptionKeyFile = path.join(folder, 'key-encryption-key')
  secretInFile(keyEncryptionKeyFile)
  const unknownNumberKeyFile = path.join(folder, 'unknown-number-key')
  secretInFile(unknownNumberKeyFile)
  return {
    NODE_ENV: 'development',
    PUBLIC_URL: url,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    LOGIN_ISSUER: loginIssuer,
    LOGIN_CLIENT_ID: LOGIN_CLIENT,
    LOGIN_CLIENT_KEY_FILE: loginKeyFile(folder),
    LOGIN_API_SCOPE: API_SCOPE,
    KEY_ENCRYPTION_KEY_FILE: keyEncryptionKeyFile,
    UNKNOWN_NUMBER_KEY_FILE: unknownNumberKeyFile,
    LETTERS_FOLDER: path.join(folder, 'letters'),
    LETTERS_PHONE: '00 00 00 00',
  }
}

function loginKeyFile(folder: string): string {
  return path.join(folder, 'login-key.jwk.json')
}

function loginKey(folder: string): Promise<JWK> {
  return keyInFile(loginKeyFile(folder), 'RS256')
}

function registered(people: PeopleRegistry) {
  return people.all().filter((person) => person.identityNumber !== null)
}

/** A case about a service that this catalogue does not have is left out. */
async function loadMandates(database: Database, people: PeopleRegistry, catalogue: CatalogueVersion): Promise<void> {
  const cases = syntheticMandates(registered(people))
  const possible = cases.filter(({ service }) => findService(catalogue, service) !== undefined)
  await giveMandates(database, possible, catalogue)
}
