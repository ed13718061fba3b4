/** The Europe/Oslo calendar: ages and days in law are counted there, whatever the clock of the machine says. */

/** A day as `YYYY-MM-DD`. */
export type Day = string

const OSLO = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})
if (OSLO.format(new Date(0)) !== '1970-01-01') throw new Error('this machine does not write days as YYYY-MM-DD')
const OSLO_CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Oslo', hour: '2-digit', hourCycle: 'h23' })

const HOUR = 3_600_000

/** The day in Oslo at this instant. */
export function osloDay(instant: Date): Day {
  return OSLO.format(instant)
}

/** The instant at which this day begins in Oslo. Clocks there change at night but never at midnight. */
export function startOfDay(day: Day): Date {
  const utcMidnight = Date.parse(`${day}T00:00:00Z`)
  const inSummerTime = new Date(utcMidnight - 2 * HOUR)
  return osloDay(inSummerTime) === day && OSLO_CLOCK.format(inSummerTime) === '00'
    ? inSummerTime
    : new Date(utcMidnight - HOUR)
}

/** Whether the text is a day that exists, from year 1800 to 2999, so that days can be counted on: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1800' || text >= '3000') return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR).toISOString().slice(0, 10)
}

/** The same day so many months later; the last day of that month where it is too short (31 January + 1 = 28 February). */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = parts(day)
  const lastDate = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate))).toISOString().slice(0, 10)
}

/** Whole years of age on that day. Someone born on 29 February comes of age on 1 March in a common year. */
export function ageOn(bornOn: Day, day: Day): number {
  const [bornYear, bornMonth, bornDate] = parts(bornOn)
  const [year, month, date] = parts(day)
  const hadBirthday = month > bornMonth || (month === bornMonth && date >= bornDate)
  return year - bornYear - (hadBirthday ? 0 : 1)
}

/** The instant at which the age is reached: the beginning of the birthday in Oslo (1 March for 29 February in common years). */
export function reachesAge(bornOn: Day, age: number): Date {
  const [year, month, date] = parts(bornOn)
  return startOfDay(new Date(Date.UTC(year + age, month - 1, date)).toISOString().slice(0, 10))
}

/** The earliest of these instants; null when there is none. */
export function earliestOf(instants: readonly (Date | null)[]): Date | null {
  let earliest: Date | null = null
  for (const instant of instants) {
    if (instant !== null && (earliest === null || instant < earliest)) earliest = instant
  }
  return earliest
}

function parts(day: Day): [year: number, month: number, date: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))]
}
