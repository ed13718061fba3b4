import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { auditEntry } from '../../src/audit/audit-entry.js'
import { appendWithChange } from '../../src/audit/audit-log.js'
import { hasAuditStrays, makeAuditPartitions } from '../../src/store/audit-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { sql } from './given.js'

let stage: TestDatabase

beforeEach(async () => {
  stage = await testDatabase(6)
})
afterEach(() => stage.drop())

/** The month so many months from now, as its partition is named. */
function monthName(ahead: number): string {
  const now = new Date()
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
  return `audit_entry_${month.toISOString().slice(0, 7).replace('-', '_')}`
}

const partitions = async (): Promise<string[]> => {
  const rows = await sql<{ name: string }>(
    stage.database,
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_entry'::regclass order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Appends an entry of that time and tells where it landed. */
async function landing(occurredAt: Date): Promise<string> {
  const entry = auditEntry({
    kind: 'evaluation',
    occurredAt,
    actor: null,
    principal: null,
    clientId: null,
    content: {},
  })
  await stage.database.transaction((tx) => appendWithChange(tx, entry))
  return placeOf(entry.entryId)
}

async function placeOf(entryId: string): Promise<string> {
  const [row] = await sql<{ place: string }>(
    stage.database,
    'select tableoid::regclass::text as place from audit_entry where entry_id = $1',
    [entryId],
  )
  return row?.place ?? 'nowhere'
}

/** The first instant of the month so many months from now, and so many milliseconds after it. */
function monthStart(ahead: number, milliseconds = 0): Date {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1) + milliseconds)
}

describe('the months of the log', () => {
  test('are made for this month and those ahead, once', async () => {
    const wanted = ['audit_entry_default', ...[0, 1, 2, 3].map(monthName)].toSorted()
    await makeAuditPartitions(stage.database, 3)
    expect(await partitions()).toEqual(wanted)
    await makeAuditPartitions(stage.database, 3)
    await makeAuditPartitions(stage.database, 0)
    expect(await partitions()).toEqual(wanted)
  })

  test('are made once by many who start at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => makeAuditPartitions(stage.database, 2)))
    expect(await partitions()).toHaveLength(4)
  })

  test.each([-1, 25])('are not made %i ahead', async (months) => {
    await expect(makeAuditPartitions(stage.database, months)).rejects.toMatchObject({ code: 'P0001' })
  })

  test('hold what happened in them, from the first microsecond to the last', async () => {
    await makeAuditPartitions(stage.database, 1)
    expect(await landing(monthStart(0))).toBe(monthName(0))
    expect(await landing(monthStart(1, -1))).toBe(monthName(0))
    expect(await landing(monthStart(1))).toBe(monthName(1))
    expect(await landing(new Date())).toBe(monthName(0))
    expect(await hasAuditStrays(stage.database)).toBe(false)
  })

  test('that were not made leave strays, and that is told', async () => {
    await makeAuditPartitions(stage.database, 1)
    expect(await hasAuditStrays(stage.database)).toBe(false)
    expect(await landing(monthStart(2))).toBe('audit_entry_default')
    expect(await hasAuditStrays(stage.database)).toBe(true)
  })

  test('that are made after all take their strays home', async () => {
    const entries = [monthStart(0), monthStart(1, -1), monthStart(1), monthStart(3)]
    for (const occurredAt of entries) expect(await landing(occurredAt)).toBe('audit_entry_default')
    await makeAuditPartitions(stage.database, 1)
    const rows = await sql<{ place: string; count: number }>(
      stage.database,
      'select tableoid::regclass::text as place, count(*)::int as count from audit_entry group by 1 order by 1',
    )
    expect(rows).toEqual(
      [
        { place: monthName(0), count: 2 },
        { place: monthName(1), count: 1 },
        { place: 'audit_entry_default', count: 1 },
      ].toSorted((a, b) => (a.place < b.place ? -1 : 1)),
    )
    await makeAuditPartitions(stage.database, 3)
    expect(await hasAuditStrays(stage.database)).toBe(false)
  })

  test('have the keys and the indexes of the whole', async () => {
    await makeAuditPartitions(stage.database, 0)
    const [row] = await sql<{ count: number }>(
      stage.database,
      `select count(*)::int as count from pg_inherits i join pg_index x on x.indexrelid = i.inhrelid
        where x.indrelid = $1::regclass`,
      [monthName(0)],
    )
    expect(row).toEqual({ count: 4 })
  })
})
