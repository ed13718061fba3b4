import { writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { BAD, keyForEncryption, keyGivenAway, keyOfAnotherKind } from './bad.mjs'
import { GOOD } from './good.mjs'
import { signedLists } from './lists.mjs'
import { AUDIENCE, ISSUER, issuerKey, KID, NEXT_KID, nextKey, NOW, POWER, USER } from './writing.mjs'

/** Writes 200 tokens that hold and 200 that do not, with everything that a verifier needs to tell them apart. */
export function tokenFile() {
  return {
    issuer: ISSUER,
    asked: { audience: AUDIENCE, now: NOW, user: USER, power: POWER, minimumAssurance: 'substantial' },
    jwks: { keys: publishedKeys() },
    statusLists: signedLists(),
    good: numbered('good', GOOD),
    bad: numbered('bad', BAD),
  }
}

/** Two for tokens, and some that are for something else or for nothing any more. */
function publishedKeys() {
  return [
    { ...issuerKey.jwk, kid: KID, alg: 'ES256', use: 'sig' },
    { ...nextKey.jwk, kid: NEXT_KID, alg: 'ES256', use: 'sig' },
    { ...keyOfAnotherKind.jwk, kid: 'rsa', alg: 'RS256', use: 'sig' },
    { ...keyForEncryption.jwk, kid: 'enc', alg: 'ECDH-ES', use: 'enc' },
    { ...keyGivenAway.privateJwk, kid: 'given-away', alg: 'ES256', use: 'sig' },
  ]
}

function numbered(name, rows) {
  return rows.map((row, index) => ({ id: `${name}-${String(index + 1).padStart(3, '0')}`, ...row }))
}

/** One line for each token, so that a change of one is a change of a line. */
function textOf(file) {
  const lines = (entries) => entries.map((entry) => `    ${entry}`).join(',\n')
  const member = ([name, value]) => {
    if (Array.isArray(value)) return `  "${name}": [\n${lines(value.map((row) => JSON.stringify(row)))}\n  ]`
    if (name !== 'statusLists') return `  "${name}": ${JSON.stringify(value)}`
    const lists = Object.entries(value).map(([uri, token]) => `"${uri}": "${token}"`)
    return `  "${name}": {\n${lines(lists)}\n  }`
  }
  return `{\n${Object.entries(file).map(member).join(',\n')}\n}\n`
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(path.join(import.meta.dirname, 'tokens.json'), textOf(tokenFile()))
