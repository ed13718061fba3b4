import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { statement } from '../../src/store/database.js'
import { makeAuditPartitions } from '../../src/store/audit-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type Given, furnish, give, newPerson, sql, turn } from './given.js'

let stage: TestDatabase
let ended: Given
let month: string

beforeAll(async () => {
  stage = await testDatabase(2)
  await furnish(stage.database)
  const pair = { principal: await newPerson(stage.database), representative: await newPerson(stage.database, 'Ola') }
  ended = await give(stage.database, pair)
  await stage.database.transaction((tx) => turn(tx, ended.mandateId, 'ended'))
  await makeAuditPartitions(stage.database, 0)
  const [partition] = await sql<{ name: string }>(
    stage.database,
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'audit_entry'::regclass and c.relname <> 'audit_entry_default'`,
  )
  month = partition?.name ?? ''
})
afterAll(() => stage.drop())

const code = (text: string): Promise<unknown> =>
  stage.database.query(statement('', text), []).then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code,
  )

describe('the serving role may not', () => {
  test.each([
    `update audit_entry set entry = ''`,
    `update audit_entry set occurred_at = now()`,
    'delete from audit_entry',
    'truncate audit_entry',
    `update audit_entry_default set entry = ''`,
    'delete from audit_entry_default',
    'truncate audit_entry_default',
    `insert into audit_entry_default select * from audit_entry`,
    'drop table audit_entry_default',
    'alter table audit_entry detach partition audit_entry_default',
    `update mandate_version set text = 'other'`,
    `update mandate_version set made_by = made_by`,
    'delete from mandate_version',
    'truncate mandate_version cascade',
    `update mandate_power set state = 'active'`,
    `update mandate_power set valid = tstzrange(lower(valid), 'infinity')`,
    'update mandate_power set representative = principal',
    'update mandate_power set service_id = service_id',
    'delete from mandate_power',
    `update reported_use set outcome = 'done'`,
    'delete from reported_use',
    'truncate reported_use',
    `update notice set party_id = party_id`,
    `update notice set kind = 'given'`,
    `update notice_cause set kind = 'given'`,
    `update notice_delivery set party_id = party_id`,
    'update trusted_contact set contact = person',
    'update trusted_contact set named_at = now()',
    'delete from ground_use',
    'truncate mandate_power',
    'update mandate_request set principal = helper',
    `update mandate_request set powers = '[]'`,
    'truncate mandate_request cascade',
    'update request_block set helper = principal',
    'update letter set request_id = letter_id',
    'update invitation set inviter = redeemed_by',
    `update invitation set code_hash = ''`,
    'update mandate set mandate_id = mandate_id',
    'update mandate set answer_by = null',
    'delete from mandate',
    'update representation set representative = principal',
    'delete from representation',
    'truncate representation cascade',
    `update catalogue_version set content = '{}'`,
    'delete from catalogue_version',
    `update catalogue_service set service_id = 'x'`,
    'delete from catalogue_service',
    `update party set kind = 'organisation'`,
    'delete from party',
    `update party_identifier set value = 'x'`,
    'update party_identifier set party_id = party_id',
    'delete from party_identifier',
    `update party_fact set name = 'x'`,
    'update party_fact set died_on = null',
    'delete from party_fact',
    `update handle set client_id = 'x'`,
    'delete from handle',
    'delete from client',
    'delete from audience',
    'delete from register_freshness',
    'update signing_key set removed_at = now(), sealed = null',
    'update signing_key set signs_from = made_at',
    `update signing_key set public_jwk = '{}'`,
    'delete from signing_key',
    `update used_jti set expires_at = now()`,
    `update used_logout_token set used_at = now()`,
    `insert into migrations (timestamp, name) values (1, 'x')`,
    'delete from migrations',
    'create table mine (id int)',
    'create function mine() returns int language sql as $$ select 1 $$',
    'create schema mine',
    'alter table mandate_power disable trigger all',
    'drop trigger mandate_power_final on mandate_power',
    'alter table mandate_power drop constraint mandate_power_no_twins',
    `create or replace function mandate_power_final() returns trigger language plpgsql as $$ begin return new; end $$`,
    'set session_replication_role = replica',
    'set role fullmakt_owner',
    'set session authorization fullmakt_owner',
    'reassign owned by fullmakt_owner to fullmakt_server',
    `copy party to program 'true'`,
    `select pg_read_file('postgresql.conf')`,
  ])('%s', async (text) => {
    expect(await code(text)).toBe('42501')
  })

  test('change, empty or write to a month of the log past the log itself', async () => {
    expect(month).toMatch(/^audit_entry_\d{4}_\d{2}$/)
    const entry = `(gen_random_uuid(), now(), 'evaluation', null, null, null, '{}')`
    for (const text of [
      `select * from ${month}`,
      `update ${month} set entry = ''`,
      `delete from ${month}`,
      `truncate ${month}`,
      `drop table ${month}`,
      `insert into ${month} values ${entry}`,
    ]) {
      expect([text, await code(text)]).toEqual([text, '42501'])
    }
    expect(await code(`insert into audit_entry values ${entry}`)).toBe('done')
  })

  test('give away what it may do itself', async () => {
    await code('grant all on audit_entry to public')
    const mayRead = `select has_table_privilege('public', 'audit_entry', 'select') as any`
    expect(await sql(stage.database, mayRead)).toEqual([{ any: false }])
  })

  test('read or call anything that PostgreSQL keeps for superusers', async () => {
    for (const text of ['select * from pg_authid', "select pg_ls_dir('.')", 'alter system set fsync = off']) {
      expect([text, await code(text)]).toEqual([text, '42501'])
    }
    const roles = `select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as "any" from pg_roles where rolname = current_user`
    expect(await sql(stage.database, roles)).toEqual([{ any: false }])
  })
})

describe('a power that has ended cannot come back', () => {
  const columns = `mandate_power_id, mandate_id, version, principal, representative, service_id, action, provider, object,
    catalogue_version, state, valid, recorded`
  const copied = (state: string, recorded: string): string =>
    `insert into mandate_power (${columns})
     select mandate_power_id, mandate_id, version, principal, representative, service_id, action, provider, object,
            catalogue_version, ${state}, valid, ${recorded}
       from mandate_power where mandate_id = '${ended.mandateId}' and state = 'ended'`

  test.each(['offered', 'held', 'active', 'frozen'])('as %s', async (state) => {
    const closing = `update mandate_power set recorded = tstzrange(lower(recorded), clock_timestamp())
                      where mandate_id = '${ended.mandateId}' and upper_inf(recorded)`
    const back = stage.database.transaction(async (tx) => {
      await sql(tx, closing)
      await sql(tx, copied(`'${state}'`, 'tstzrange(upper(recorded), null)'))
    })
    await expect(back).rejects.toMatchObject({ code: '23514' })
  })

  test('beside the ended one, in a time before it was known', async () => {
    expect(await code(copied(`'active'`, `tstzrange('2020-01-01', '2020-01-02')`))).toBe('23514')
    expect(await code(copied(`'ended'`, `tstzrange('2020-01-01', '2020-01-02')`))).toBe('23514')
  })

  test('by opening again what was known before it ended', async () => {
    const reopened = stage.database.transaction(async (tx) => {
      await sql(
        tx,
        `update mandate_power set recorded = tstzrange(lower(recorded), lower(recorded) + interval '1 microsecond')
          where mandate_id = '${ended.mandateId}' and state = 'ended'`,
      )
      await sql(
        tx,
        `update mandate_power set recorded = tstzrange(clock_timestamp(), null)
          where mandate_id = '${ended.mandateId}' and state = 'active'`,
      )
    })
    await expect(reopened).rejects.toMatchObject({ code: '23514' })
  })

  test('behind a temporary table that bears the name of the real one', async () => {
    const back = stage.database.transaction(async (tx) => {
      await sql(tx, 'create temporary table mandate_power (like public.mandate_power) on commit drop')
      await sql(
        tx,
        `update public.mandate_power set recorded = tstzrange(lower(recorded), clock_timestamp())
          where mandate_id = '${ended.mandateId}' and upper_inf(recorded)`,
      )
    })
    await expect(back).rejects.toMatchObject({ code: '23514' })
  })

  test('and is still the only thing known of it', async () => {
    const rows = await sql(
      stage.database,
      `select state from mandate_power where mandate_id = $1 and upper_inf(recorded)`,
      [ended.mandateId],
    )
    expect(rows).toEqual([{ state: 'ended' }])
  })
})

describe('what was recorded can be closed and nothing else', () => {
  let open: Given
  beforeAll(async () => {
    open = await give(stage.database, {
      principal: await newPerson(stage.database),
      representative: await newPerson(stage.database, 'Ola'),
    })
  })

  test.each([
    ['moved back', `tstzrange('2020-01-01', null)`],
    ['moved on', `tstzrange(lower(recorded) + interval '1 second', null)`],
    ['left as it was', 'recorded'],
    ['closed at both ends', `tstzrange(lower(recorded), clock_timestamp(), '[]')`],
    ['closed from another moment on', `tstzrange(lower(recorded) - interval '1 second', clock_timestamp())`],
    ['emptied', `'empty'`],
  ])('not %s', async (_what, recorded) => {
    expect(await code(`update mandate_power set recorded = ${recorded} where mandate_id = '${open.mandateId}'`)).toBe(
      '23514',
    )
    expect(await code(`update party_fact set recorded = ${recorded} where upper_inf(recorded)`)).toBe('23514')
  })

  test('and once only', async () => {
    const close = `update mandate_power set recorded = tstzrange(lower(recorded), clock_timestamp()) where mandate_id = '${open.mandateId}'`
    expect(await code(close)).toBe('done')
    expect(await code(close)).toBe('23514')
  })
})
