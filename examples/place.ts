import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { JWK } from 'jose'

/** Where an example runs and how it proves who it is. A real service has these in its settings and its vault. */
export interface Place {
  /** The address at which browsers reach this service; registered at the identity provider with `/callback` after it. */
  readonly url: string
  /** Fullmakt's issuer. */
  readonly fullmakt: string
  /** The identity provider's issuer. */
  readonly idporten: string
  /** As which this service is registered at both. */
  readonly clientId: string
  /** Proves it at Fullmakt (ES256), and at the identity provider (RS256). */
  readonly key: JWK
  readonly idportenKey: JWK
  /** As which Fullmakt writes tokens for this service. */
  readonly audience: string
}

interface RunningNote {
  readonly url: string
  readonly idporten: string
}

/** The place beside a Fullmakt that `npm start` has started on this machine, where it expects the examples. */
export function placeBesideNpmStart(): Place {
  const folder = path.resolve(process.env['DATA_FOLDER'] ?? '.data')
  const { url: fullmakt, idporten } = read(path.join(folder, 'running.json')) as RunningNote
  const clientId = 'nav-web'
  const key = path.join(folder, 'dev', 'clients', clientId)
  return {
    url: 'http://localhost:3010',
    fullmakt,
    idporten,
    clientId,
    key: read(`${key}.jwk.json`) as JWK,
    idportenKey: read(`${key}.idporten.jwk.json`) as JWK,
    audience: `https://${clientId}.example.no`,
  }
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Error('Fullmakt does not run here. In another terminal: npm start', { cause })
  }
}
