interface Cookie {
  readonly name: string
  readonly value: string
  readonly host: string
  readonly path: string
}

/**
 * Cookies as a browser keeps them: by host and path, for all ports of the host. `Secure` does not matter, as browsers
 * too trust loopback; lifetimes are not counted, but a cookie set to end in the past is gone.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>()

  /** `fetch` with these cookies, without following redirects, keeping what the answer sets. */
  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const cookie = this.header(url)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#set(url, line)
    return response
  }

  /** What a request to `url` carries in its `cookie` header: the longest paths first; empty where nothing fits. */
  header(url: URL): string {
    return [...this.#cookies.values()]
      .filter((cookie) => cookie.host === url.hostname && covers(cookie.path, url.pathname))
      .sort((a, b) => b.path.length - a.path.length)
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join('; ')
  }

  #set(url: URL, line: string): void {
    const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
    const attributes = new Map(rest.map((part) => [part.split('=')[0]?.toLowerCase(), part.replace(/^[^=]*=?/, '')]))
    const name = pair.slice(0, pair.indexOf('='))
    const path = attributes.get('path') ?? (url.pathname.replace(/\/[^/]*$/, '') || '/')
    const key = `${url.hostname} ${path} ${name}`
    if (isOver(attributes)) this.#cookies.delete(key)
    else this.#cookies.set(key, { name, value: pair.slice(name.length + 1), host: url.hostname, path })
  }
}

function isOver(attributes: ReadonlyMap<string | undefined, string>): boolean {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0
  const expires = attributes.get('expires')
  return expires !== undefined && Date.parse(expires) <= Date.now()
}

function covers(cookiePath: string, path: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}
