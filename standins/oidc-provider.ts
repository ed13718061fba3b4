import type { Provider as OpenIdProvider } from 'oidc-provider'

/**
 * The certified provider, loaded without the one warning that it prints where Node is older than 22, for which it has no
 * switch: our tests run it on Node 20, 22 and 24. Whatever else it may say at loading is shown.
 */
const { warn } = console
console.warn = (...words: unknown[]) => {
  if (!String(words[0]).includes('Unsupported runtime')) warn(...words)
}
const loaded = await import('oidc-provider')
console.warn = warn

export const { Provider, errors, interactionPolicy } = loaded
export type Provider = OpenIdProvider
