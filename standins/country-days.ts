/** Days as whole numbers since 1 January 1970, so that millions of them can be made without a `Date`. */

const MILLISECONDS = 86_400_000
const texts = new Map<number, string>()
const instants = new Map<number, string>()

/** The number of a day written `YYYY-MM-DD`. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / MILLISECONDS
}

/** The day as `YYYY-MM-DD`. */
export function dayText(day: number): string {
  let text = texts.get(day)
  if (text === undefined) {
    text = new Date(day * MILLISECONDS).toISOString().slice(0, 10)
    texts.set(day, text)
  }
  return text
}

/**
 * The beginning of a day in Oslo as the registers write instants. The day is moved to the 20th of its month where it is
 * later, since clocks change after that day only, and the offset then depends on the month alone.
 */
export function startOfDayText(day: number): string {
  const known = instants.get(day)
  if (known !== undefined) return known
  const text = dayText(day)
  const [month, date] = [text.slice(5, 7), text.slice(8)]
  const summer = month >= '04' && month <= '10'
  const instant = `${text.slice(0, 8)}${date > '20' ? '20' : date}T00:00:00+0${summer ? 2 : 1}:00`
  instants.set(day, instant)
  return instant
}
