import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newProofKey, newVerifier, type ProofKey, type User } from '../src/client.js'
import type { GuardCode, GuardSettings } from '../src/guard.js'
import { type FakeIssuer, type FakeToken, startFakeIssuer } from '../src/testing.js'
import { type AnyRequest, FRAMEWORKS, get, type GuardedServer, type Reply } from './guarded-servers.js'

const AUDIENCE = 'https://api.nav.example/pensjon'
const PUBLIC = new URL('https://api.nav.example/v2')
const KARI: User = { issuer: 'https://idporten.no', subject: 'kari' }
const READ = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
const OSLO = '958935420'

let issuer: FakeIssuer
let key: ProofKey
beforeAll(async () => {
  issuer = await startFakeIssuer()
  key = await newProofKey()
})
afterAll(() => issuer.stop())

type Kind = GuardSettings<AnyRequest>['kind']

const codes: GuardCode[] = []

function settingsFor(kind: Kind, from = issuer): GuardSettings<AnyRequest> {
  const user = ({ headers }: AnyRequest): User | null => {
    const subject = headers['x-session']
    return typeof subject === 'string' ? { ...KARI, subject } : null
  }
  const any = {
    verifier: newVerifier({ issuer: from.issuer, audience: AUDIENCE }),
    minimumAssurance: 'high',
    onRefused: (code: GuardCode) => void codes.push(code),
  } as const
  if (kind === 'web') return { ...any, kind, user }
  if (kind === 'api') return { ...any, kind, publicUrl: PUBLIC }
  return { ...any, kind, user, publicUrl: PUBLIC }
}

function token(changes: Partial<FakeToken> = {}): Promise<string> {
  return issuer.token({ audience: AUDIENCE, user: KARI, powers: [READ], ...changes })
}

function bound(changes: Partial<FakeToken> = {}): Promise<string> {
  return token({ boundTo: key.thumbprint, ...changes })
}

async function proved(made: string, path = '/pension', by = key): Promise<Record<string, string>> {
  const dpop = await by.prove('GET', new URL(`https://api.nav.example/v2${path}`), made)
  return { authorization: `DPoP ${made}`, dpop }
}

type Headers = Readonly<Record<string, string | readonly string[]>>

interface Attack {
  readonly what: string
  readonly kind: Kind
  readonly send: () => Promise<Headers>
  readonly path?: string
  readonly status: number
  readonly code: GuardCode
}

const session = { 'x-session': 'kari' }
const bearer = (made: string): Record<string, string> => ({ ...session, authorization: `Bearer ${made}` })
const flipped = (made: string): string => made.slice(0, -8) + (made.at(-8) === 'A' ? 'B' : 'A') + made.slice(-7)

// prettier-ignore
const attacks: readonly Attack[] = [
  { what: 'no token', kind: 'web', send: () => Promise.resolve(session), status: 401, code: 'no_token' },
  { what: 'nobody logged in', kind: 'web', send: async () => ({ authorization: `Bearer ${await token()}` }), status: 401, code: 'no_user' },
  { what: 'the token in another user’s session', kind: 'web', send: async () => ({ ...bearer(await token()), 'x-session': 'ola' }), status: 401, code: 'actor_mismatch' },
  { what: 'a token for another audience', kind: 'web', send: async () => bearer(await token({ audience: 'https://other.example' })), status: 401, code: 'audience' },
  { what: 'a token that has expired', kind: 'web', send: async () => bearer(await token({ age: 400 })), status: 401, code: 'expired' },
  { what: 'a changed signature', kind: 'web', send: async () => bearer(flipped(await token())), status: 401, code: 'signature' },
  { what: 'padding after the token', kind: 'web', send: async () => bearer(`${await token()}==`), status: 401, code: 'format' },
  { what: 'a token and another', kind: 'web', send: async () => bearer(`${await token()}, Bearer ${await token()}`), status: 401, code: 'format' },
  { what: 'two Authorization headers', kind: 'web', send: async () => ({ ...session, authorization: [`Bearer ${await token()}`, `Bearer ${await token()}`] }), status: 400, code: 'malformed_request' },
  { what: 'a good one after one that is empty', kind: 'web', send: async () => ({ ...session, authorization: ['', `Bearer ${await token()}`] }), status: 400, code: 'malformed_request' },
  { what: 'another scheme', kind: 'web', send: async () => ({ ...session, authorization: `Basic ${await token()}` }), status: 401, code: 'format' },
  { what: 'text that never ends', kind: 'web', send: () => Promise.resolve(bearer('a'.repeat(12_000))), status: 401, code: 'format' },
  { what: 'a power for writing', kind: 'web', send: async () => bearer(await token({ powers: [{ ...READ, action: 'write' }] })), status: 403, code: 'power_not_covered' },
  { what: 'a power in another service', kind: 'web', send: async () => bearer(await token({ powers: [{ ...READ, service: 'nav.family' }] })), status: 403, code: 'power_not_covered' },
  { what: 'a power at one provider, used for all', kind: 'web', send: async () => bearer(await token({ powers: [{ ...READ, provider: OSLO }] })), status: 403, code: 'power_not_covered' },
  { what: 'a power at another provider', kind: 'web', send: async () => bearer(await token({ powers: [{ ...READ, provider: OSLO }] })), path: '/pension/889640782', status: 403, code: 'power_not_covered' },
  { what: 'two providers at once', kind: 'web', send: async () => bearer(await token({ powers: [{ ...READ, provider: OSLO }] })), path: `/twice?provider=${OSLO}&provider=889640782`, status: 400, code: 'malformed_request' },
  { what: 'no provider where one must be', kind: 'web', send: async () => bearer(await token()), path: '/twice', status: 400, code: 'malformed_request' },
  { what: 'a login at a lower level', kind: 'web', send: async () => bearer(await token({ acr: 'idporten-loa-substantial' })), status: 401, code: 'assurance' },
  { what: 'no act', kind: 'web', send: async () => bearer(await token({ claims: { act: undefined } })), status: 401, code: 'actor_missing' },
  { what: 'a ground that has ended', kind: 'web', send: async () => { const made = await token(); issuer.setStatus(made, 'ended'); return bearer(made) }, status: 401, code: 'status_ended' },
  { what: 'a ground that is frozen', kind: 'web', send: async () => { const made = await token(); issuer.setStatus(made, 'suspended'); return bearer(made) }, status: 401, code: 'status_suspended' },
  { what: 'a bound token, sent as Bearer', kind: 'web', send: async () => bearer(await bound()), status: 401, code: 'proof_required' },
  { what: 'a token that must be introspected, where it cannot be', kind: 'web', send: async () => bearer(await token({ obligations: ['introspect'] })), status: 503, code: 'introspection_required' },
  { what: 'an obligation that is not known', kind: 'web', send: async () => bearer(await token({ obligations: ['dance' as never] })), status: 401, code: 'claims' },
  { what: 'no token at an API', kind: 'api', send: () => Promise.resolve({}), status: 401, code: 'no_token' },
  { what: 'a bound token as Bearer at an API', kind: 'api', send: async () => ({ ...(await proved(await bound())), authorization: `Bearer ${await bound()}` }), status: 401, code: 'proof_required' },
  { what: 'a token that is bound to nothing', kind: 'api', send: async () => proved(await token()), status: 401, code: 'proof_required' },
  { what: 'a bound token without a proof', kind: 'api', send: async () => ({ authorization: `DPoP ${await bound()}` }), status: 401, code: 'proof_required' },
  { what: 'another’s proof', kind: 'api', send: async () => proved(await bound(), '/pension', await newProofKey()), status: 401, code: 'proof' },
  { what: 'a proof for another path', kind: 'api', send: async () => proved(await bound(), '/pension/1'), status: 401, code: 'proof' },
  { what: 'a proof for another token', kind: 'api', send: async () => ({ ...(await proved(await bound())), authorization: `DPoP ${await bound()}` }), status: 401, code: 'proof' },
  { what: 'two proofs', kind: 'api', send: async () => { const made = await bound(); return { ...(await proved(made)), dpop: [(await proved(made))['dpop'] ?? '', (await proved(made))['dpop'] ?? ''] } }, status: 401, code: 'proof' },
  { what: 'a bound token of a user who is not logged in', kind: 'api_with_user_token', send: async () => proved(await bound()), status: 401, code: 'no_user' },
  { what: 'a bound token of another user', kind: 'api_with_user_token', send: async () => ({ ...(await proved(await bound())), 'x-session': 'ola' }), status: 401, code: 'actor_mismatch' },
  { what: 'a token that is bound to nothing, sent as DPoP', kind: 'api_with_user_token', send: async () => ({ ...(await proved(await token())), ...session }), status: 401, code: 'proof_required' },
]

const CHALLENGES: Readonly<Partial<Record<GuardCode, RegExp>>> = {
  no_token: /^(Bearer|DPoP algs="ES256")$/,
  no_user: /^Bearer$/,
  malformed_request: /^Bearer error="invalid_request"$/,
  power_not_covered: /^Bearer error="insufficient_scope", scope="nav\.pension\.read"$/,
  assurance: /^Bearer error="insufficient_user_authentication", acr_values="idporten-loa-high"$/,
  proof: /^DPoP error="invalid_token", algs="ES256"$/,
}

describe.each(Object.entries(FRAMEWORKS))('%s', (_, start) => {
  const servers: Partial<Record<Kind, GuardedServer>> = {}
  async function serverFor(kind: Kind): Promise<GuardedServer> {
    return (servers[kind] ??= await start(settingsFor(kind)))
  }
  /** For what changes the lists or the issuer: with nothing held from before. */
  async function fresh<T>(use: (server: GuardedServer, from: FakeIssuer) => Promise<T>): Promise<T> {
    await using own = await startFakeIssuer()
    await using server = await start(settingsFor('web', own))
    return await use(server, own)
  }
  afterAll(async () => {
    for (const server of Object.values(servers)) await server[Symbol.asyncDispose]()
  })

  test.each(attacks.filter(({ code }) => !code.startsWith('status_')))(
    '$what at $kind: $status $code',
    async (attack) => {
      const server = await serverFor(attack.kind)
      const before = server.handled.length
      const sent = await attack.send()
      const reply = await get(server, attack.path ?? '/pension', sent)
      expect([reply.status, codes.at(-1)]).toEqual([attack.status, attack.code])
      expect(reply.challenge ?? '').toMatch(CHALLENGES[attack.code] ?? /^((Bearer|DPoP) error="invalid_token".*)?$/)
      expect(reply.body).toMatch(/^\{"error":"\w+"\}$/)
      expect(server.handled.length).toBe(before)
    },
  )

  test.each(attacks.filter(({ code }) => code.startsWith('status_')))('$what: $code', async ({ code }) => {
    const reply = await fresh(async (server, own) => {
      const made = await own.token({ audience: AUDIENCE, user: KARI, powers: [READ] })
      own.setStatus(made, code === 'status_ended' ? 'ended' : 'suspended')
      const answer = await get(server, '/pension', bearer(made))
      expect(server.handled).toEqual([])
      return answer
    })
    expect([reply.status, codes.at(-1)]).toEqual([401, code])
  })

  const outages: readonly (readonly [string, (own: FakeIssuer) => void, GuardCode])[] = [
    ['the issuer is down', (own) => own.setDown(true), 'keys_unavailable'],
    ['the list is 92 s old', (own) => own.setListAge(92), 'status_unavailable'],
    ['the list lies in the future', (own) => own.setListAge(-60), 'status_unavailable'],
  ]
  test.each(outages)('%s: 503', async (_what, happen, code) => {
    const reply = await fresh(async (server, own) => {
      const made = await own.token({ audience: AUDIENCE, user: KARI, powers: [READ] })
      happen(own)
      const answer = await get(server, '/pension', bearer(made))
      expect(server.handled).toEqual([])
      return answer
    })
    expect([reply.status, reply.challenge, codes.at(-1)]).toEqual([503, undefined, code])
  })

  test('a proof passes once', async () => {
    const server = await serverFor('api')
    const headers = await proved(await bound())
    expect((await get(server, '/pension', headers)).status).toBe(200)
    expect([(await get(server, '/pension', headers)).status, codes.at(-1)]).toEqual([401, 'proof'])
  })

  const good: readonly (readonly [string, Kind, string, () => Promise<Headers>])[] = [
    ['in the user’s session', 'web', '/pension', async () => bearer(await token())],
    [
      'at the provider it is for',
      'web',
      `/pension/${OSLO}`,
      async () => bearer(await token({ powers: [{ ...READ, provider: OSLO }] })),
    ],
    ['bound to a key', 'api', '/pension', async () => proved(await bound())],
    ['bound, with a query', 'api', '/pension?x=1', async () => proved(await bound())],
    ['beside the user’s own', 'api_with_user_token', '/pension', async () => bearer(await token())],
    [
      'bound, beside the user’s own',
      'api_with_user_token',
      '/pension',
      async () => ({ ...session, ...(await proved(await bound())) }),
    ],
  ]
  test.each(good)('a good token %s passes, twice', async (_what, kind, path, make) => {
    const server = await serverFor(kind)
    const replies: Reply[] = [await get(server, path, await make()), await get(server, path, await make())]
    expect(replies.map(({ status, body }) => [status, body])).toEqual(Array(2).fill([200, '{"principal":"p_test"}']))
    const given = server.handled.at(-1)
    expect(given).toMatchObject({ principal: 'p_test', actor: KARI, power: { service: 'nav.pension', action: 'read' } })
    expect([given, given?.actor, given?.power].every(Object.isFrozen)).toBe(true)
  })

  test('a handler without a guard has nobody to act for', async () => {
    const server = await serverFor('web')
    const before = server.handled.length
    expect((await get(server, '/unguarded', bearer(await token()))).status).toBe(500)
    expect(server.handled.length).toBe(before)
  })
})

describe('a guard that does not know its service does not come to be', () => {
  const rows: readonly (readonly [string, object])[] = [
    ['without a verifier', { verifier: undefined }],
    ['without a user', { user: undefined }],
    ['of no kind', { kind: 'both' }],
    ['without a level', { minimumAssurance: undefined }],
    ['without its address', { kind: 'api' }],
  ]
  test.each(rows)('%s', async (_, changes) => {
    const settings = { ...settingsFor('web'), ...changes } as GuardSettings<AnyRequest>
    for (const start of Object.values(FRAMEWORKS)) await expect(start(settings)).rejects.toThrow()
  })
})
