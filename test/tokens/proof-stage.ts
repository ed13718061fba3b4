import { randomUUID } from 'node:crypto'
import { type JWK, SignJWT, importJWK } from 'jose'
import pg from 'pg'
import { v7 as timeOrderedId } from 'uuid'
import { madeConfirmation } from '../../dev/made-evidence.js'
import { publicPart } from '../../dev/development-keys.js'
import { freePort } from '../../dev/free-port.js'
import { SYNTHETIC_REGISTER, recordPerson } from '../../dev/population.js'
import { norwegianDate, syntheticPeople } from '../../standins/people.js'
import type { AuditRow } from '../../src/store/audit-store.js'
import type { Config } from '../../src/config.js'
import type { Action } from '../../src/domain/catalogue.js'
import type { PartyId } from '../../src/domain/party.js'
import { Mandates } from '../../src/mandates/mandates.js'
import type { WantedChange } from '../../src/mandates/change.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'
import { type RunningService, startService } from '../../src/service.js'
import { publishCatalogue } from '../../src/store/catalogue-store.js'
import { type Client, putAudience, putClient } from '../../src/store/client-store.js'
import { statement } from '../../src/store/database.js'
import { type Moment, insertMandate } from '../../src/store/mandate-store.js'
import { confirmRegisterFresh } from '../../src/store/party-store.js'
import { type SigningProvider, seconds, startSigningProvider } from '../login/signing-provider.js'
import { checkContract } from '../support/contract.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { newKey } from './spellings.js'

export const DAY = 86_400_000

/** A person of the synthetic register whom the tests know by party, too. */
export interface Person {
  readonly id: string
  readonly number: string
  readonly partyId: PartyId
}

/** A registered client with the private key that is its own. */
export interface PlayedService {
  readonly client: Client
  readonly privateKey: JWK
  /** Its audience of kind `web`. */
  readonly audience: string
}

export interface GivenPower {
  readonly service: string
  readonly action: Action
  readonly provider?: string
  readonly object?: string
  readonly from?: Date
  readonly until?: Date
}

export interface ProofStage {
  readonly url: string
  readonly test: TestDatabase
  readonly provider: SigningProvider
  /** Whose logins are at work. */
  readonly workProvider: SigningProvider
  readonly service: RunningService
  /** For another instance beside it. */
  readonly config: Config
  readonly faults: unknown[]
  person(id: string): Promise<Person>
  client(clientId: string, services: readonly string[], more?: Partial<Client>): Promise<PlayedService>
  /** Gives a mandate as if it had been given in the pages; answers with its id. */
  give(
    principal: Person,
    representative: Person,
    powers: readonly GivenPower[],
    state?: 'offered' | 'active',
  ): Promise<string>
  /** Changes a mandate as its giver would in the pages. */
  change(mandateId: string, giver: Person, version: number, wanted: WantedChange): Promise<void>
  /** An id_token for the client's user, right in all but what is changed. */
  idToken(client: PlayedService, person: Person, changes?: Readonly<Record<string, unknown>>): Promise<string>
  /** The same of a login at work for an organisation. */
  workToken(
    client: PlayedService,
    person: Person,
    orgnr: string,
    changes?: Readonly<Record<string, unknown>>,
  ): Promise<string>
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** A connection of the owner, for what the service itself may not do. To be ended by the caller. */
  asOwner(): Promise<pg.Client>
  /** One that may do anything. To be ended by the caller. */
  asSuperuser(): Promise<pg.Client>
  /** The log's entries of a kind, as they were written. */
  log(kind: string): Promise<(AuditRow & { readonly told: Readonly<Record<string, unknown>> })[]>
  stop(): Promise<void>
}

/** The whole service over HTTP on a database of its own, with an identity provider whose keys the test holds. */
export async function startProofStage(): Promise<ProofStage> {
  const [test, provider, workProvider] = await Promise.all([
    testDatabase(),
    startSigningProvider(),
    startSigningProvider(),
  ])
  const url = `http://localhost:${await freePort()}`
  const db = test.database
  const catalogue = await readCatalogueFiles('catalogue')
  await publishCatalogue(db, catalogue)
  await confirmRegisterFresh(db, SYNTHETIC_REGISTER)
  const faults: unknown[] = []
  const reports = { request: () => undefined, fault: ({ error }: { error: unknown }) => void faults.push(error) }
  const config = { ...(await configOf(url, test, provider)), workLoginIssuer: workProvider.issuer }
  const service = await startService(config, reports)
  const people = new Map(syntheticPeople(norwegianDate(new Date())).map((person) => [person.id, person]))
  const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    db.query<Row>(statement(`test_${text}`.slice(0, 60), text), values)

  return {
    url,
    test,
    provider,
    workProvider,
    service,
    config,
    faults,
    sql,
    async person(id) {
      const person = people.get(id)
      if (person === undefined) throw new Error(`no such synthetic person: ${id}`)
      return { id, number: person.identityNumber, partyId: await recordPerson(db, person) }
    },
    async client(clientId, services, more = {}) {
      const privateKey = await newKey(`${clientId}-1`)
      const client: Client = {
        clientId,
        name: clientId,
        organisation: '889640782',
        jwks: { keys: [publicPart(privateKey)] },
        services,
        loginIssuer: provider.issuer,
        loginClientId: clientId,
        mayUseNumbers: false,
        mayRule: [],
        workLoginIssuer: workProvider.issuer,
        workLoginClientId: clientId,
        mayTellEmployments: false,
        ...more,
      }
      const audience = `https://${clientId}.example.no`
      await putClient(db, client)
      await putAudience(db, { audience, clientId, kind: 'web', services, details: 'own' })
      return { client, privateKey, audience }
    },
    async give(principal, representative, powers, state = 'active') {
      const mandateId = timeOrderedId()
      const confirmed = await madeConfirmation(db, principal.partyId, 'en tekst', catalogue.version)
      const instant = new Date()
      await db.transaction((tx) =>
        insertMandate(tx, {
          mandateId,
          principal: principal.partyId,
          representative: representative.partyId,
          through: null,
          state,
          answerBy: state === 'offered' ? new Date(instant.getTime() + DAY) : null,
          givenAt: instant.toISOString() as Moment,
          confirmed,
          powers: powers.map(({ service: id, action, provider: at, object, from, until }) => ({
            powerId: timeOrderedId(),
            service: id,
            action,
            provider: at ?? null,
            object: object ?? null,
            passingOn: false,
            validFrom: from ?? new Date(instant.getTime() - DAY),
            validUntil: until ?? new Date(instant.getTime() + 90 * DAY),
          })),
        }),
      )
      return mandateId
    },
    async change(mandateId, giver, version, wanted) {
      const actor = {
        partyId: giver.partyId,
        login: { level: 'high', authenticatedAt: new Date(), proof: 'login_token' },
      } as const
      const manager = { actor, organisation: null }
      await service.app.get(Mandates).change(manager, 'nb', randomUUID(), mandateId, version, wanted, null)
    },
    idToken: (client, person, changes = {}) => signIdToken(provider, client, person, changes),
    workToken: (client, person, orgnr, changes = {}) =>
      signIdToken(workProvider, client, person, { ...atWork(orgnr), ...changes }),
    asOwner: () => connected(test.ownerUrl),
    asSuperuser: () => connected(test.superuserUrl),
    async log(kind) {
      const rows = await sql<AuditRow>(
        'select kind, actor, principal, client_id as "clientId", entry from audit_entry where kind = $1 order by entry_id',
        [kind],
      )
      return rows.map((row) => ({
        ...row,
        told: (JSON.parse(row.entry) as { content: Record<string, unknown> }).content,
      }))
    },
    async stop() {
      await service.stop()
      await provider.stop()
      await workProvider.stop()
      await test.drop()
    },
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}

async function configOf(url: string, test: TestDatabase, provider: SigningProvider): Promise<Config> {
  return {
    production: false,
    publicUrl: url,
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    databaseUrl: test.serverUrl,
    databaseConnections: 10,
    catalogueFolder: 'catalogue',
    textsFolder: 'texts',
    webFolder: 'dist/web',
    notices: { contactRegister: null, mail: null, sms: null },
    numberSeries: 'synthetic',
    login: {
      issuer: provider.issuer,
      clientId: 'fullmakt',
      clientKey: { ...(await newKey('login-1')) },
      apiScope: 'fullmakt:me',
    },
    workLoginIssuer: null,
    keyCustody: { encryptionKeys: [Buffer.alloc(32, 9)], module: null },
    unknownNumberKey: Buffer.alloc(32, 7),
    requestsPerMinute: 1_000_000,
    acceptUnconfirmedRules: false,
    registers: null,
    letters: null,
    trustProxy: false,
  }
}

async function signIdToken(
  provider: SigningProvider,
  { client }: PlayedService,
  person: Person,
  changes: Readonly<Record<string, unknown>>,
): Promise<string> {
  const claims = {
    iss: provider.issuer,
    aud: client.clientId,
    sub: subjectOf(client.clientId, person),
    pid: person.number,
    acr: 'idporten-loa-high',
    amr: ['BankID'],
    sid: randomUUID(),
    jti: randomUUID(),
    nonce: randomUUID(),
    iat: seconds(0),
    exp: seconds(120),
    auth_time: seconds(-20),
    ...changes,
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'rs-1' }).sign(provider.keys['rs-1'])
}

/** As Ansattporten tells of it. */
export function atWork(orgnr: string): Readonly<Record<string, unknown>> {
  const party = { orgno: { authority: 'iso6523-actorid-upis', ID: `0192:${orgnr}` }, name: 'Et firma', unit_type: 'AS' }
  const details = { type: 'ansattporten:altinn:resource', authorized_parties: [party] }
  return { acr: 'high', authorization_details: [details] }
}

/** The provider's name for the person, another for each client. */
export function subjectOf(clientId: string, person: Person): string {
  return `pairwise-${clientId}-${person.id}`
}

/** A client assertion, right in all but what is changed. */
export async function clientAssertion(
  stage: { readonly url: string },
  { client, privateKey }: PlayedService,
  changes: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { clientId } = client
  const claims = { iss: clientId, sub: clientId, aud: stage.url, iat: seconds(0), exp: seconds(60), jti: randomUUID() }
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'ES256', kid: privateKey.kid ?? '', ...header })
    .sign(await importJWK(privateKey, 'ES256'))
}

/** A parameter that is undefined is left out, an array stands several times. */
export type Form = Readonly<Record<string, string | readonly string[] | undefined>>

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly text: string
  readonly headers: Headers
}

/** What `/oauth/token`, or another of these doors, answers to this form. */
export async function postToken(
  url: string,
  form: Form,
  headers: Readonly<Record<string, string>> = {},
  door: 'token' | 'introspect' | 'revoke' = 'token',
): Promise<Answer> {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(form)) for (const one of [value ?? []].flat()) body.append(name, one)
  const response = await fetch(`${url}/oauth/${door}`, { method: 'POST', body, headers })
  const text = await response.text()
  const answer = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  checkContract('POST', `/oauth/${door}`, response.status, response.headers.get('content-type'), answer)
  return { status: response.status, body: answer, text, headers: response.headers }
}

export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The parameters by which the client proves itself. */
export async function proofOf(
  stage: { readonly url: string },
  service: PlayedService,
): Promise<Record<string, string>> {
  return { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion: await clientAssertion(stage, service) }
}

/** An access token of the service, for asking. */
export async function serviceToken(stage: { readonly url: string }, service: PlayedService): Promise<string> {
  const answer = await postToken(stage.url, { grant_type: 'client_credentials', ...(await proofOf(stage, service)) })
  if (answer.status !== 200) throw new Error(answer.text)
  return String(answer.body['access_token'])
}

export interface Listing {
  readonly actor_grant: string
  readonly actor_grant_expires_at: string
  readonly actor_grant_idle_seconds: number
  readonly complete: boolean
  readonly representations: readonly {
    readonly handle: string
    readonly principal: { readonly handle: string; readonly name: string; readonly born_year: number | null }
    readonly basis: string
    readonly powers: readonly Readonly<Record<string, unknown>>[]
  }[]
}

/** What `/v1/representations` answers. */
export async function postJson(
  url: string,
  token: string | undefined,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: response.headers,
  }
}

export const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'

/** Opens a grant for the person, and lists for whom he may act. */
export async function openGrant(
  stage: ProofStage,
  service: PlayedService,
  person: Person,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Listing> {
  const login_token = await stage.idToken(service, person, changes)
  const token = await serviceToken(stage, service)
  const answer = await postJson(`${stage.url}/v1/representations`, token, { login_token, login_token_type: ID_TOKEN })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body as unknown as Listing
}

/** A token exchange, right in all but what is changed. */
export async function exchangeForm(
  stage: { readonly url: string },
  service: PlayedService,
  { handle, actorGrant }: { readonly handle: string; readonly actorGrant: string },
  changes: Form = {},
): Promise<Form> {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    ...(await proofOf(stage, service)),
    subject_token: handle,
    subject_token_type: `${stage.url}/token-type/representation-handle`,
    actor_token: actorGrant,
    actor_token_type: `${stage.url}/token-type/actor-grant`,
    resource: service.audience,
    ...changes,
  }
}
