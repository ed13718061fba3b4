import { Problem } from '../domain/problem.js'

const LONGEST = 2000

/**
 * Where the browser goes after the login: path, query and fragment within our own origin, as the browser would read them.
 * `/.//elsewhere` is such a path to a URL reader and `//elsewhere` when it is done, which the next reader takes for a host;
 * so both the text and what it is read as must begin with one slash and no more.
 *
 * @throws Problem `invalid_request` for anything that leads, or could be read as leading, elsewhere
 */
export function readReturnPath(text: string, origin: string): string {
  const refused = new Problem('invalid_request', 'return_to must be a path of this service, such as /mandates')
  if (text.length > LONGEST || !isPath(text) || !URL.canParse(text, origin)) throw refused
  const url = new URL(text, origin)
  const path = `${url.pathname}${url.search}${url.hash}`
  if (url.origin !== origin || !isPath(path)) throw refused
  return path
}

/** One slash first, and none of what URL readers turn into a slash or leave out: backslashes, white space, controls. */
function isPath(text: string): boolean {
  return /^\/(?!\/)[^\\\s\p{Cc}]*$/u.test(text)
}
