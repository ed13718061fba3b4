import { createHash } from 'node:crypto'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { All, Controller, type DynamicModule, HttpCode } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { JWK } from 'jose'
import { CookieJar } from '../../standins/cookie-jar.js'
import { type Journey, type PlayedClient, type Who, logIn } from '../../standins/headless-login.js'
import { type RunningIdporten, startIdporten } from '../../standins/idporten.js'
import { PeopleRegistry } from '../../standins/people-registry.js'
import { type LoginPerson, eidasPeople, norwegianDate, syntheticPeople } from '../../standins/people.js'
import { readIdentifier } from '../../src/domain/identifier.js'
import { AppBearerStrategy } from '../../src/http/app-bearer.strategy.js'
import { Person, type PersonVisitor, Through } from '../../src/http/door.js'
import { LOGIN_PLACE, LoginController } from '../../src/http/login.controller.js'
import { createServer as createService } from '../../src/http/server.js'
import { readTextFiles } from '../../src/registers/text-files.js'
import { ServiceTokens } from '../../src/tokens/service-token.js'
import { SessionStrategy } from '../../src/http/session.strategy.js'
import { LoginTokens } from '../../src/login/login-token.js'
import { OpenIdProvider } from '../../src/login/openid-provider.js'
import { PersonLogin } from '../../src/login/person-login.js'
import { PersonLogout } from '../../src/login/person-logout.js'
import { Database, statement } from '../../src/store/database.js'
import { confirmRegisterFresh, ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { clientKey } from '../login/signing-provider.js'

export const API_SCOPE = 'fullmakt:me'

export interface LoginStage {
  /** Where the service is reached: `http://localhost:…`. */
  readonly origin: string
  readonly issuer: string
  readonly idporten: RunningIdporten
  readonly people: readonly LoginPerson[]
  /** Another party's app that may ask for our scope, and one more relying party with the same people. */
  readonly app: PlayedClient
  readonly test: TestDatabase
  /** What the service told as faults of its own. */
  readonly faults: unknown[]
  /** Every statement of one table or another that a test wants to see or to move in time. */
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Logs the person in as a browser would, and gives the browser. */
  logIn(id: string, path?: string, cookies?: CookieJar): Promise<Journey>
  stop(): Promise<void>
}

/** A browser that keeps what it was told to keep, and can be stopped just before it takes the provider's answer to us. */
export class Browser extends CookieJar {
  /** Every `Set-Cookie` line so far. */
  readonly lines: string[] = []
  /** With `holding`, the address that the browser was about to visit: the callback with code and state. */
  callback = ''

  constructor(private holding = false) {
    super()
  }

  override async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    if (this.holding && url.pathname === '/login/callback') {
      this.callback = url.href
      return new Response('held')
    }
    const response = await super.fetch(url, init)
    this.lines.push(...response.headers.getSetCookie())
    return response
  }

  /** Takes the answer to us after all, or another one. */
  async goOn(address = this.callback): Promise<Response> {
    this.holding = false
    return this.fetch(new URL(address))
  }

  /** What the cookie of this name holds, if it is held. */
  held(url: string, name: string): string | undefined {
    const pairs = this.header(new URL(url)).split('; ')
    return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  }
}

/** The doors for people on a real database, with the stand-in ID-porten to log in at. Their people are in the register. */
export async function startLoginStage(): Promise<LoginStage> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end()
  const front = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(front.address() as AddressInfo).port}`

  const today = norwegianDate(new Date())
  const registry = new PeopleRegistry([...syntheticPeople(today), ...eidasPeople(today)])
  for (let i = 1; i <= 10; i++) {
    await registry.add({ givenName: `Prøve ${i}`, familyName: 'Prøvesen', bornOn: '1970-01-01' })
  }
  const people = registry.all()
  const key = await clientKey()
  const idporten = await startProvider(origin, registry, key)
  const test = await testDatabase()
  await register(test.database, people)

  const faults: unknown[] = []
  const service = await startService(origin, idporten.issuer, key, test.database, faults)
  listener = (request, response) => void service.getHttpServer().emit('request', request, response)
  return {
    origin,
    issuer: idporten.issuer,
    idporten,
    people,
    app: { clientId: 'app', redirectUri: `${origin}/app/callback` },
    test,
    faults,
    sql: (text, values = []) => test.database.query(statement(nameOf(text), text), values),
    logIn: (id, path = '/login', cookies = new CookieJar()) => logIn(`${origin}${path}`, whoIs(id), cookies),
    async stop() {
      front.closeAllConnections()
      await new Promise((resolve) => front.close(resolve))
      await service.close()
      await idporten.stop()
      await test.drop()
    },
  }
}

/** PostgreSQL keeps statements by name, and of a name only the first 63 bytes. */
function nameOf(text: string): string {
  return `test_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}

function whoIs(id: string): Who {
  const [name = '', level] = id.split(' at ')
  return level === 'substantial' || level === 'eidas-high' ? { id: name, level } : { id: name }
}

function startProvider(origin: string, people: PeopleRegistry, key: JWK): Promise<RunningIdporten> {
  const { kty, n, e, kid, alg } = key
  const publicKey = { kty, n, e, kid, alg }
  return startIdporten({
    port: 0,
    people,
    allowedLogoutOrigins: [origin],
    clients: [
      {
        client_id: 'fullmakt',
        redirect_uris: [`${origin}/login/callback`],
        post_logout_redirect_uris: [`${origin}/`],
        backchannel_logout_uri: `${origin}/login/backchannel-logout`,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicKey] },
      },
      {
        client_id: 'app',
        redirect_uris: [`${origin}/app/callback`],
        post_logout_redirect_uris: [`${origin}/app/logged-out`],
        token_endpoint_auth_method: 'none',
        scope: `openid profile ${API_SCOPE}`,
      },
    ],
  })
}

async function register(database: Database, people: readonly LoginPerson[]): Promise<void> {
  await confirmRegisterFresh(database, 'freg')
  for (const { identityNumber, givenName, familyName, bornOn, diedOn, protectedAddress } of people) {
    if (identityNumber === null) continue
    const identifier = readIdentifier(identityNumber, 'synthetic')
    if (typeof identifier === 'string') throw new Error(identifier)
    const partyId = await ensureParty(database, identifier)
    const name = `${givenName} ${familyName}`
    const told = { source: 'freg', name, familyName, bornOn, diedOn, protectedAddress }
    await recordPartyFacts(database, partyId, { ...told, ceased: false, capacityLost: [], residences: [] })
  }
}

async function startService(
  origin: string,
  issuer: string,
  key: JWK,
  database: Database,
  faults: unknown[],
): Promise<NestFastifyApplication> {
  const service = await createService(loginModule(origin, issuer, key, database), {
    publicUrl: origin,
    problemTitles: (await readTextFiles('texts')).problems,
    webFolder: 'dist/web',
    trustProxy: false,
    requestsPerMinute: 1_000_000,
    logRequest: () => undefined,
    logFault: ({ error }) => faults.push(error),
  })
  await service.init()
  await service.getHttpAdapter().getInstance().ready()
  return service
}

/** Tells who came through which door, by every method. */
@Controller('probe')
class ProbeController {
  @All('person')
  @HttpCode(200)
  @Through('person')
  person(@Person() visitor: PersonVisitor) {
    return { by: visitor.by, frozen: isFrozen(visitor) }
  }

  @All('person-or-app')
  @HttpCode(200)
  @Through('person_or_app')
  personOrApp(@Person() visitor: PersonVisitor) {
    return { by: visitor.by, frozen: isFrozen(visitor) }
  }
}

function isFrozen(visitor: PersonVisitor): boolean {
  return [visitor, visitor.actor, visitor.actor.login].every((part) => Object.isFrozen(part))
}

function loginModule(origin: string, issuer: string, key: JWK, database: Database): DynamicModule {
  const provider = new OpenIdProvider({ issuer, clientId: 'fullmakt', clientKey: key })
  const tokens = new LoginTokens({ provider, workProvider: null, numberSeries: 'synthetic', resource: origin })
  return {
    module: class LoginStageModule {},
    controllers: [LoginController, ProbeController],
    providers: [
      { provide: Database, useValue: database },
      { provide: ServiceTokens, useValue: { knows: () => false } },
      { provide: LOGIN_PLACE, useValue: { publicUrl: origin, issuer } },
      { provide: PersonLogin, useValue: new PersonLogin(origin, database, provider, tokens) },
      { provide: PersonLogout, useValue: new PersonLogout(origin, database, provider) },
      { provide: SessionStrategy, useFactory: () => new SessionStrategy(origin, database) },
      {
        provide: AppBearerStrategy,
        useFactory: () => new AppBearerStrategy({ issuer, scope: API_SCOPE }, database, tokens),
      },
    ],
  }
}
