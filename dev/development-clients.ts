import path from 'node:path'
import type { JWK } from 'jose'
import { type Audience, type Client, putAudience, putClient } from '../src/store/client-store.js'
import type { RulingKind } from '../src/domain/ground.js'
import type { Database } from '../src/store/database.js'
import { keyInFile, publicPart } from './development-keys.js'

/** A relying service that `npm start` knows, with the private key that a real one would keep to itself. */
export interface DevelopmentClient {
  readonly client: Client
  readonly audience: Audience
  /** Where its users come back to from the stand-in ID-porten. */
  readonly redirectUri: string
  /** For us. */
  readonly privateKey: JWK
  readonly keyFile: string
  /** For the stand-in ID-porten, where it is another client of the same name. */
  readonly idportenKey: JWK
}

/** Where the services in `examples/` run, one at a time. Each of them is the client `nav-web`. */
export const EXAMPLE_URL = 'http://localhost:3010'

interface Sketch {
  readonly clientId: string
  readonly name: string
  readonly organisation: string
  readonly services: readonly string[]
  readonly mayUseNumbers: boolean
  readonly mayRule: readonly RulingKind[]
  readonly mayTellEmployments?: true
  readonly isExample?: true
}

const SKETCHES: readonly Sketch[] = [
  {
    clientId: 'nav-web',
    name: 'NAV, Ditt NAV',
    organisation: '889640782',
    services: ['nav.pension', 'nav.work-sickness', 'nav.family', 'nav.assistive-tech', 'nav.social-services'],
    mayUseNumbers: true,
    mayRule: [],
    isExample: true,
  },
  {
    clientId: 'skatt-web',
    name: 'Skatteetaten, Min side',
    organisation: '974761076',
    services: ['tax.return', 'tax.card', 'tax.collection'],
    mayUseNumbers: true,
    mayRule: [],
  },
  {
    clientId: 'statsforvalter',
    name: 'Statsforvalteren, vergemål',
    organisation: '974761319',
    services: [],
    mayUseNumbers: true,
    mayRule: ['set_guardian', 'conflict_of_interest', 'consent', 'lasting_power_scope'],
  },
  {
    clientId: 'tall-regnskap',
    name: 'Tall og råd regnskap AS',
    organisation: '310000019',
    services: [],
    mayUseNumbers: true,
    mayRule: [],
    mayTellEmployments: true,
  },
  {
    clientId: 'school-app',
    name: 'Skoleappen',
    organisation: '958935420',
    services: ['muni.school', 'muni.kindergarten-sfo'],
    mayUseNumbers: false,
    mayRule: [],
  },
]

/** The clients with their keys in `<folder>/clients/<client_id>.jwk.json`, made at first use. */
export async function developmentClients(
  folder: string,
  loginIssuer: string,
  workLoginIssuer: string | null = null,
  exampleUrl = EXAMPLE_URL,
): Promise<DevelopmentClient[]> {
  return Promise.all(
    SKETCHES.map(async ({ clientId, mayTellEmployments = false, isExample = false, ...sketch }) => {
      const keyFile = path.join(folder, 'clients', `${clientId}.jwk.json`)
      const privateKey = await keyInFile(keyFile, 'ES256')
      const idportenKey = await keyInFile(path.join(folder, 'clients', `${clientId}.idporten.jwk.json`), 'RS256')
      const jwks = { keys: [publicPart(privateKey)] }
      const audience = `https://${clientId}.example.no`
      return {
        client: {
          clientId,
          ...sketch,
          jwks,
          loginIssuer,
          loginClientId: clientId,
          workLoginIssuer,
          workLoginClientId: workLoginIssuer === null ? null : clientId,
          mayTellEmployments,
        },
        audience: { audience, clientId, kind: 'web', services: sketch.services, details: 'own' },
        redirectUri: `${isExample ? exampleUrl : audience}/callback`,
        privateKey,
        keyFile,
        idportenKey,
      }
    }),
  )
}

/** Registers them here, as an operator would. */
export async function registerClients(db: Database, clients: readonly DevelopmentClient[]): Promise<void> {
  for (const { client, audience } of clients) {
    await putClient(db, client)
    await putAudience(db, audience)
  }
}
