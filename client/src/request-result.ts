import type { VerifiedToken } from './verified-token.js'

/** Where guards put what they found. */
const PROPERTY = 'onBehalfOf'

/** Only ever called with a token that has passed. It is not to be overwritten by what comes after. */
export function putResult(request: object, passed: VerifiedToken): void {
  Object.defineProperty(request, PROPERTY, { value: passed, enumerable: true, writable: false, configurable: true })
}

/** What the guard found. Throws where none stands before the handler: better no answer than one for nobody. */
export function resultOf(request: object): VerifiedToken {
  const passed: unknown = Object.getOwnPropertyDescriptor(request, PROPERTY)?.value
  if (passed === undefined || passed === null)
    throw new Error('no guard of @fullmakt/client stands before this handler')
  return passed as VerifiedToken
}
