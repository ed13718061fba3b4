import { instantOrNull, objectIn, objectsIn, oneOf, textOrNull } from './answer-members.js'
import { unexpected } from './call-failed.js'
import { BASES, type Basis, OBLIGATIONS, type Obligation, type Power } from './ground.js'
import { contentOf, type IssuerCalls } from './issuer-calls.js'
import { isObject, type JsonObject } from './json.js'
import { REASONS, type Reason, REMEDIES, type Remedy } from './reasons.js'

/** May this person do this, here, now, on behalf of that one? */
export interface Question {
  /** Number or handle of the person who would act. */
  readonly representative: string
  readonly principal: { readonly type: 'person' | 'organisation'; readonly id: string }
  readonly power: Power
  /** How the person has logged in, as this service saw it; services of the higher risk classes send the login itself. */
  readonly login: { readonly acr: string; readonly authenticatedAt: Date } | { readonly idToken: string } | null
  /** The organisation that the person is logged in at work for, by number or handle; null for a private login. */
  readonly via: string | null
}

/** Words for people, in Bokmål, Nynorsk, English and Northern Sámi. */
export interface Text {
  readonly nb: string
  readonly nn: string
  readonly en: string
  readonly se: string
}

interface Common {
  /** Null where this service is not told. */
  readonly basis: Basis | 'self' | null
  /** The organisation through which the person may; null where there is none. */
  readonly via: string | null
  /** What the service must see to if it goes on. */
  readonly obligations: readonly (Obligation | Assured)[]
  /** The answer holds no longer than this. Null where no end is known; it can be changed by an act at any moment. */
  readonly validUntil: Date | null
  /** Under this id the issuer's log tells how the answer came about; null where this service is not told. */
  readonly evaluationId: string | null
}

/** The person must have logged in at this level. */
export interface Assured {
  readonly level: 'low' | 'substantial' | 'high'
}

export interface Allowed extends Common {
  readonly allowed: true
}

export interface Denied extends Common {
  readonly allowed: false
  /** Null where this service is not told, `unlisted` for one that is newer than this version. */
  readonly reason: Reason | 'unlisted' | null
  readonly reasonText: Text | null
  readonly remedy: Remedy | 'unlisted' | null
  readonly remedyText: Text | null
}

/** A no is an answer, not an error. */
export type Decision = Allowed | Denied

/**
 * Asks for a decision (AuthZEN 1.0). What cannot be read as a clear yes is none: an answer without a decision, or a yes
 * with an obligation that is not known here, is `CallFailed` with `unexpected_answer`.
 */
export async function askFor(calls: IssuerCalls, question: Question): Promise<Decision> {
  const answer = contentOf(await calls.postJson(({ evaluation }) => evaluation, authzenOf(question)))
  const { decision } = answer
  if (typeof decision !== 'boolean') throw unexpected('decision is neither true nor false')
  const context = answer['context'] === undefined ? {} : objectIn(answer, 'context')
  return Object.freeze(decision ? { allowed: true, ...commonIn(context) } : deniedIn(context))
}

function authzenOf({ representative, principal, power, login, via }: Question): JsonObject {
  const { service, action, provider, object } = power
  const properties = { service, ...(provider === null ? {} : { provider }), ...(object === null ? {} : { object }) }
  return {
    subject: { type: 'person', id: representative },
    action: { name: action },
    resource: { ...principal, properties },
    context: { ...loginOf(login), ...(via === null ? {} : { via }) },
  }
}

function loginOf(login: Question['login']): JsonObject {
  if (login === null) return {}
  if ('idToken' in login) return { login_token: login.idToken }
  return { acr: login.acr, auth_time: Math.floor(login.authenticatedAt.getTime() / 1000) }
}

function commonIn(context: JsonObject): Common {
  const { via } = context
  return {
    basis: context['basis'] === undefined ? null : oneOf<Basis | 'self'>(['self', ...BASES], context, 'basis'),
    via: isObject(via) ? textOrNull(via, 'organisation') : null,
    obligations: Object.freeze(
      context['obligations'] === undefined ? [] : objectsIn(context, 'obligations').map(obligationIn),
    ),
    validUntil: instantOrNull(context, 'valid_until'),
    evaluationId: textOrNull(context, 'evaluation_id'),
  }
}

function obligationIn(obligation: JsonObject): Obligation | Assured {
  if (obligation['type'] === 'assurance')
    return Object.freeze({ level: oneOf(['low', 'substantial', 'high'], obligation, 'level') })
  return oneOf(OBLIGATIONS, obligation, 'type')
}

function deniedIn(context: JsonObject): Denied {
  return {
    allowed: false,
    ...commonIn(context),
    reason: codeIn(REASONS, context, 'reason'),
    reasonText: textsIn(context['reason_user']),
    remedy: codeIn(REMEDIES, context, 'remedy'),
    remedyText: textsIn(context['remedy_user']),
  }
}

/** A no stays a no whatever it is called. */
function codeIn<T extends string>(known: readonly T[], context: JsonObject, name: string): T | 'unlisted' | null {
  const code = textOrNull(context, name)
  return code === null ? null : (known.find((one) => one === code) ?? 'unlisted')
}

function textsIn(texts: unknown): Text | null {
  if (!isObject(texts)) return null
  const { nb, nn, en, se } = texts
  const whole = [nb, nn, en, se].every((text) => typeof text === 'string')
  return whole ? (Object.freeze({ nb, nn, en, se }) as Text) : null
}
