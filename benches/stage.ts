import path from 'node:path'
import type { Request } from 'autocannon'
import { type BenchDatabase, startBenchDatabase } from './bench-database.js'
import { type Forked, forked } from './forked.js'
import { type Pair, stockMandates } from './mandate-stock.js'
import { type RelyingService, relyingService } from './relying-service.js'
import type { ServiceGiven, ServiceTold } from './service-process.js'

/** The service in a process of its own, on a database with many mandates in it. */
export interface Stage {
  readonly database: BenchDatabase
  readonly url: string
  readonly idporten: string
  readonly keysFolder: string
  readonly pairs: readonly Pair[]
  readonly asker: RelyingService
  stop(): Promise<void>
}

export async function startStage(mandates: number): Promise<Stage> {
  const database = await startBenchDatabase()
  const stopping: (() => Promise<unknown>)[] = [() => database.stop()]
  const stop = async (): Promise<void> => {
    for (const one of stopping.toReversed()) await one()
  }
  try {
    const keysFolder = path.join(database.folder, 'dev')
    const given: ServiceGiven = { folder: keysFolder, databaseUrl: database.serverUrl }
    const service: Forked<ServiceTold> = await forked('./service-process.js', given)
    stopping.push(() => service.stop())
    const pairs = await stockMandates(database.superuserUrl, mandates)
    const { url, idporten } = service.told
    return { database, url, idporten, keysFolder, pairs, asker: await relyingService(keysFolder, url), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** One question for each pair, all to be answered with yes. */
export function questions(pairs: readonly Pair[], accessToken: string): Request[] {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` }
  return pairs.map(({ representativeNumber, principalNumber }) => ({
    method: 'POST',
    headers,
    body: JSON.stringify({
      subject: { type: 'person', id: representativeNumber },
      action: { name: 'read' },
      resource: { type: 'person', id: principalNumber, properties: { service: 'nav.pension' } },
      context: { acr: 'idporten-loa-high', auth_time: Math.floor(Date.now() / 1000) },
    }),
  }))
}
