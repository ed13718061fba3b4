import { randomBytes } from 'node:crypto'
import { AuditLog } from '../src/audit/audit-log.js'
import { auditEntry, canonicalForm } from '../src/audit/audit-entry.js'
import { type Asked, Decisions } from '../src/decisions/evaluate.js'
import { appendAuditRows } from '../src/store/audit-store.js'
import { Catalogues } from '../src/store/catalogue-store.js'
import { Database } from '../src/store/database.js'
import { type FactsAt, type NamedPair, readFacts, readFactsOfPairs } from '../src/store/facts-store.js'
import { Gathered } from '../src/store/gathered.js'
import { CLIENT_ID } from './relying-service.js'
import { type Pair, STOCKED } from './mandate-stock.js'
import { alternate, awaitedPerSecond, median } from './sampling.js'

/** How often a second each part of an evaluation can be done, without HTTP, with so many under way. */
export interface Layers {
  /** The first statement, for one pair at a time. */
  readonly read: number
  /** The same for several pairs at a time; counted in pairs. */
  readonly readTogether: number
  /** The two statements one after the other, each entry with a commit of its own. */
  readonly readAndCommit: number
  /** A whole evaluation, which shares both with others. */
  readonly evaluate: number
}

export interface LayersOptions {
  readonly databaseUrl: string
  /** As many as the service has. */
  readonly connections: number
  readonly underway: number
  readonly seconds: number
  readonly rounds: number
}

/** Measures PostgreSQL behind `pg` in this process: the limit that the service cannot pass. */
export async function measureLayers(pairs: readonly Pair[], options: LayersOptions): Promise<Layers> {
  const db = await Database.open({ url: options.databaseUrl, connections: options.connections })
  try {
    const decisions = new Decisions(db, new AuditLog(db), new Catalogues(), randomBytes(32))
    const together = new Gathered<NamedPair, FactsAt>((some) => readFactsOfPairs(db, some), 64)
    const rate = (call: (asked: Asked) => Promise<unknown>) => () =>
      awaitedPerSecond(options.seconds, options.underway, (turn) => call(askedOf(pairs, turn)))
    const figures = await alternate(options.rounds, {
      read: rate((asked) => readFacts(db, asked.actor, asked.principal, CLIENT_ID)),
      readTogether: rate((asked) => together.ask({ ...asked, clientId: CLIENT_ID })),
      readAndCommit: rate((asked) => readAndCommit(db, asked)),
      evaluate: rate((asked) => decisions.evaluate(asked)),
    })
    return {
      read: median(figures.read),
      readTogether: median(figures.readTogether),
      readAndCommit: median(figures.readAndCommit),
      evaluate: median(figures.evaluate),
    }
  } finally {
    await db.close()
  }
}

function askedOf(pairs: readonly Pair[], turn: number): Asked {
  const pair = pairs[turn % pairs.length]
  if (pair === undefined) throw new Error('there are no pairs')
  const number = (value: string) => ({ by: 'identifier', identifier: { scheme: 'fnr', value } }) as const
  return {
    actor: number(pair.representativeNumber),
    principal: number(pair.principalNumber),
    power: { service: STOCKED.service, action: 'read', provider: null, object: null },
    login: { level: 'high', authenticatedAt: new Date(), proof: 'asserted' },
    worksFor: null,
    act: null,
    client: { clientId: CLIENT_ID, services: [STOCKED.service] },
    requestId: null,
  }
}

async function readAndCommit(db: Database, asked: Asked): Promise<void> {
  const { instant, facts } = await readFacts(db, asked.actor, asked.principal, CLIENT_ID)
  const entry = auditEntry({
    kind: 'evaluation',
    occurredAt: instant,
    actor: facts.actor?.partyId ?? null,
    principal: facts.principal?.partyId ?? null,
    clientId: CLIENT_ID,
    content: { power: { ...asked.power } },
  })
  await appendAuditRows(db, [{ ...entry, entry: canonicalForm(entry) }])
}
