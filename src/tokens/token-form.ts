import { OAuthError } from './oauth-error.js'

/** The parameters of a token request: each name once and none empty. `targets` are all of `resource` and `audience`. */
export interface TokenForm {
  get(name: string): string | undefined
  readonly targets: readonly Target[]
}

export interface Target {
  readonly parameter: 'resource' | 'audience'
  readonly value: string
}

/**
 * Reads the body of a token request (RFC 6749 section 3.2): parameters without a value count as omitted, unknown ones
 * are ignored, and none may stand twice, save `resource` and `audience`, which RFC 8693 lets a client repeat.
 *
 * @param body what the form parser made of the body; anything but `URLSearchParams` came under another content type.
 * @throws OAuthError `invalid_request`
 */
export function readTokenForm(body: unknown): TokenForm {
  if (!(body instanceof URLSearchParams)) {
    throw new OAuthError('invalid_request', 'the body must be application/x-www-form-urlencoded')
  }
  const parameters = new Map<string, string>()
  const targets: Target[] = []
  for (const [name, value] of body) {
    if (value === '') continue
    if (name === 'resource' || name === 'audience') targets.push({ parameter: name, value })
    else if (parameters.has(name)) throw new OAuthError('invalid_request', 'a parameter stands twice')
    else parameters.set(name, value)
  }
  return { get: (name) => parameters.get(name), targets }
}
