import { freePort } from '../dev/free-port.js'
import { startLocalParts } from '../dev/local-parts.js'
import { given, ready } from './forked.js'

/** The service as it runs, its request log included, with stand-ins that rest while it is measured. */
export interface ServiceGiven {
  readonly folder: string
  readonly databaseUrl: string
}

export interface ServiceTold {
  readonly url: string
  readonly idporten: string
}

const { folder, databaseUrl } = given() as ServiceGiven
const parts = await startLocalParts({
  folder,
  databaseUrl,
  port: await freePort(),
  idportenPort: await freePort(),
  settings: { REQUESTS_PER_MINUTE: '10000000' },
})
const told: ServiceTold = { url: parts.url, idporten: parts.idporten.issuer }
ready(told, () => parts.stop())
