import { isDeepStrictEqual } from 'node:util'

export type Members = Readonly<Record<string, unknown>>

/** One request and its answer, with the members that tell the most. */
export interface Exchanged {
  /** `POST /oauth/token` */
  readonly request: string
  readonly sent: Members
  /** `200` */
  readonly answer: string
  readonly got: Members
}

/** The same with these members of the answer alone. */
export function only(exchanged: Exchanged, ...names: readonly string[]): Exchanged {
  return { ...exchanged, got: Object.fromEntries(names.map((name) => [name, exchanged.got[name]])) }
}

/** A member that must be a text. @throws WrongOutcome */
export function textIn({ got }: Pick<Exchanged, 'got'>, name: string): string {
  const value = got[name]
  if (typeof value === 'string' && value !== '') return value
  throw new WrongOutcome(`${name} in the answer, came ${shown(value)}`)
}

/** What a step tells while it runs. */
export interface Telling {
  /** Shows what went over the wire. Members of `must`, and `answer` if it is one, must be equal to what came. */
  readonly wire: (exchanged: Exchanged, must: Members) => void
  /** The same for what was found without asking anyone: `name` says where. */
  readonly local: (name: string, got: Members, must: Members) => void
  /** Shows lines as they are. */
  readonly quote: (lines: readonly string[]) => void
}

export interface Report {
  /**
   * Runs a step and returns what it brings; `conclusion` stands beside the check mark.
   *
   * @throws WrongOutcome when it came out otherwise than it must.
   */
  step<T>(sentence: string, conclusion: string, work: (telling: Telling) => T | Promise<T>): Promise<T>
  /** Says something between the steps. */
  say(text: string): void
  /** Steps that came out as they must, so far. */
  right(): number
}

export interface Paper {
  readonly write: (line: string) => void
  /** Columns. */
  readonly width: number
  readonly coloured: boolean
}

/** Something came that must not. Told in the report already. */
export class WrongOutcome extends Error {}

/** Tells steps to a reader. Identity numbers are masked and tokens shortened, wherever they stand. */
export function startReport({ write, width, coloured }: Paper): Report {
  const paint = (code: number, text: string): string => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text)
  const say = (indent: string, text: string, code?: number): void => {
    for (const line of fold(indent + masked(text), width)) write(code === undefined ? line : paint(code, line))
  }
  let begun = 0
  let right = 0
  const telling: Telling = {
    wire({ request, sent, answer, got }, must) {
      say('    ', `> ${request}  ${listed(sent)}`, DIM)
      say('    ', `< ${answer}  ${listed(got)}`)
      check({ answer, ...got }, must)
    },
    local(name, got, must) {
      say('    ', `= ${name}  ${listed(got)}`)
      check(got, must)
    },
    quote: (lines) => lines.forEach((line) => say('    | ', line)),
  }
  return {
    async step(sentence, conclusion, work) {
      begun += 1
      write('')
      say(`${String(begun).padStart(2)}. `, sentence, BOLD)
      try {
        const brought = await work(telling)
        say('    ', `✓ ${conclusion}`, GREEN)
        right += 1
        return brought
      } catch (error) {
        const why = error instanceof WrongOutcome ? `expected ${error.message}` : String(error)
        say('    ', `✗ ${why}`, RED)
        throw error instanceof WrongOutcome ? error : new WrongOutcome(why, { cause: error })
      }
    },
    say: (text) => say('', text),
    right: () => right,
  }
}

function check(came: Members, must: Members): void {
  const wrong = Object.keys(must).filter((name) => !isDeepStrictEqual(came[name], must[name]))
  if (wrong.length === 0) return
  throw new WrongOutcome(wrong.map((name) => `${name}: ${shown(must[name])}, came ${shown(came[name])}`).join('; '))
}

const [BOLD, DIM, RED, GREEN] = [1, 2, 31, 32] as const
const LONGEST_WORD = 40

/** Eleven digits are taken for an identity number; the six that are left tell the (synthetic) day of birth. */
function masked(text: string): string {
  return text.replaceAll(/(?<!\d)(\d{6})\d{5}(?!\d)/g, '$1*****')
}

function listed(members: Members): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${shown(value, name)}`)
    .join(', ')
}

/** Long words are tokens, keys and pseudonyms, of which the beginning tells enough; a hash is shown whole. */
function shown(value: unknown, name = ''): string {
  if (Array.isArray(value)) return `[${value.map((one) => shown(one)).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{${listed(value as Members)}}`
  const text = String(value)
  const isLong = text.length > LONGEST_WORD && !text.includes(' ') && !name.endsWith('hash')
  return isLong ? `${text.slice(0, 16)}…` : text
}

/** Lines of at most this width where there are spaces to break at; the later ones stand a little further in. */
function fold(text: string, width: number): string[] {
  const indent = ' '.repeat((/^[ \d.|]*/.exec(text)?.[0].length ?? 0) + 2)
  const lines: string[] = []
  let line = text.trimEnd()
  while (line.length > width) {
    const at = line.lastIndexOf(' ', width)
    if (at <= indent.length) break
    lines.push(line.slice(0, at))
    line = indent + line.slice(at + 1)
  }
  return [...lines, line]
}
