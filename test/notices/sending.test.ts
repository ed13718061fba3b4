import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { LANGUAGES } from '../../src/domain/catalogue.js'
import type { PartyId } from '../../src/domain/party.js'
import type { Carrier } from '../../src/notices/carrier.js'
import { mailFolder, mailServer } from '../../src/notices/mail.js'
import { type Sending, keepSending, sendDue } from '../../src/notices/sending.js'
import { smsGateway } from '../../src/notices/sms.js'
import { tellAll } from '../../src/notices/telling.js'
import type { Contact, ContactChannel } from '../../src/registers/kontaktregisteret.js'
import { RegisterFault } from '../../src/registers/register-fault.js'
import { type Texts, readTextFiles } from '../../src/registers/text-files.js'
import { Database } from '../../src/store/database.js'
import { causeNotices } from '../../src/store/notice-cause-store.js'
import { ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import { numberAt } from '../../standins/country-numbers.js'
import { REGISTER, furnish, sql } from '../store/given.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type Gateway, type PostOffice, gateway, postOffice } from './post.js'

const ADDRESS = 'https://fullmakt.example.no'
const NAME = 'Ragnhild Underbakke'

let stage: TestDatabase
let texts: Texts
let post: PostOffice
let sms: Gateway
const troubles: string[] = []

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  texts = await readTextFiles('texts')
})
afterAll(() => stage.drop())

/** What the contact register says, by number. */
let register: Map<string, Contact | RegisterFault>
beforeEach(async () => {
  await sql(stage.database, 'delete from notice_delivery')
  register = new Map()
  troubles.length = 0
  post = await postOffice()
  sms = await gateway()
})
afterEach(async () => {
  for (const carrier of open.splice(0)) carrier.close()
  await post.close()
  await sms.close()
})

const asked: string[][] = []
const contacts: Sending['contacts'] = {
  contacts: (numbers) => {
    asked.push([...numbers])
    const fault = [...register.values()].find((one) => one instanceof RegisterFault)
    if (fault !== undefined) return Promise.reject(fault)
    const known = numbers.map((number) => [number, register.get(number) ?? NOT_REGISTERED] as const)
    return Promise.resolve(new Map(known) as ReadonlyMap<string, Contact>)
  },
}

const recent = (address: string): ContactChannel => ({ address, updatedAt: new Date(), verifiedAt: null })
const stale = (address: string): ContactChannel => ({
  address,
  updatedAt: new Date(Date.now() - 600 * 86_400_000),
  verifiedAt: null,
})
const ACTIVE: Contact = {
  status: 'active',
  reserved: false,
  notifiable: true,
  language: 'nb',
  email: recent('ragnhild@example.no'),
  mobile: recent('+4790000000'),
}
const NOT_REGISTERED: Contact = { ...ACTIVE, status: 'not_registered', notifiable: false, email: null, mobile: null }

let rank = 0
/** Someone whom the contact register knows so. */
async function person(contact: Contact | RegisterFault = ACTIVE): Promise<PartyId> {
  const number = numberAt({ day: 12_000, rank: rank++ }, 'birth_number')
  const partyId = await ensureParty(stage.database, { scheme: 'fnr', value: number })
  const rest = { diedOn: null, protectedAddress: false, ceased: false, capacityLost: [], residences: [] }
  const facts = { source: REGISTER, name: NAME, familyName: 'Underbakke', bornOn: '1950-05-17', ...rest }
  await recordPartyFacts(stage.database, partyId, facts)
  register.set(number, contact)
  return partyId
}

/** So many notices, each of a transaction of its own. */
async function cause(partyId: PartyId, count = 1, kind: 'held' | 'frozen' = 'held'): Promise<void> {
  for (let done = 0; done < count; done++) {
    const one = { kind, partyId, subject: randomUUID(), edition: '1', data: { service: 'nav.pension' } } as const
    await stage.database.transaction((tx) => causeNotices(tx, [one]))
  }
  await tellAll(stage.database, ['email', 'sms'])
}

const onTrouble = (trouble: string): void => void troubles.push(trouble)
const open: Carrier[] = []
function mail(): Carrier {
  const server = { url: post.url, needsTls: false, from: 'Fullmakt <post@example.no>', host: 'fullmakt.example.no' }
  const carrier = mailServer(server, onTrouble)
  open.push(carrier)
  return carrier
}

function sending(carrier: Carrier, more: Partial<Sending> = {}): Sending {
  const onFault = (error: unknown): void => onTrouble(String(error))
  return { db: stage.database, contacts, carrier, sentences: texts.notices, address: ADDRESS, onFault, ...more }
}

/** Sends everything that is due by e-mail, and by SMS. */
async function sendAll(more: Partial<Sending> = {}): Promise<void> {
  for (const carrier of [mail(), smsGateway({ url: sms.url, token: 'secret' }, onTrouble)]) {
    while ((await sendDue(sending(carrier, more))) > 0);
    carrier.close()
  }
}

async function states(partyId: PartyId): Promise<string[]> {
  const rows = await sql<{ told: string }>(
    stage.database,
    `select channel || ' ' || state as told from notice_delivery where party_id = $1 order by channel, created_at`,
    [partyId],
  )
  return rows.map(({ told }) => told)
}

describe('what is sent', () => {
  test.each(LANGUAGES)('in %s, as the contact register says; nothing of whom or what', async (language) => {
    await cause(await person({ ...ACTIVE, language }))
    await sendAll()
    const [letter] = post.arrived
    expect(letter?.to).toEqual(['ragnhild@example.no'])
    expect(letter?.subject).toBe(texts.notices.mail_subject[language])
    expect(letter?.text).toBe(texts.notices.mail_text[language].replace('{address}', ADDRESS))
    expect(letter?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(sms.arrived).toEqual([
      {
        sms: {
          id: expect.any(String),
          to: '+4790000000',
          text: texts.notices.sms_text[language].replace('{address}', ADDRESS),
        },
        authorization: 'Bearer secret',
        key: sms.arrived[0]?.sms.id,
      },
    ])
    const all = JSON.stringify([post.arrived, sms.arrived])
    for (const secret of [NAME, 'Underbakke', 'nav', 'pension', 'Pensjon', '?']) {
      expect(all.replaceAll(/=\?UTF-8\?[QB]\?|\?=/gi, '')).not.toContain(secret)
    }
    expect(all).not.toMatch(/\b\d{11}\b/)
  })

  test('without a language in the register, in bokmål', async () => {
    await cause(await person({ ...ACTIVE, language: null }))
    await sendAll()
    expect(post.arrived[0]?.text).toContain('Du har fått en beskjed i Fullmakt. Logg inn på')
  })

  test('to a folder while developing: a file for each, the same again is the same file', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mail-'))
    await cause(await person(), 2)
    const carrier = mailFolder(folder, 'post@example.no', onTrouble)
    await sendDue(sending(carrier))
    await sql(
      stage.database,
      `update notice_delivery set state = 'waiting', done_at = null, claim = null where channel = 'email'`,
    )
    await sendDue(sending(carrier))
    const files = await readdir(folder)
    expect(files).toHaveLength(2)
    expect(await readFile(path.join(folder, files[0] ?? ''), 'utf8')).toContain('To: ragnhild@example.no')
    await rm(folder, { recursive: true })
  })
})

describe('by the rules of the contact register', () => {
  const [email, mobile] = [ACTIVE.email, ACTIVE.mobile]
  test.each<[string, Partial<Contact>, email: string, sms: string]>([
    ['both channels', {}, 'sent', 'sent'],
    ['reserved', { reserved: true }, 'not_reachable', 'not_reachable'],
    ['deleted', { status: 'deleted', email: null, mobile: null }, 'not_reachable', 'not_reachable'],
    ['not registered', NOT_REGISTERED, 'not_reachable', 'not_reachable'],
    ['not to be notified', { notifiable: false }, 'not_reachable', 'not_reachable'],
    ['a stale e-mail address', { email: stale('old@example.no') }, 'not_reachable', 'sent'],
    ['a stale mobile', { mobile: stale('+4791111111') }, 'sent', 'not_reachable'],
    ['no mobile', { mobile: null }, 'sent', 'not_reachable'],
    ['an address that would be two', { email: recent('a@example.no, b@example.no') }, 'not_reachable', 'sent'],
    ['an address with a line in it', { email: recent('a@example.no\r\nBcc: b@example.no') }, 'not_reachable', 'sent'],
    ['a mobile without its country', { mobile: recent('900 00 000') }, 'sent', 'sent'],
    ['a mobile that is none', { mobile: recent('ring meg') }, 'sent', 'not_reachable'],
  ])('%s', async (_name, change, byEmail, bySms) => {
    const partyId = await person({ ...ACTIVE, email, mobile, ...change })
    await cause(partyId)
    await sendAll()
    expect(await states(partyId)).toEqual([`email ${byEmail}`, `sms ${bySms}`])
    expect([post.arrived.length, sms.arrived.length]).toEqual(
      [byEmail, bySms].map((state) => (state === 'sent' ? 1 : 0)),
    )
  })

  test('what is not about safety goes by SMS only to someone without an e-mail address', async () => {
    const [both, none] = [await person(), await person({ ...ACTIVE, email: null })]
    await cause(both, 1, 'frozen')
    await cause(none, 1, 'frozen')
    await sendAll()
    expect(await states(both)).toEqual(['email sent', 'sms not_needed'])
    expect(await states(none)).toEqual(['email not_reachable', 'sms sent'])
  })

  test('someone without a Norwegian number is in no contact register', async () => {
    const partyId = await ensureParty(stage.database, { scheme: 'eidas', value: 'DE/NO/1' })
    await cause(partyId)
    await sendAll()
    expect(await states(partyId)).toEqual(['email not_reachable', 'sms not_reachable'])
  })

  test('many are asked about in one question', async () => {
    for (let count = 0; count < 5; count++) await cause(await person())
    asked.length = 0
    await sendDue(sending(mail()))
    expect(asked.map((numbers) => numbers.length)).toEqual([5])
  })
})

describe('exactly once', () => {
  test('with four who send at the same time', async () => {
    const partyId = await person()
    await cause(partyId, 40)
    const carriers = [mail(), mail(), mail(), mail()]
    const stops = carriers.map((carrier) => keepSending(sending(carrier)))
    for (let tries = 0; post.arrived.length < 40 && tries < 100; tries++) await pass(50)
    await pass(100)
    await Promise.all(stops.map((stop) => stop()))
    expect(post.arrived).toHaveLength(40)
    expect(post.boxes()).toHaveLength(40)
    expect((await states(partyId)).filter((state) => state === 'email sent')).toHaveLength(40)
  })

  test('killed between sending and noting it: the same Message-ID again, and a mailbox that knows it has one', async () => {
    const partyId = await person()
    await cause(partyId)
    const killed = sending(mail(), { lease: 100, db: dyingWhenItNotes() })
    await expect(sendDue(killed)).rejects.toThrow('killed')
    expect(await states(partyId)).toContain('email sending')
    await pass(150)
    await sendDue(sending(mail()))
    expect(post.arrived).toHaveLength(2)
    expect(post.boxes()).toHaveLength(1)
    expect(post.arrived[0]?.raw).toBe(post.arrived[1]?.raw)
    expect(await states(partyId)).toContain('email sent')
  })

  test('the same by SMS: the gateway knows the id, and has sent one', async () => {
    const partyId = await person()
    await cause(partyId)
    const by = (): Carrier => smsGateway({ url: sms.url, token: 'secret' }, onTrouble)
    await expect(sendDue(sending(by(), { lease: 100, db: dyingWhenItNotes() }))).rejects.toThrow('killed')
    await pass(150)
    await sendDue(sending(by()))
    expect(sms.arrived).toHaveLength(1)
    expect(await states(partyId)).toContain('sms sent')
  })

  test('while one sends, no other takes it; who comes back late notes nothing', async () => {
    const partyId = await person()
    await cause(partyId)
    let release: () => void = () => undefined
    const blocked = new Promise<void>((resolve) => (release = resolve))
    const slow: Carrier = { channel: 'email', close: () => undefined, send: () => blocked.then(() => 'refused') }
    const first = sendDue(sending(slow, { lease: 200 }))
    await pass(50)
    expect(await sendDue(sending(mail()))).toBe(0)
    await pass(200)
    expect(await sendDue(sending(mail()))).toBe(1)
    release()
    await first
    expect(await states(partyId)).toContain('email sent')
  })

  /** A connection over which nothing can be noted any more once a message has gone. */
  function dyingWhenItNotes(): TestDatabase['database'] {
    const { database } = stage
    const query: typeof database.query = (asked, values) =>
      asked.name === 'end_notice_deliveries' && values[2] === 'sent'
        ? Promise.reject(new Error('killed'))
        : database.query(asked, values)
    return Object.assign(Object.create(database) as typeof database, { query })
  }
})

describe('when it does not get through', () => {
  test('a dead mail server: one try for the lot, later again, and SMS goes on', async () => {
    const partyId = await person()
    await cause(partyId, 12)
    await post.close()
    await sendAll()
    expect(sms.arrived).toHaveLength(12)
    expect(troubles.length).toBeLessThanOrEqual(5)
    const rows = await sql<{ state: string; wait: number }>(
      stage.database,
      `select state, extract(epoch from due_at - clock_timestamp())::float8 as wait
         from notice_delivery where party_id = $1 and channel = 'email'`,
      [partyId],
    )
    expect(rows).toHaveLength(12)
    expect(rows.every(({ state, wait }) => state === 'waiting' && wait > 50 && wait < 61)).toBe(true)
    expect(troubles.join()).not.toContain('@')
  })

  test('each wait twice as long, and given up after three days', async () => {
    const partyId = await person()
    await cause(partyId)
    await post.close()
    const waits: number[] = []
    for (let tries = 0; tries < 4; tries++) {
      await sendDue(sending(mail()))
      const [row] = await sql<{ wait: number }>(
        stage.database,
        `select round(extract(epoch from due_at - clock_timestamp()))::float8 as wait from notice_delivery where party_id = $1 and channel = 'email'`,
        [partyId],
      )
      waits.push(row?.wait ?? 0)
      await sql(stage.database, `update notice_delivery set due_at = clock_timestamp() where party_id = $1`, [partyId])
    }
    expect(waits).toEqual([60, 120, 240, 480])
    const owner = await Database.open({ url: stage.ownerUrl, connections: 1 })
    await sql(owner, `update notice_delivery set created_at = created_at - interval '73 hours' where party_id = $1`, [
      partyId,
    ])
    await owner.close()
    await sendDue(sending(mail()))
    expect(await states(partyId)).toContain('email given_up')
  })

  test.each([
    [550, 'email refused'],
    [450, 'email waiting'],
  ])('a mailbox that answers %s concerns no other', async (code, state) => {
    const [bad, good] = [await person({ ...ACTIVE, email: recent('gone@example.no') }), await person()]
    post.answer = (to) => (to === 'gone@example.no' ? code : null)
    await cause(bad)
    await cause(good)
    await sendDue(sending(mail()))
    expect(await states(bad)).toContain(state)
    expect(await states(good)).toContain('email sent')
    expect(troubles.join()).not.toContain('gone')
  })

  test('a connection that breaks after the mail was taken: sent again under the same id', async () => {
    const partyId = await person()
    await cause(partyId)
    post.breaks = true
    await sendDue(sending(mail()))
    expect(await states(partyId)).toContain('email waiting')
    post.breaks = false
    await sql(stage.database, `update notice_delivery set due_at = clock_timestamp() where party_id = $1`, [partyId])
    await sendDue(sending(mail()))
    expect(post.boxes()).toHaveLength(1)
    expect(await states(partyId)).toContain('email sent')
  })

  test.each([
    [400, 'sms refused'],
    [401, 'sms waiting'],
    [503, 'sms waiting'],
  ])('a gateway that answers %s', async (status, state) => {
    const partyId = await person()
    await cause(partyId)
    sms.status = status
    await sendAll()
    expect(await states(partyId)).toContain(state)
  })

  test('the contact register down: nothing is sent to a guess, all of it later', async () => {
    const partyId = await person(new RegisterFault('kontaktregisteret', 'unreachable'))
    await cause(partyId)
    await expect(sendDue(sending(mail()))).rejects.toThrow(RegisterFault)
    expect(await states(partyId)).toContain('email waiting')
    expect(post.arrived).toEqual([])
  })
})

const pass = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
