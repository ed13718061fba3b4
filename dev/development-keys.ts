import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type JWK, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'

/** The private key in this file, made at first use; readable by its owner alone. ID-porten takes RSA keys only. */
export async function keyInFile(file: string, algorithm: 'ES256' | 'RS256'): Promise<JWK> {
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
    const jwk = await exportJWK(privateKey)
    keepSecret(file, JSON.stringify({ ...jwk, alg: algorithm, use: 'sig', kid: await calculateJwkThumbprint(jwk) }))
  }
  return JSON.parse(readFileSync(file, 'utf8')) as JWK
}

/** What others may know of a private key. */
export function publicPart({ kty, crv, x, y, n, e, alg, use, kid }: JWK): JWK {
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, alg, use, kid })) as JWK
}

/** The random secret in this file, 32 bytes as base64url, made at first use. */
export function secretInFile(file: string): string {
  if (!existsSync(file)) keepSecret(file, randomBytes(32).toString('base64url'))
  return readFileSync(file, 'utf8')
}

function keepSecret(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, text, { mode: 0o600 })
  chmodSync(file, 0o600)
}
