/** The page where a tester chooses who logs in, and at what level. */

import { html, type Html } from './html.js'
import { page } from './idporten-pages.js'
import type { Level } from './idporten-levels.js'
import { ageOn, type LoginPerson } from './people.js'

/** Something to put right, and the id of the field it is about. */
export interface PageError {
  readonly field: string
  readonly text: string
}

export interface LoginView {
  /** The interaction: stands in every address of the page. */
  readonly uid: string
  readonly clientId: string
  readonly levels: readonly Level[]
  readonly people: readonly LoginPerson[]
  readonly query: string
  /** Id of the person to have chosen beforehand. */
  readonly chosen: string | undefined
  readonly created: LoginPerson | undefined
  readonly errors: readonly PageError[]
  /** What was typed into the form for a new person. */
  readonly typed: { readonly givenName: string; readonly familyName: string; readonly bornOn: string }
  readonly today: string
}

const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  substantial: 'Betydelig (MinID)',
  high: 'Høyt (BankID)',
  'eidas-high': 'Høyt fra et annet land (eIDAS)',
}

export function loginPage(view: LoginView): string {
  return page(
    'Logg inn',
    html`<p>Tjenesten <strong>${view.clientId}</strong> ber deg logge inn.</p>
      ${errorSummary(view.errors)} ${createdNote(view.created)} ${searchForm(view)} ${loginForm(view)}
      ${newPersonForm(view)}`,
    view.errors.length > 0 ? 'Feil: Logg inn' : 'Logg inn',
  )
}

function errorSummary(errors: readonly PageError[]): Html {
  if (errors.length === 0) return html``
  const items = errors.map((error) => html`<li><a href="#${error.field}">${error.text}</a></li>`)
  return html`<div class="error" role="alert">
    <h2>Rett opp dette</h2>
    <ul>
      ${items}
    </ul>
  </div>`
}

function createdNote(person: LoginPerson | undefined): Html {
  if (person === undefined) return html``
  return html`<p class="done" role="status">Laget: ${fullName(person)}. Personen er valgt under.</p>`
}

function searchForm(view: LoginView): Html {
  return html`<h2>Finn en person</h2>
    <form role="search" method="get" action="/interaction/${view.uid}">
      <div class="field">
        <label for="query">Navn eller situasjon</label>
        <p class="hint" id="query-hint">
          For eksempel «forelder til en 12-åring» eller «avsluttet i går». Aldri et nummer.
        </p>
        <input
          type="search"
          id="query"
          name="query"
          value="${view.query}"
          maxlength="80"
          aria-describedby="query-hint"
          pattern="(?!.*[0-9](\\s*[0-9]){5}).*"
          title="Søk med ord, aldri med et nummer"
        />
      </div>
      <button class="second">Søk</button>
    </form>
    ${view.query === '' ? html`` : html`<p><a href="/interaction/${view.uid}">Vis alle</a></p>`}`
}

function loginForm(view: LoginView): Html {
  if (view.people.length === 0) {
    return html`<p role="status">Ingen passer til «${view.query}».</p>`
  }
  return html`<h2>Velg nivå og person</h2>
    <form method="post" action="/interaction/${view.uid}/login">
      <fieldset id="levels">
        <legend>Nivå</legend>
        ${view.levels.map((level) => levelChoice(level, view.levels))}
      </fieldset>
      <fieldset id="people">
        <legend>Hvem logger inn? (${view.people.length})</legend>
        <ul class="people">
          ${view.people.map((person) => choice(person, view))}
        </ul>
      </fieldset>
      <div class="buttons">
        <button>Logg inn</button>
        <button class="second" formaction="/interaction/${view.uid}/abort" formnovalidate>Avbryt</button>
      </div>
    </form>`
}

function choice(person: LoginPerson, view: LoginView): Html {
  const checked = person.id === view.chosen ? html`checked` : html``
  return html`<li>
    <input
      type="radio"
      name="person"
      id="person-${person.id}"
      value="${person.id}"
      required
      ${checked}
      aria-describedby="about-${person.id}"
    />
    <label for="person-${person.id}"><strong>${fullName(person)}</strong>, ${lifeOf(person, view.today)}</label>
    <p class="about" id="about-${person.id}">${person.casesNb.join('; ')}. ${identifierOf(person)}</p>
  </li>`
}

function lifeOf(person: LoginPerson, today: string): string {
  return person.diedOn === null ? `${ageOn(person.bornOn, today)} år` : `død ${person.diedOn}`
}

function identifierOf(person: LoginPerson): string {
  return person.identityNumber === null
    ? `eIDAS ${person.eidasIdentifier}.`
    : `Syntetisk nummer ${person.identityNumber}.`
}

function levelChoice(level: Level, offered: readonly Level[]): Html {
  const checked = level === (offered.includes('high') ? 'high' : offered[0]) ? html`checked` : html``
  return html`<div>
    <input type="radio" name="level" id="level-${level}" value="${level}" ${checked} />
    <label for="level-${level}">${LEVEL_NAMES[level]}</label>
  </div>`
}

function newPersonForm({ uid, typed, today }: LoginView): Html {
  return html`<h2>Lag en ny person</h2>
    <form method="post" action="/interaction/${uid}/people">
      <div class="field">
        <label for="givenName">Fornavn</label>
        <input type="text" id="givenName" name="givenName" value="${typed.givenName}" maxlength="80" required />
      </div>
      <div class="field">
        <label for="familyName">Etternavn</label>
        <input type="text" id="familyName" name="familyName" value="${typed.familyName}" maxlength="80" required />
      </div>
      <div class="field">
        <label for="bornOn">Fødselsdato</label>
        <input type="date" id="bornOn" name="bornOn" value="${typed.bornOn}" min="1900-01-01" max="${today}" required />
      </div>
      <button class="second">Lag personen</button>
    </form>`
}

function fullName(person: LoginPerson): string {
  return `${person.givenName} ${person.familyName}`
}
