import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { CountryChanges } from '../../standins/country-changes.js'
import { type Country, country } from '../../standins/country.js'
import {
  ENHETSREGISTERET_SCOPE,
  type RunningEnhetsregisteret,
  startEnhetsregisteret,
} from '../../standins/enhetsregisteret.js'
import {
  FOLKEREGISTERET_SCOPE,
  type RunningFolkeregisteret,
  dump,
  startFolkeregisteret,
} from '../../standins/folkeregisteret.js'
import { type RunningMaskinporten, startMaskinporten } from '../../standins/maskinporten.js'
import type { PersonDocument } from '../../standins/person-documents.js'
import { endMandatesOfTheDead } from '../../src/mandates/end-for-death.js'
import { Enhetsregisteret } from '../../src/registers/enhetsregisteret.js'
import { type Loaded, loadPersons } from '../../src/registers/first-load.js'
import { Folkeregisteret } from '../../src/registers/folkeregisteret.js'
import type { FollowPersonsOptions } from '../../src/registers/follow-persons.js'
import type { FollowRolesOptions } from '../../src/registers/follow-roles.js'
import type { DocumentOptions } from '../../src/registers/read-documents.js'
import { Maskinporten } from '../../src/registers/maskinporten.js'
import type { Patience } from '../../src/registers/patience.js'
import { BulkConnection } from '../../src/store/bulk-connection.js'
import type { TestDatabase } from '../support/database.js'

/** Short, so that a register that is down is given up within a test. */
export const PATIENCE: Patience = {
  total: 1_500,
  retries: 0,
  firstWait: 1,
  longestWait: 10,
  failuresToOpen: 1_000,
  rest: 10,
}

export const SECRET = 'a secret of the tests, thirty-two bytes'

export const DOCUMENTS = {
  series: 'synthetic',
  secret: SECRET,
  guardianTasks: new Map([
    ...['nav/pensjon', 'nav/arbeid', 'skatteetaten/skatt', 'helfo/fastlege', 'kommune/sosialeTjenester'].map(
      (task) => [task, { expired: false }] as const,
    ),
  ]),
} as const

/** Takes a file into the database, as the owner. */
export async function loadFile(
  { ownerUrl }: TestDatabase,
  options: DocumentOptions & { readonly file: string; readonly sequence?: number },
): Promise<Loaded> {
  const connection = await BulkConnection.open(ownerUrl)
  try {
    return await loadPersons(connection, { sequence: null, onDeaths: endMandatesOfTheDead, ...options })
  } finally {
    await connection.close()
  }
}

/** The registers, with a country in them in which things can happen. */
export interface RegisterStage {
  readonly country: Country
  readonly people: CountryChanges
  readonly population: RunningFolkeregisteret
  readonly organisations: RunningEnhetsregisteret
  readonly maskinporten: RunningMaskinporten
  /** How this database follows the population register. */
  following(
    database: TestDatabase,
    patience?: Patience,
  ): FollowPersonsOptions & { readonly refused: Record<string, number> }
  followingRoles(database: TestDatabase): FollowRolesOptions & { readonly refused: Record<string, number> }
  /** Takes everyone's document into the database, as they are now. */
  load(database: TestDatabase): Promise<Loaded>
  /** A file with everyone's document as it is now. */
  file(): Promise<string>
  stop(): Promise<void>
}

/** RSA keys take long to make. */
const keys = await generateKeyPair('RS256', { extractable: true })

export async function startRegisters(persons: number, extra: readonly PersonDocument[] = []): Promise<RegisterStage> {
  const client = {
    client_id: 'fullmakt',
    jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k' }] },
    scopes: [FOLKEREGISTERET_SCOPE, ENHETSREGISTERET_SCOPE],
    orgnr: '889640782',
  }
  const maskinporten = await startMaskinporten({ port: 0, clients: [client] })
  const land = country({ seed: 7, persons, extra })
  const people = new CountryChanges(land, { firstSequence: 100 })
  const population = await startFolkeregisteret({ port: 0, people, maskinporten })
  const organisations = await startEnhetsregisteret({ port: 0, country: land, maskinporten })
  const tokens = new Maskinporten({
    issuer: maskinporten.issuer,
    tokenEndpoint: maskinporten.tokenEndpoint,
    clientId: client.client_id,
    clientKey: { ...(await exportJWK(keys.privateKey)), kid: 'k' },
  })
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-registers-'))
  const file = async (): Promise<string> => {
    const name = path.join(folder, `${createHash('sha256').update(String(Math.random())).digest('hex')}.jsonl`)
    await dump(people, name)
    return name
  }
  const common = ({ serverUrl }: TestDatabase, refused: Record<string, number>) => ({
    databaseUrl: serverUrl,
    onDeaths: endMandatesOfTheDead,
    onRefused: (_: string, counts: Readonly<Record<string, number>>) => {
      for (const [code, count] of Object.entries(counts)) refused[code] = (refused[code] ?? 0) + count
    },
  })
  return {
    country: land,
    people,
    population,
    organisations,
    maskinporten,
    following(database, patience = PATIENCE) {
      const refused: Record<string, number> = {}
      const register = new Folkeregisteret({ address: population.url, tokens, patience })
      return { ...DOCUMENTS, ...common(database, refused), register, refused }
    },
    followingRoles(database) {
      const refused: Record<string, number> = {}
      const register = new Enhetsregisteret({
        address: organisations.url,
        tokens,
        scope: ENHETSREGISTERET_SCOPE,
        patience: PATIENCE,
      })
      return { series: 'synthetic', ...common(database, refused), register, refused }
    },
    load: async (database) =>
      loadFile(database, { ...DOCUMENTS, file: await file(), sequence: people.events.latest() }),
    file,
    async stop() {
      await population.stop()
      await organisations.stop()
      await maskinporten.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
