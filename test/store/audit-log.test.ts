import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AuditEntry, auditEntry, canonicalForm } from '../../src/audit/audit-entry.js'
import { AuditLog, appendWithChange } from '../../src/audit/audit-log.js'
import type { Json } from '../../src/domain/json.js'
import type { PartyId } from '../../src/domain/party.js'
import { type AuditRow, auditRowsOfPrincipal } from '../../src/store/audit-store.js'
import { Database } from '../../src/store/database.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { sql } from './given.js'

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase(8)
})
afterAll(() => stage.drop())

const principal = (): PartyId => crypto.randomUUID() as PartyId
const NOON = new Date('2026-03-02T11:00:00.123Z')

function entryAbout(about: PartyId, content: AuditEntry['content'] = {}, occurredAt = NOON): AuditEntry {
  return auditEntry({ kind: 'evaluation', occurredAt, actor: null, principal: about, clientId: 'pension', content })
}

const rowsAbout = (about: PartyId, limit = 1000): Promise<AuditRow[]> =>
  auditRowsOfPrincipal(stage.database, about, ['evaluation', 'mandate_given'], null, limit)

describe('the canonical form', () => {
  // The examples of RFC 8785, sections 3.2.2 and 3.2.3.
  test('writes numbers and strings as RFC 8785 does', () => {
    const content = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalForm(entryAbout(principal(), content))).toContain(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('orders members by their UTF-16 code units', () => {
    const content = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    const text = canonicalForm(entryAbout(principal(), content))
    expect(text).toContain('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}')
  })

  test('names everything that an entry tells, and nothing else', () => {
    const entry: AuditEntry = {
      entryId: '0192d3f4-0000-7000-8000-000000000001',
      occurredAt: NOON,
      kind: 'mandate_given',
      actor: 'a' as PartyId,
      principal: 'p' as PartyId,
      clientId: null,
      content: { mandate: 'm' },
    }
    expect(canonicalForm(entry)).toBe(
      '{"actor":"a","client_id":null,"content":{"mandate":"m"},"entry_id":"0192d3f4-0000-7000-8000-000000000001",' +
        '"kind":"mandate_given","occurred_at":"2026-03-02T11:00:00.123Z","principal":"p","v":1}',
    )
  })

  test('is the same text for the same entry, however it was put together, and reads back as it', () => {
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value, { noNullPrototype: true }), (content) => {
        const about = principal()
        const entry = entryAbout(about, content)
        const text = canonicalForm(entry)
        expect(canonicalForm({ ...entry, content: turned(content) as AuditEntry['content'] })).toBe(text)
        expect((JSON.parse(text) as { content: unknown }).content).toEqual(JSON.parse(JSON.stringify(content)))
      }),
      { numRuns: 200 },
    )
  })

  /** The same, the members of every object in the opposite order. */
  function turned(value: Json): Json {
    if (Array.isArray(value)) return (value as readonly Json[]).map(turned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, turned(member)]),
    )
  }
})

describe('appending', () => {
  test('keeps the very text that can be hashed, and what it is found by', async () => {
    const about = principal()
    const entry = { ...entryAbout(about, { power: { object: 'Sak «æ» \u0001 \\' } }), actor: principal() }
    await new AuditLog(stage.database).append(entry)
    expect(await rowsAbout(about)).toEqual([
      {
        ...{ entryId: entry.entryId, occurredAt: NOON, kind: 'evaluation', actor: entry.actor, principal: about },
        ...{ clientId: 'pension', entry: canonicalForm(entry) },
      },
    ])
    const [row] = await sql<{ hash: Buffer }>(
      stage.database,
      `select sha256(convert_to(entry, 'UTF8')) as hash from audit_entry where principal = $1`,
      [about],
    )
    expect(row?.hash.equals(createHash('sha256').update(canonicalForm(entry)).digest())).toBe(true)
  })

  test('five hundred at once are all there, in far fewer statements', async () => {
    const about = principal()
    const log = new AuditLog(stage.database)
    const entries = Array.from({ length: 500 }, (_, number) => entryAbout(about, { number }))
    stage.statements.length = 0
    await Promise.all(entries.map((entry) => log.append(entry)))
    const writes = stage.statements.filter((name) => name === 'append_audit_entries')
    expect(writes.length).toBeLessThanOrEqual(3)
    const rows = await rowsAbout(about)
    expect(new Set(rows.map(({ entry }) => entry))).toEqual(new Set(entries.map(canonicalForm)))
  })

  test('is over only when the entry can be read by others', async () => {
    const log = new AuditLog(stage.database)
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const about = principal()
        await log.append(entryAbout(about))
        expect(await rowsAbout(about)).toHaveLength(1)
      }),
    )
  })

  test('that fails tells those whose entries were not written, and no one else', async () => {
    const [about, log] = [principal(), new AuditLog(stage.database)]
    const first = log.append(entryAbout(about, { number: 1 }))
    const unwritable = { ...entryAbout(about), actor: 'no uuid' as PartyId }
    await expect(log.append(unwritable)).rejects.toMatchObject({ code: '22P02' })
    await first
    await log.append(entryAbout(about, { number: 2 }))
    expect(await rowsAbout(about)).toHaveLength(2)
  })

  test('an entry that has no canonical form is refused, and alone', async () => {
    const [about, log] = [principal(), new AuditLog(stage.database)]
    const outcomes = await Promise.allSettled([
      log.append(entryAbout(about, { number: 1 })),
      log.append(entryAbout(about, { number: Number.NaN })),
      log.append(entryAbout(about, {}, new Date(Number.NaN))),
      log.append(entryAbout(about, { number: 2 })),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(await rowsAbout(about)).toHaveLength(2)
  })

  test('keeps the entries of one statement apart: who is not known stays so, and a line break is none between two', async () => {
    const about = principal()
    const entries = [
      { ...entryAbout(about, { text: 'one\ntwo\r\nthree\u2028four' }), actor: principal() },
      { ...entryAbout(about), clientId: null },
      { ...entryAbout(about, { text: '' }), actor: principal(), clientId: 'tax,{"}\\N' },
    ]
    await new AuditLog(stage.database).appendAll(entries)
    const kept = (await rowsAbout(about)).sort((one, other) => (one.entryId < other.entryId ? -1 : 1))
    const told = kept.map(({ entryId, actor, clientId, entry }) => ({ entryId, actor, clientId, entry }))
    expect(told).toEqual(
      entries.map((entry) => ({
        ...{ entryId: entry.entryId, actor: entry.actor, clientId: entry.clientId },
        entry: canonicalForm(entry),
      })),
    )
  })

  test.each(['two\nlines', '\n', 'one line\n'])(
    'is refused whole where a name is not one line: %j',
    async (clientId) => {
      const about = principal()
      const entries = [entryAbout(about), { ...entryAbout(about), clientId }, entryAbout(about)]
      await expect(new AuditLog(stage.database).appendAll(entries)).rejects.toMatchObject({ code: '23502' })
      expect(await rowsAbout(about)).toEqual([])
    },
  )

  test('without a database is refused, and goes on when there is one', async () => {
    const closed = await Database.open({ url: stage.serverUrl, connections: 1 })
    const log = new AuditLog(closed)
    await closed.close()
    await expect(log.append(entryAbout(principal()))).rejects.toThrow()
    await expect(log.append(entryAbout(principal()))).rejects.toThrow()
  })

  test('with a change is seen with it or not at all', async () => {
    const about = principal()
    const failing = stage.database.transaction(async (tx) => {
      await appendWithChange(tx, entryAbout(about))
      throw new Error('on second thoughts')
    })
    await expect(failing).rejects.toThrow('on second thoughts')
    expect(await rowsAbout(about)).toEqual([])
    await stage.database.transaction(async (tx) => {
      await appendWithChange(tx, entryAbout(about))
      expect(await rowsAbout(about)).toEqual([])
    })
    expect(await rowsAbout(about)).toHaveLength(1)
  })
})

describe('reading', () => {
  test('goes backwards, page by page, each entry once, those of one instant too', async () => {
    const about = principal()
    const log = new AuditLog(stage.database)
    const entries = Array.from({ length: 25 }, (_, number) =>
      entryAbout(about, { number }, new Date(NOON.getTime() + Math.floor(number / 4) * 1000)),
    )
    await Promise.all(entries.map((entry) => log.append(entry)))
    await log.append(entryAbout(principal()))
    const seen: AuditRow[] = []
    for (let page = await rowsAbout(about, 4); page.length > 0;) {
      seen.push(...page)
      page = await auditRowsOfPrincipal(stage.database, about, ['evaluation'], page.at(-1) ?? null, 4)
    }
    expect(seen.map(({ entryId }) => entryId).toSorted()).toEqual(entries.map(({ entryId }) => entryId).toSorted())
    const times = seen.map(({ occurredAt }) => occurredAt.getTime())
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  test('shows the kinds that were asked for', async () => {
    const about = principal()
    const log = new AuditLog(stage.database)
    await log.append(entryAbout(about))
    await log.append({ ...entryAbout(about), kind: 'mandate_given' })
    const rows = await auditRowsOfPrincipal(stage.database, about, ['mandate_given'], null, 10)
    expect(rows.map(({ kind }) => kind)).toEqual(['mandate_given'])
    expect(await auditRowsOfPrincipal(stage.database, about, [], null, 10)).toEqual([])
  })
})
