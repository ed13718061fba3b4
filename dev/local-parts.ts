import path from 'node:path'
import { startIdporten, type RunningIdporten } from '../standins/idporten.js'
import { eidasPeople, syntheticMandates, syntheticPeople } from '../standins/people.js'
import { PeopleRegistry } from '../standins/people-registry.js'
import { type Config, readConfig } from '../src/config.js'
import { osloDay } from '../src/domain/calendar.js'
import { readCatalogueFiles } from '../src/registers/catalogue-files.js'
import { type Reports, type RunningService, startService } from '../src/service.js'
import { publishCatalogue } from '../src/store/catalogue-store.js'
import { Database } from '../src/store/database.js'
import { type DevelopmentClient, developmentClients, registerClients } from './development-clients.js'
import { keyInFile, publicPart, secretInFile } from './development-keys.js'
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
  stop(): Promise<void>
}

export interface LocalOptions {
  /** Keys are kept here between starts. */
  readonly folder: string
  /** Of the serving role. */
  readonly databaseUrl: string
  readonly port: number
  readonly idportenPort: number
  readonly reports?: Reports
  /** More settings by the names of the environment, e.g. `REQUESTS_PER_MINUTE`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * Starts the stand-in ID-porten and the service, and loads catalogue, people, clients and mandates. The service is the
 * real one, configured through its own settings; only what is around it is a stand-in.
 */
export async function startLocalParts(options: LocalOptions): Promise<LocalParts> {
  const { folder, port } = options
  const url = `http://localhost:${port}`
  const people = new PeopleRegistry([...syntheticPeople(osloDay(new Date())), ...eidasPeople(osloDay(new Date()))])
  const loginKeyFile = path.join(folder, 'login-key.jwk.json')
  const loginKey = await keyInFile(loginKeyFile, 'RS256')
  const database = await Database.open({ url: options.databaseUrl, connections: 4 })

  const idportenUrl = `http://localhost:${options.idportenPort}`
  const clients = await developmentClients(folder, idportenUrl)
  const idporten = await startIdporten({
    port: options.idportenPort,
    people,
    allowedLogoutOrigins: [url],
    clients: [
      {
        client_id: LOGIN_CLIENT,
        redirect_uris: [`${url}/login/callback`],
        post_logout_redirect_uris: [`${url}/`],
        backchannel_logout_uri: `${url}/login/backchannel-logout`,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicPart(loginKey)] },
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
    ],
  })

  const stopFreshness = await loadPeople(database, people)
  people.onNewPerson(async (person) => void (await recordPerson(database, person)))
  await registerClients(database, clients)

  const signingKeyFile = path.join(folder, 'signing-key.jwk.json')
  await keyInFile(signingKeyFile, 'ES256')
  const unknownNumberKeyFile = path.join(folder, 'unknown-number-key')
  secretInFile(unknownNumberKeyFile)
  const config = readConfig({
    NODE_ENV: 'development',
    PUBLIC_URL: url,
    PORT: String(port),
    DATABASE_URL: options.databaseUrl,
    LOGIN_ISSUER: idporten.issuer,
    LOGIN_CLIENT_ID: LOGIN_CLIENT,
    LOGIN_CLIENT_KEY_FILE: loginKeyFile,
    LOGIN_API_SCOPE: API_SCOPE,
    SIGNING_KEY_FILE: signingKeyFile,
    UNKNOWN_NUMBER_KEY_FILE: unknownNumberKeyFile,
    ...options.settings,
  })
  const service = await startService(config, options.reports)
  return {
    url,
    service,
    idporten,
    people,
    clients,
    database,
    config,
    async stop() {
      stopFreshness()
      await service.stop()
      await idporten.stop()
      await database.close()
    },
  }
}

async function loadPeople(database: Database, people: PeopleRegistry): Promise<() => void> {
  const stopFreshness = await keepRegisterFresh(database)
  const registered = people.all().filter((person) => person.identityNumber !== null)
  for (const person of registered) await recordPerson(database, person)
  const catalogue = await readCatalogueFiles('catalogue')
  await publishCatalogue(database, catalogue)
  await giveMandates(database, syntheticMandates(registered), catalogue)
  return stopFreshness
}
