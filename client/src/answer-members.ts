import { unexpected } from './call-failed.js'
import { isObject, isText, type JsonObject } from './json.js'

/** What the members of an answer must be. Each throws `CallFailed` with `unexpected_answer` for another. */

export function textIn(object: JsonObject, name: string): string {
  const value = object[name]
  if (!isText(value)) throw unexpected(`${name} is no text`)
  return value
}

/** Null where it is left out or null. */
export function textOrNull(object: JsonObject, name: string): string | null {
  return object[name] === undefined || object[name] === null ? null : textIn(object, name)
}

export function numberIn(object: JsonObject, name: string): number {
  const value = object[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unexpected(`${name} is no whole number`)
  return value
}

export function instantIn(object: JsonObject, name: string): Date {
  const instant = new Date(textIn(object, name))
  if (Number.isNaN(instant.getTime())) throw unexpected(`${name} is no instant`)
  return instant
}

export function instantOrNull(object: JsonObject, name: string): Date | null {
  return textOrNull(object, name) === null ? null : instantIn(object, name)
}

export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (!isObject(value)) throw unexpected(`${name} is no object`)
  return value
}

export function objectsIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name]
  if (!Array.isArray(value) || !value.every(isObject)) throw unexpected(`${name} is no array of objects`)
  return value
}

/** One of these, and no other. */
export function oneOf<T extends string>(known: readonly T[], object: JsonObject, name: string): T {
  const value = known.find((one) => one === object[name])
  if (value === undefined) throw unexpected(`${name} is none that this version knows`)
  return value
}
