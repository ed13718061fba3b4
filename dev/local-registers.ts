import path from 'node:path'
import { Readable } from 'node:stream'
import type { JWK } from 'jose'
import { CountryChanges } from '../standins/country-changes.js'
import { firstOrganisation } from '../standins/country-organisations.js'
import { country } from '../standins/country.js'
import { ENHETSREGISTERET_SCOPE, startEnhetsregisteret } from '../standins/enhetsregisteret.js'
import { FOLKEREGISTERET_SCOPE, startFolkeregisteret } from '../standins/folkeregisteret.js'
import { KONTAKTREGISTERET_SCOPE, startKontaktregisteret } from '../standins/kontaktregisteret.js'
import { startMaskinporten } from '../standins/maskinporten.js'
import { peopleDocuments } from '../standins/people-documents.js'
import { peopleRoles } from '../standins/people-roles.js'
import type { SyntheticPerson } from '../standins/people.js'
import { endMandatesOfTheDead } from '../src/mandates/end-for-death.js'
import { readGuardianTasks } from '../src/registers/catalogue-files.js'
import { Folkeregisteret } from '../src/registers/folkeregisteret.js'
import { followPersons } from '../src/registers/follow-persons.js'
import { Maskinporten } from '../src/registers/maskinporten.js'
import { keyInFile, publicPart, secretInFile } from './development-keys.js'

const CLIENT = 'fullmakt'
const PERSONS = 1_000
const SECONDS_BETWEEN_READINGS = '2'

export interface LocalRegisters {
  /** By the names of the environment: what the service follows them by. */
  readonly settings: Readonly<Record<string, string>>
  /** What can happen in the country while it runs. */
  readonly people: CountryChanges
  /** The number of the organisation in which some of the named people have roles. */
  readonly company: string
  /** Takes in what the population register says of the named people, before anyone logs in. */
  tellOf(databaseUrl: string): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts the stand-ins of Maskinporten, Folkeregisteret, Enhetsregisteret and Kontaktregisteret, with a small country in which the named
 * people are registered too. The feed begins with the present second: the service has never been as far, and compares.
 */
export async function startLocalRegisters(
  folder: string,
  named: readonly SyntheticPerson[],
  today: string,
): Promise<LocalRegisters> {
  const keyFile = path.join(folder, 'maskinporten-key.jwk.json')
  const registerKeyFile = path.join(folder, 'register-key')
  const key = await keyInFile(keyFile, 'RS256')
  const secret = secretInFile(registerKeyFile)
  const maskinporten = await startMaskinporten({ port: 0, clients: [clientWith(key)] })
  const extra = peopleDocuments(named, today)
  const land = country({ seed: 1, persons: PERSONS, extra })
  const people = new CountryChanges(land, { firstSequence: Math.floor(Date.now() / 1000) })
  const population = await startFolkeregisteret({ port: 0, people, maskinporten })
  const organisations = await startEnhetsregisteret({ port: 0, country: land, maskinporten })
  const place = firstOrganisation('company')
  organisations.setRoles(place, peopleRoles(named, today))
  const contacts = await startKontaktregisteret({ port: 0, people, maskinporten })
  const { issuer, tokenEndpoint } = maskinporten
  const tokens = new Maskinporten({
    issuer,
    tokenEndpoint,
    clientId: CLIENT,
    clientKey: key,
  })
  return {
    people,
    company: land.organisationAt(place).organisasjonsnummer,
    settings: {
      MASKINPORTEN_URL: withoutSlash(issuer),
      MASKINPORTEN_CLIENT_ID: CLIENT,
      MASKINPORTEN_CLIENT_KEY_FILE: keyFile,
      FOLKEREGISTERET_URL: withoutSlash(population.url),
      ENHETSREGISTERET_URL: withoutSlash(organisations.url),
      ENHETSREGISTERET_SCOPE,
      KONTAKTREGISTERET_URL: withoutSlash(contacts.url),
      MAIL_FOLDER: path.join(folder, 'mail'),
      MAIL_FROM: 'Fullmakt <fullmakt@example.no>',
      REGISTER_KEY_FILE: registerKeyFile,
      REGISTER_POLL_SECONDS: SECONDS_BETWEEN_READINGS,
    },
    async tellOf(databaseUrl) {
      await followPersons({
        databaseUrl,
        series: 'synthetic',
        secret: Buffer.from(secret, 'base64url').toString('base64url'),
        guardianTasks: await readGuardianTasks('catalogue'),
        register: new Folkeregisteret({ address: population.url, tokens }),
        onDeaths: endMandatesOfTheDead,
        onRefused: () => undefined,
        listing: () => Readable.from(named.map(({ identityNumber }) => identityNumber)) as AsyncIterable<string>,
      })
    },
    async stop() {
      await contacts.stop()
      await organisations.stop()
      await population.stop()
      await maskinporten.stop()
    },
  }
}

function clientWith(key: JWK) {
  return {
    client_id: CLIENT,
    jwks: { keys: [publicPart(key)] },
    scopes: [FOLKEREGISTERET_SCOPE, ENHETSREGISTERET_SCOPE, KONTAKTREGISTERET_SCOPE],
    orgnr: '889640782',
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '')
}
