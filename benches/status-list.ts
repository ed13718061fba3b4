import type { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { remoteStatuses } from '@fullmakt/client'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose'
import pg from 'pg'
import { fixedKeys } from '../dev/fixed-keys.js'
import { SYNTHETIC_REGISTER } from '../dev/population.js'
import { readCatalogueFiles } from '../src/registers/catalogue-files.js'
import { publishCatalogue } from '../src/store/catalogue-store.js'
import { putAudience, putClient } from '../src/store/client-store.js'
import { Database } from '../src/store/database.js'
import { GROUND_PRINTS } from '../src/store/hold-ground.js'
import { confirmRegisterFresh } from '../src/store/party-store.js'
import { LIST_SIZE } from '../src/store/status-entry-store.js'
import { findSignedList, readStatuses } from '../src/store/status-list-store.js'
import type { SigningKeys } from '../src/tokens/signing-keys.js'
import { packStatuses, signStatusList } from '../src/tokens/status-list.js'
import { StatusLists } from '../src/tokens/status-lists.js'
import { signLists } from '../src/tokens/status-signing.js'
import { startBenchDatabase } from './bench-database.js'
import { stockMandates } from './mandate-stock.js'
import { median } from './sampling.js'
import { type Bench, type Block, milliseconds, whole } from './section.js'

const SET = Math.round(LIST_SIZE / 100)
const GROUNDS = [1_000, 10_000, 50_000] as const
const ROUNDS = 9
const AUDIENCE = 'https://nav-web.example.no'

/** Lists of 2^20 entries of which one in a hundred is set: made and served here, verified and opened in the client. */
export const statusListBench: Bench = {
  name: 'status-list',
  title: 'A status list of 2^20 entries, 1 % of them set',
  async run() {
    const keys = await newKey()
    const made: string[][] = []
    let token = ''
    for (const grounds of GROUNDS) {
      const row = await madeAndServed(grounds, keys)
      made.push(row.cells)
      token = row.token
    }
    return report(made, token, await opened(keys), await bare(keys))
  },
}

async function newKey(): Promise<SigningKeys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return fixedKeys({ ...jwk, kid: await calculateJwkThumbprint(jwk) })
}

/** With so many grounds whose tokens are out. */
async function madeAndServed(grounds: number, keys: SigningKeys): Promise<{ cells: string[]; token: string }> {
  const database = await startBenchDatabase()
  const db = await Database.open({ url: database.serverUrl, connections: 2 })
  try {
    await publishCatalogue(db, await readCatalogueFiles('catalogue'))
    await confirmRegisterFresh(db, SYNTHETIC_REGISTER)
    await stockMandates(database.superuserUrl, grounds)
    await stockEntries(db, database.superuserUrl)
    const issuer = 'https://fullmakt.example.no'
    const reading = await timed(() => readStatuses(db))
    const signing = await timed(() => signLists(db, { keys, issuer }))
    const serving = await timed(() => new StatusLists(db, issuer).find(1))
    const token = (await findSignedList(db, 1, null))?.token ?? ''
    const cells = [whole(grounds), ...[reading, signing, serving, signing + serving].map(milliseconds)]
    return { cells, token }
  } finally {
    await db.close()
    await database.stop()
  }
}

/** An entry for each mandate, and decoys for the rest of what is set. */
async function stockEntries(db: Database, superuserUrl: string): Promise<void> {
  const client = { clientId: 'nav-web', name: 'nav-web', organisation: '889640782', jwks: { keys: [] }, services: [] }
  const login = {
    loginIssuer: null,
    loginClientId: null,
    workLoginIssuer: null,
    workLoginClientId: null,
    mayTellEmployments: false,
    mayUseNumbers: false,
    mayRule: [],
  }
  await putClient(db, { ...client, ...login })
  await putAudience(db, { audience: AUDIENCE, clientId: 'nav-web', kind: 'web', services: [], details: 'own' })
  const superuser = new pg.Client(superuserUrl)
  await superuser.connect()
  await superuser.query(
    `with ground as (select * from representation)
     insert into status_entry (list_id, idx, representation_id, audience, stands_on, tokens_until)
     select 1, (row_number() over (order by p.representation_id) * 7) % ${LIST_SIZE}, p.representation_id, $1, p.print,
            clock_timestamp() + interval '1 hour'
       from (${GROUND_PRINTS}) p`,
    [AUDIENCE],
  )
  await superuser.query(
    `insert into status_entry (list_id, idx, decoy, tokens_until)
     select 1, floor(random() * ${LIST_SIZE})::int, 1, clock_timestamp() + interval '1 hour' from generate_series(1, $1::int)
     on conflict do nothing`,
    [SET],
  )
  await superuser.query('vacuum analyze')
  await superuser.end()
}

/** Packing, compressing and signing alone. */
function bare(keys: SigningKeys): Promise<number> {
  const set = someSet()
  return timed(() => signStatusList(keys, 'https://fullmakt.example.no', { listId: 1, set }, new Date()))
}

function someSet(): { index: number; status: 1 | 2 }[] {
  const indexes = new Set<number>()
  while (indexes.size < SET) indexes.add(Math.floor(Math.random() * LIST_SIZE))
  return [...indexes].map((index) => ({ index, status: index % 8 === 0 ? 2 : 1 }))
}

/** In the client: fetched from this machine, verified, opened and looked into, by a source that has never asked before. */
async function opened(keys: SigningKeys): Promise<number> {
  const set = someSet()
  let token = ''
  const server = createServer((_, response) => response.writeHead(200).end(token))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  token = await signStatusList(keys, issuer, { listId: 1, set }, new Date())
  const publicKey = await importJWK(keys.keySet().keys[0] ?? {}, 'ES256')
  const source = () => Promise.resolve(publicKey as webcrypto.CryptoKey)
  const bytes = packStatuses(LIST_SIZE, 2, set)
  const index = bytes.indexOf(0) * 4
  try {
    return await timed(() => remoteStatuses(issuer, source)({ uri: `${issuer}/statuslists/1`, index }, new Date()))
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const figures: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now()
    await work()
    if (round > 0) figures.push(performance.now() - began)
  }
  return median(figures)
}

function report(rows: readonly (readonly string[])[], token: string, client: number, signing: number): Block[] {
  return [
    'Milliseconds, medians of ' +
      `${ROUNDS} rounds after one to warm up. A round reads from PostgreSQL how the grounds stand whose tokens are out, ` +
      'plants decoys, packs, compresses, signs and commits; then an instance that has not seen the list reads it and ' +
      'compresses it for the way. An instance answers out of its memory after that.',
    { columns: ['grounds with tokens', 'of it reading', 'signed', 'served', 'signed and served'], rows },
    `Packed, compressed and signed alone: ${milliseconds(signing)} ms; ${whole(token.length)} characters. ` +
      `In the client, fetched on this machine, verified, opened and looked into: ${milliseconds(client)} ms.`,
  ]
}
