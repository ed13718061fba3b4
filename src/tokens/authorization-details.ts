import { ACTIONS, type Action } from '../domain/catalogue.js'
import { hasDuplicateMember } from '../domain/duplicate-members.js'
import { OAuthError } from './oauth-error.js'

/** The one type of authorization details there is (RFC 9396): what a representation lets its holder do. */
export function detailTypeOf(issuer: string): string {
  return `${issuer}/rar/representation`
}

/** One entry of what the client wants of the ground. It only narrows: null leaves open what the ground says. */
export interface Narrowing {
  readonly services: readonly string[] | null
  readonly actions: readonly Action[] | null
  readonly provider: string | null
  readonly object: string | null
}

const MEMBERS = ['type', 'datatypes', 'actions', 'provider', 'object']
const MOST_ENTRIES = 20

/**
 * Reads `authorization_details`: an array of entries with the members `type`, and where wanted `datatypes` (services),
 * `actions`, `provider` (organisation number) and `object`. What is given must be understood, or it would not narrow.
 *
 * @throws OAuthError `invalid_authorization_details`
 */
export function readNarrowings(text: string, issuer: string): readonly Narrowing[] {
  const entries = parse(text)
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_ENTRIES) {
    throw refused(`it must be an array of 1 to ${MOST_ENTRIES} entries`)
  }
  return entries.map((entry) => readEntry(entry, detailTypeOf(issuer)))
}

function readEntry(entry: unknown, type: string): Narrowing {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw refused('an entry is no object')
  if ((entry as { type?: unknown }).type !== type) throw refused(`the type of an entry must be ${type}`)
  if (Object.keys(entry).some((member) => !MEMBERS.includes(member))) {
    throw refused(`the members of an entry are ${MEMBERS.join(', ')}`)
  }
  const { datatypes, actions, provider, object } = entry as Record<string, unknown>
  return {
    services: datatypes === undefined ? null : texts(datatypes, isText, 'datatypes must be an array of services'),
    actions: actions === undefined ? null : texts(actions, isAction, `actions must be among ${ACTIONS.join(', ')}`),
    provider: provider === undefined ? null : text(provider, /^\d{9}$/, 'provider must be an organisation number'),
    object: object === undefined ? null : text(object, /^\P{C}{1,200}$/u, 'object must be 1 to 200 visible characters'),
  }
}

function texts<T extends string>(value: unknown, is: (item: unknown) => item is T, fault: string): readonly T[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 50 || !value.every(is)) throw refused(fault)
  return value
}

function text(value: unknown, pattern: RegExp, fault: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw refused(fault)
  return value
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isAction(value: unknown): value is Action {
  return ACTIONS.some((action) => action === value)
}

function parse(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused('it is not JSON')
  }
  if (hasDuplicateMember(text)) throw refused('a member stands twice in an entry')
  return value
}

function refused(fault: string): OAuthError {
  return new OAuthError('invalid_authorization_details', `authorization_details: ${fault}`)
}
