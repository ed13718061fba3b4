import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.js'
import type { Config } from './config.js'
import type { CatalogueVersion } from './domain/catalogue.js'
import { type ServerOptions, closeServer, createServer } from './http/server.js'
import { startFollowing } from './following.js'
import { keepHouse } from './housekeeping.js'
import { startPosting } from './posting.js'
import { startNotifying } from './notifying.js'
import { startKeys } from './key-keeping.js'
import { readCatalogueFiles } from './registers/catalogue-files.js'
import { readTextFiles } from './registers/text-files.js'
import { unconfirmedRuleCount } from './registers/unconfirmed-rules.js'
import { makeAuditPartitions } from './store/audit-store.js'
import { publishCatalogue } from './store/catalogue-store.js'
import { Database } from './store/database.js'
import { EVENTS_TOLD } from './store/event-store.js'
import { listen } from './store/listening.js'
import { StartRefused } from './start-refused.js'
import { EventFeed } from './tokens/event-feed.js'
import { keepTelling } from './tokens/event-telling.js'
import { CustodyError } from './tokens/key-custody.js'
import type { SigningKeys } from './tokens/signing-keys.js'
import { keepSigning } from './tokens/status-signing.js'

export interface RunningService {
  readonly app: NestFastifyApplication
  /** The port it listens on; the one the system chose when the settings said 0. */
  readonly port: number
  stop(): Promise<void>
}

/** Where the service says what it did: by default one JSON line each on standard output and error. */
export interface Reports {
  /** Called with the name of each statement that is sent to the database. */
  readonly statement?: (name: string) => void
  readonly request: ServerOptions['logRequest']
  readonly fault: ServerOptions['logFault']
}

const TO_STANDARD_STREAMS: Reports = {
  request: (line) => process.stdout.write(`${JSON.stringify({ level: 'info', time: new Date(), ...line })}\n`),
  fault: ({ requestId, error }) => {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    process.stderr.write(`${JSON.stringify({ level: 'error', time: new Date(), requestId, name, message, stack })}\n`)
  },
}

/**
 * Opens what the service stands on, publishes the catalogue, and listens.
 *
 * @throws StartRefused when the database does not fit or the catalogue files contradict what was published;
 * CatalogueError when a file is broken.
 */
export async function startService(config: Config, reports: Reports = TO_STANDARD_STREAMS): Promise<RunningService> {
  const catalogue = await readCatalogueFiles(config.catalogueFolder)
  const texts = await readTextFiles(config.textsFolder)
  const ends: (() => unknown)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  const database = await Database.open({
    url: config.databaseUrl,
    connections: config.databaseConnections,
    ...onStatement(reports),
  })
  ends.push(() => database.close())
  try {
    const misfit = await database.misfit()
    if (misfit !== null) throw new StartRefused(misfit)
    refuseUnconfirmed(config, catalogue)
    if ((await publishCatalogue(database, catalogue)) === 'other_content') {
      throw new StartRefused(
        `catalogue version ${catalogue.version} was published with other content: give the change a new version number`,
      )
    }
    await makeAuditPartitions(database, 3)
    const signing = await startKeys(config, database, reports.fault).catch((error: unknown) => {
      throw error instanceof CustodyError ? new StartRefused(error.message) : error
    })
    ends.push(() => signing.stop())
    const app = await createServer(AppModule.with(config, { database, signingKeys: signing.keys, texts }), {
      ...config,
      problemTitles: texts.problems,
      logRequest: reports.request,
      logFault: reports.fault,
    })
    ends.push(() => closeServer(app))
    await app.listen(config.port, config.host).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error
      throw new StartRefused(`port ${config.port} is taken`)
    })
    ends.push(keepHouse(database, reports.fault))
    ends.push(await startFollowing(config, reports.fault))
    ends.push(await startSigning(config, signing.keys, reports))
    ends.push(await startTelling(config, app.get(EventFeed), reports))
    const onUnsent = (error: unknown): void => reports.fault({ requestId: 'letters', error })
    ends.push(await startPosting(config, texts.letter, onUnsent))
    ends.push(await startNotifying(config, database, texts.notices, reports.fault))
    const address = app.getHttpServer().address() as { port: number }
    return { app, port: address.port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Our reading of the law is not the law: whoever runs this for real people must know what no one has confirmed. */
function refuseUnconfirmed(config: Config, catalogue: CatalogueVersion): void {
  if (!config.production || config.acceptUnconfirmedRules) return
  const count = unconfirmedRuleCount(catalogue)
  if (count === 0) return
  throw new StartRefused(
    `${count} legal rules of catalogue version ${catalogue.version} are proposals that no one has confirmed ` +
      '(docs/unconfirmed-rules.md): to go on all the same, set ACCEPT_UNCONFIRMED_RULES=true',
  )
}

function onStatement({ statement }: Reports): { onStatement?: (name: string) => void } {
  return statement === undefined ? {} : { onStatement: statement }
}

function startSigning(config: Config, keys: SigningKeys, { fault }: Reports): Promise<() => Promise<void>> {
  const { databaseUrl, publicUrl: issuer } = config
  return keepSigning({ databaseUrl, keys, issuer, onFault: (error) => fault({ requestId: 'status lists', error }) })
}

/** Events are made by one instance, and heard of by all. */
async function startTelling(config: Config, feed: EventFeed, { fault }: Reports): Promise<() => Promise<void>> {
  const { databaseUrl } = config
  const onFault = (error: unknown): void => fault({ requestId: 'events', error })
  const onNotice = (clientId: string | null): void => feed.wake(clientId)
  const stopListening = await listen({ databaseUrl, channel: EVENTS_TOLD, onNotice, onFault })
  const stopTelling = await keepTelling({ databaseUrl, onFault })
  return async () => {
    feed.stop()
    await Promise.all([stopListening(), stopTelling()])
  }
}
