import type { Language } from './language.js'

/** A day as the service writes it: `2027-11-30`. */
export type Day = string

const OSLO = 'Europe/Oslo'
/** Chromium has no names of months in Northern Sámi. In a date they stand in the genitive. */
const SAMI_MONTHS = [
  ...['ođđajagemánu', 'guovvamánu', 'njukčamánu', 'cuoŋománu', 'miessemánu', 'geassemánu'],
  ...['suoidnemánu', 'borgemánu', 'čakčamánu', 'golggotmánu', 'skábmamánu', 'juovlamánu'],
]
const LOCALES = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB' } as const

/** Today in Norway, wherever the reader is. */
export function todayInOslo(now = new Date()): Day {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: OSLO }).format(now)
}

/** The last of so many months, the first day included: a month from 15 March lasts until 14 April. */
export function lastOfMonths(first: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = first.split('-').map(Number)
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const same = new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth)))
  return new Date(same.getTime() - 86_400_000).toISOString().slice(0, 10)
}

/** «30. november 2027», «30 November 2027», «skábmamánu 30. b. 2027». */
export function dayInWords(day: Day, language: Language): string {
  const date = new Date(`${day}T00:00:00Z`)
  if (language === 'se') {
    return `${SAMI_MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}. b. ${date.getUTCFullYear()}`
  }
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}

/** The same with the time of day, in Norway. */
export function momentInWords(instant: string, language: Language): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: OSLO }).format(new Date(instant))
  return `${dayInWords(todayInOslo(new Date(instant)), language)}, ${BEFORE_TIME[language]} ${time}`
}

const BEFORE_TIME: Readonly<Record<Language, string>> = { nb: 'kl.', nn: 'kl.', en: 'at', se: 'dii.' }
