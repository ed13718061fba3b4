import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { LEVEL_CLAIMS, isLevel, levelsFor, type Level } from './idporten-levels.js'
import { html } from './html.js'
import { page, pageHeaders } from './idporten-pages.js'
import { loginPage, type LoginView, type PageError } from './login-page.js'
import { norwegianDate, type LoginPerson } from './people.js'
import type { PeopleRegistry } from './people-registry.js'

const ROUTE = /^\/interaction\/([\w-]+)(?:\/(login|people|abort))?$/
const MAX_BODY = 8192
const NOTHING_TYPED = { givenName: '', familyName: '', bornOn: '' }

interface Visit {
  readonly uid: string
  readonly clientId: string
  readonly levels: readonly Level[]
  /** The origin the browser ends at after the login. */
  readonly relyingParty: string
  /** Who is logged in already, when the visit is about a higher level or a new login. */
  readonly current: string | undefined
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/**
 * The pages between an authorization request and its answer, under `/interaction/{uid}`.
 *
 * @returns false where the address is none of them, and nothing has been answered.
 */
export async function answerLogin(
  provider: Provider,
  people: PeopleRegistry,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', provider.issuer)
  const [matched, uid, step] = ROUTE.exec(url.pathname) ?? []
  const expected = step === undefined ? 'GET' : 'POST'
  if (matched === undefined || uid === undefined || request.method !== expected) return false
  const visit = await visitOf(provider, uid, request, response)
  if (visit === undefined) expired(response)
  else if (step === 'login') await logInAs(provider, people, visit)
  else if (step === 'people') await makePerson(people, visit)
  else if (step === 'abort') await abort(provider, visit)
  else showPeople(people, visit, url.searchParams)
  return true
}

async function visitOf(
  provider: Provider,
  uid: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Visit | undefined> {
  const details = await provider.interactionDetails(request, response).catch(() => undefined)
  if (details?.uid !== uid) return undefined
  const parameter = (name: string): string => {
    const value = details.params[name]
    return typeof value === 'string' ? value : ''
  }
  return {
    uid,
    clientId: parameter('client_id'),
    levels: levelsFor(parameter('acr_values')),
    relyingParty: new URL(parameter('redirect_uri')).origin,
    current: details.session?.accountId,
    request,
    response,
  }
}

function showPeople(people: PeopleRegistry, visit: Visit, search: URLSearchParams): void {
  const query = search.get('query')?.trim() ?? ''
  const created = people.find(search.get('created') ?? '')
  if (/\d(?:\s*\d){5}/.test(query)) {
    const text = 'Søk med navn eller situasjon, aldri med et nummer.'
    show(visit, 400, { people: people.all(), errors: [{ field: 'query', text }] })
  } else {
    const found = people.search(query)
    const others = found.filter((person) => person !== created)
    show(visit, 200, { people: created === undefined ? found : [created, ...others], query, created })
  }
}

function show(visit: Visit, status: number, view: Partial<LoginView> & Pick<LoginView, 'people'>): void {
  const { uid, clientId, levels, response } = visit
  response.writeHead(status, pageHeaders([visit.relyingParty], 'no_script'))
  response.end(
    loginPage({
      uid,
      clientId,
      levels,
      query: '',
      chosen: view.created?.id ?? visit.current,
      created: undefined,
      errors: [],
      typed: NOTHING_TYPED,
      today: norwegianDate(new Date()),
      ...view,
    }),
  )
}

async function logInAs(provider: Provider, people: PeopleRegistry, visit: Visit): Promise<void> {
  const form = await formOf(visit.request)
  const person = people.find(form.get('person') ?? '')
  const level = form.get('level')
  const errors = loginErrors(person, level, visit.levels)
  if (person === undefined || !isLevel(level) || errors.length > 0) {
    show(visit, 400, { people: people.all(), errors, chosen: person?.id })
    return
  }
  const { acr, amr } = LEVEL_CLAIMS[level]
  const login = { accountId: person.id, acr, amr: [amr] }
  await provider.interactionFinished(visit.request, visit.response, { login }, { mergeWithLastSubmission: false })
}

function loginErrors(
  person: LoginPerson | undefined,
  level: string | null,
  offered: readonly Level[],
): readonly PageError[] {
  if (person === undefined) return [{ field: 'people', text: 'Velg en person.' }]
  if (!offered.some((one) => one === level)) return [{ field: 'levels', text: 'Velg et nivå som tjenesten godtar.' }]
  if (level === 'eidas-high' && person.eidasIdentifier === undefined)
    return [{ field: 'levels', text: 'Personen har ingen innlogging fra et annet land.' }]
  if (level !== 'eidas-high' && person.identityNumber === null)
    return [{ field: 'levels', text: 'Personen har bare innlogging fra et annet land (eIDAS).' }]
  return []
}

async function makePerson(people: PeopleRegistry, visit: Visit): Promise<void> {
  const form = await formOf(visit.request)
  const field = (name: string): string => form.get(name)?.trim() ?? ''
  const typed = { givenName: field('givenName'), familyName: field('familyName'), bornOn: field('bornOn') }
  const errors = newPersonErrors(typed)
  const made = errors.length > 0 ? undefined : await people.add(typed).catch(fullDay)
  if (made === undefined) {
    const full: PageError = { field: 'bornOn', text: 'Det er ingen ledige syntetiske numre den dagen.' }
    show(visit, 400, { people: people.all(), typed, errors: errors.length > 0 ? errors : [full] })
    return
  }
  visit.response.writeHead(303, { location: `/interaction/${visit.uid}?created=${encodeURIComponent(made.id)}` }).end()
}

function fullDay(error: unknown): undefined {
  if (error instanceof RangeError) return undefined
  throw error
}

function newPersonErrors(typed: LoginView['typed']): readonly PageError[] {
  const errors: PageError[] = []
  const fits = (name: string): boolean => name.length > 0 && name.length <= 80 && !/\d/.test(name)
  if (!fits(typed.givenName)) errors.push({ field: 'givenName', text: 'Skriv et fornavn uten tall.' })
  if (!fits(typed.familyName)) errors.push({ field: 'familyName', text: 'Skriv et etternavn uten tall.' })
  if (!isPastDate(typed.bornOn)) errors.push({ field: 'bornOn', text: 'Velg en fødselsdato fra 1900 til i dag.' })
  return errors
}

function isPastDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1900' || text > norwegianDate(new Date())) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

async function abort(provider: Provider, visit: Visit): Promise<void> {
  const result = { error: 'access_denied', error_description: 'the person went back' }
  await provider.interactionFinished(visit.request, visit.response, result, { mergeWithLastSubmission: false })
}

function expired(response: ServerResponse): void {
  response.writeHead(400, pageHeaders([], 'no_script'))
  response.end(page('Innloggingen er utløpt', html`<p>Gå tilbake til tjenesten og begynn på nytt.</p>`))
}

/** The form of a request; one that is larger than any of ours reads as empty. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_BODY) chunks.push(chunk)
  }
  return new URLSearchParams(size > MAX_BODY ? '' : Buffer.concat(chunks).toString('utf8'))
}
