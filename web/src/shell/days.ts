/** A day as the service writes it: `2027-11-30`. */
export type Day = string

/** The last of so many months, the first day included: a month from 15 March lasts until 14 April. */
export function lastOfMonths(first: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = first.split('-').map(Number)
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const same = new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth)))
  return new Date(same.getTime() - 86_400_000).toISOString().slice(0, 10)
}
