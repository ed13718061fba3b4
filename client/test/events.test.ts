import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readSecurityEvent } from '../src/security-event.js'
import { ToldGrounds } from '../src/told-grounds.js'
import { type FollowedEvents, followEvents, type GroundEvent, TokenRefused, verify } from '../src/verify.js'
import { type KeyServer, startKeyServer } from './key-server.js'
import { expected, goodToken, keys, KID, type Members, NOW, otherKey, es256, SECOND, signTexts } from './tokens.js'

const CLIENT = 'nav-pensjon-web'
const ISSUED = { handle: 'dlg_9f', issuedAt: SECOND - 10 }

/** An event as our issuer signs it, wrong in what is changed; a member changed to undefined is left out. */
function signedEvent(
  issuer: string,
  type: string,
  changes: Members = {},
  header: Members = {},
  signer?: (input: string) => Uint8Array,
): string {
  const claims = {
    iss: issuer,
    aud: CLIENT,
    iat: SECOND,
    jti: randomUUID(),
    sub_id: { format: 'opaque', id: 'dlg_9f' },
    events: { [`${issuer}/secevent/event-type/${type}`]: { event_timestamp: SECOND } },
    ...changes,
  }
  const head = JSON.stringify({ alg: 'ES256', typ: 'secevent+jwt', kid: KID, ...header })
  return signTexts(head, JSON.stringify(claims), signer)
}

describe('an event that is not', () => {
  const issuer = 'https://fullmakt.example.no'
  const type = `${issuer}/secevent/event-type/delegation-revoked`
  const one = { event_timestamp: SECOND }

  test('wrong says what happened to what, and when', async () => {
    expect(
      await readSecurityEvent(signedEvent(issuer, 'delegation-revoked'), { issuer, clientId: CLIENT, keys }, NOW),
    ).toEqual({
      type: 'delegation-revoked',
      handle: 'dlg_9f',
      second: SECOND,
      eventId: expect.any(String),
    })
  })

  test.each<[string, string, string]>([
    ['of another issuer', 'issuer', signedEvent(issuer, 'x', { iss: 'https://elsewhere.example' })],
    ['for another client', 'audience', signedEvent(issuer, 'x', { aud: 'other' })],
    ['for several', 'audience', signedEvent(issuer, 'x', { aud: [CLIENT, 'other'] })],
    ['without sub', 'claims', signedEvent(issuer, 'x', { sub: 'p.1' })],
    ['without exp', 'claims', signedEvent(issuer, 'x', { exp: SECOND + 60 })],
    ['past', 'not_yet_valid', signedEvent(issuer, 'x', { iat: SECOND + 31 })],
    ['with jti', 'claims', signedEvent(issuer, 'x', { jti: undefined })],
    ['about an opaque subject', 'claims', signedEvent(issuer, 'x', { sub_id: { format: 'email', id: 'dlg_9f' } })],
    ['about anyone', 'claims', signedEvent(issuer, 'x', { sub_id: { format: 'opaque' } })],
    ['one event', 'claims', signedEvent(issuer, 'x', { events: {} })],
    ['one event alone', 'claims', signedEvent(issuer, 'x', { events: { [type]: one, [`${type}d`]: one } })],
    ['of our kind', 'claims', signedEvent(issuer, 'x', { events: { 'https://elsewhere.example/x': one } })],
    ['with a time', 'claims', signedEvent(issuer, 'x', { events: { [type]: {} } })],
    ['with a type', 'type', signedEvent(issuer, 'x', {}, { typ: 'at+jwt' })],
    ['a delegation token', 'type', goodToken],
    ['signed with our algorithm', 'algorithm', signedEvent(issuer, 'x', {}, { alg: 'none' })],
    ['signed with a key of ours', 'key', signedEvent(issuer, 'x', {}, { kid: 'other' })],
    ['with a header of its own', 'format', signedEvent(issuer, 'x', {}, { jku: 'https://elsewhere.example' })],
    ['signed by us', 'signature', signedEvent(issuer, 'x', {}, {}, (input) => es256(input, otherKey.privateKey))],
    ['in canonical form', 'format', `${signedEvent(issuer, 'x')}=`],
    ['short', 'format', signedEvent(issuer, 'x', { more: 'x'.repeat(4_096) })],
  ])('%s: %s', async (_, code, token) => {
    const reading = readSecurityEvent(token, { issuer, clientId: CLIENT, keys }, NOW)
    await expect(reading).rejects.toMatchObject({ name: 'TokenRefused', code })
  })

  test('known counts as a change', async () => {
    const event = await readSecurityEvent(signedEvent(issuer, 'something-new'), { issuer, clientId: CLIENT, keys }, NOW)
    expect(event.type).toBe('other')
  })
})

describe('what was told of a ground', () => {
  const event = (type: GroundEvent['type'], second = SECOND, handle = 'dlg_9f'): GroundEvent => {
    return { type, second, handle, eventId: randomUUID() }
  }
  function answer(told: ToldGrounds, issuedAt: number, handle = 'dlg_9f'): string {
    try {
      told.check({ handle, issuedAt })
      return 'valid'
    } catch (error) {
      return (error as TokenRefused).code
    }
  }

  test.each<[GroundEvent['type'], string, string]>([
    ['delegation-revoked', 'status_ended', 'valid'],
    ['delegation-expired', 'status_ended', 'valid'],
    ['delegation-scope-changed', 'status_ended', 'valid'],
    ['principal-status-changed', 'status_ended', 'valid'],
    ['other', 'status_ended', 'valid'],
    ['delegation-suspended', 'status_suspended', 'status_suspended'],
    ['delegation-resumed', 'valid', 'valid'],
  ])('%s: tokens issued until then %s, later ones %s, others’ stand', (type, before, after) => {
    const told = new ToldGrounds()
    told.note(event(type), NOW)
    expect([SECOND - 10, SECOND, SECOND + 1].map((issuedAt) => answer(told, issuedAt))).toEqual([before, before, after])
    expect(answer(told, SECOND - 10, 'dlg_other')).toBe('valid')
  })

  test('frozen, narrowed and thawed: what was issued before the narrowing stays refused', () => {
    const told = new ToldGrounds()
    for (const type of ['delegation-suspended', 'delegation-scope-changed', 'delegation-resumed'] as const)
      told.note(event(type), NOW)
    expect([answer(told, SECOND - 1), answer(told, SECOND + 1)]).toEqual(['status_ended', 'valid'])
  })

  test('is forgotten when no token of that time is out any more', () => {
    const told = new ToldGrounds()
    told.note(event('delegation-suspended'), NOW)
    told.note(event('delegation-revoked', SECOND + 361, 'dlg_other'), new Date(NOW.getTime() + 361_000))
    expect(answer(told, SECOND - 1)).toBe('valid')
  })

  test('is bounded, and what is given up refuses more, not less', () => {
    const told = new ToldGrounds()
    for (let n = 0; n <= 100_000; n++)
      told.note(event('delegation-suspended', SECOND + (n === 0 ? 0 : 1), `dlg_${n}`), NOW)
    expect([answer(told, SECOND, 'dlg_0'), answer(told, SECOND, 'dlg_never')]).toEqual(['status_ended', 'status_ended'])
    expect(answer(told, SECOND + 1, 'dlg_never')).toBe('valid')
    expect(answer(told, SECOND + 2, 'dlg_1')).toBe('status_suspended')
  })
})

describe('followed', () => {
  let server: KeyServer
  let issuer: string
  let followed: FollowedEvents
  let faults: unknown[]
  let events: GroundEvent[]
  let streams: ServerResponse[]
  let headers: (string | undefined)[]

  beforeEach(async () => {
    server = await startKeyServer(() => undefined)
    issuer = server.url.origin
    faults = []
    events = []
    streams = []
    headers = []
    server.answer = (response, request) => {
      headers.push(`${request.headers.authorization} ${String(request.headers['last-event-id'])}`)
      streams.push(response.writeHead(200, { 'content-type': 'text/event-stream' }))
      response.write('retry: 1000\nid: 7\n\n')
    }
    followed = followEvents({
      issuer,
      clientId: CLIENT,
      keys,
      statuses: () => Promise.resolve(),
      accessToken: () => Promise.resolve(`token-${streams.length}`),
      onEvent: (event) => events.push(event),
      onFault: (error) => faults.push(error),
    })
  })
  afterEach(async () => {
    followed.close()
    for (const stream of streams) stream.destroy()
    await server[Symbol.asyncDispose]()
  })

  const send = (stream: number, id: number, set: string): void => {
    streams[stream]?.write(`id: ${id}\nevent: set\ndata: ${set}\n\n`)
  }
  async function until(isSo: () => boolean): Promise<void> {
    const late = Date.now() + 5_000
    while (!isSo()) {
      if (Date.now() > late) throw new Error('waited in vain')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const check = (): Promise<string> =>
    followed.statuses({ uri: `${issuer}/statuslists/1`, index: 1 }, NOW, ISSUED).then(
      () => 'valid',
      (error: unknown) => (error as TokenRefused).code,
    )
  /** The clock of the stream is the real one, so events are told as of now. */
  const asOfNow = (type: string, jti: string): string => {
    const second = Math.floor(Date.now() / 1000)
    const told = { [`${issuer}/secevent/event-type/${type}`]: { event_timestamp: second } }
    return signedEvent(issuer, type, { iat: second, jti, events: told })
  }

  test('a token is refused as soon as the event is there, and what is told twice is taken once', async () => {
    await until(() => streams.length === 1)
    expect(await check()).toBe('valid')
    send(0, 8, asOfNow('delegation-suspended', 'first'))
    await until(() => events.length === 1)
    expect(await check()).toBe('status_suspended')
    send(0, 9, asOfNow('delegation-resumed', 'second'))
    send(0, 8, asOfNow('delegation-suspended', 'first'))
    send(0, 10, asOfNow('principal-status-changed', 'third'))
    await until(() => events.length === 3)
    expect(await check()).toBe('status_ended')
    expect(faults).toEqual([])
  })

  test('the one given to verify refuses the token by its own handle and time', async () => {
    await until(() => streams.length === 1)
    const asked = { ...expected, statuses: followed.statuses }
    expect((await verify(goodToken, asked)).handle).toBe('dlg_9f')
    send(0, 8, asOfNow('delegation-revoked', 'first'))
    await until(() => events.length === 1)
    await expect(verify(goodToken, asked)).rejects.toMatchObject({ code: 'status_ended' })
  })

  test('a broken stream is taken up where it broke off, with a fresh token', async () => {
    await until(() => streams.length === 1)
    send(0, 8, asOfNow('delegation-scope-changed', 'first'))
    await until(() => events.length === 1)
    streams[0]?.destroy()
    await until(() => streams.length === 2)
    expect(headers).toEqual(['Bearer token-0 undefined', 'Bearer token-1 8'])
    expect(faults).toHaveLength(1)
  })

  test('what is no event of ours is reported and passed over', async () => {
    await until(() => streams.length === 1)
    send(0, 8, 'nonsense')
    send(0, 9, goodToken)
    send(0, 10, asOfNow('delegation-revoked', 'first'))
    await until(() => events.length === 1)
    expect(faults.map((fault) => (fault as TokenRefused).code)).toEqual(['format', 'type'])
  })

  test('a message without end is given up', async () => {
    await until(() => streams.length === 1)
    streams[0]?.write(`data: ${'x'.repeat(9_000)}`)
    await until(() => streams.length === 2)
    expect(String(faults[0])).toContain('longer')
  })

  test('when what comes next is not kept any more, it begins anew', async () => {
    await until(() => streams.length === 1)
    const open = server.answer
    server.answer = (response, request) => {
      if (request.headers['last-event-id'] === undefined) open(response, request)
      else response.writeHead(410).end()
    }
    streams[0]?.destroy()
    await until(() => streams.length === 2)
    expect(headers.at(-1)).toMatch(/ undefined$/)
  })

  test('without a stream the status lists decide', async () => {
    await until(() => streams.length === 1)
    followed.close()
    const refused = followEvents({
      issuer,
      clientId: CLIENT,
      keys,
      statuses: () => Promise.reject(new TokenRefused('status_unavailable', 'too old')),
      accessToken: () => Promise.reject(new Error('no token')),
      onEvent: () => undefined,
      onFault: () => {
        throw new Error('nobody listens')
      },
    })
    const asked = refused.statuses({ uri: `${issuer}/statuslists/1`, index: 1 }, NOW, ISSUED)
    await expect(asked).rejects.toMatchObject({ code: 'status_unavailable' })
    refused.close()
  })

  test('never in the clear', () => {
    const open = { issuer: 'http://fullmakt.example.no', clientId: CLIENT, keys }
    const rest = { statuses: () => Promise.resolve(), accessToken: () => Promise.resolve('') }
    const deaf = { onEvent: () => undefined, onFault: () => undefined }
    expect(() => followEvents({ ...open, ...rest, ...deaf })).toThrow(TypeError)
  })
})
