import { useMemo } from 'react'
import { type Language, useLanguage } from './language.js'

/** Browsers have no Northern Sámi months: the genitive, as it stands before a day. */
const SAMI_MONTHS = [
  'ođđajagimánu',
  'guovvamánu',
  'njukčamánu',
  'cuoŋománu',
  'miessemánu',
  'geassemánu',
  'suoidnemánu',
  'borgemánu',
  'čakčamánu',
  'golggotmánu',
  'skábmamánu',
  'juovlamánu',
] as const

const OSLO = 'Europe/Oslo'
const ISO_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: OSLO })
const CLOCK = new Intl.DateTimeFormat('nb-NO', { timeZone: OSLO, hour: '2-digit', minute: '2-digit' })
const IN_WORDS: Readonly<Record<Exclude<Language, 'se'>, Intl.DateTimeFormat>> = {
  nb: new Intl.DateTimeFormat('nb-NO', { timeZone: 'UTC', dateStyle: 'long' }),
  nn: new Intl.DateTimeFormat('nn-NO', { timeZone: 'UTC', dateStyle: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'long' }),
}

/** Today in Oslo, as `YYYY-MM-DD`. */
export function today(): string {
  return ISO_DAY.format(new Date())
}

/** The day in Oslo of an instant (ISO 8601), as `YYYY-MM-DD`. */
export function dayOf(instant: string): string {
  return ISO_DAY.format(new Date(instant))
}

/** Whole days from today until that day (`YYYY-MM-DD`): 0 today, negative when it has been. */
export function daysUntil(day: string): number {
  return Math.round((Date.parse(day) - Date.parse(today())) / 86_400_000)
}

/** A day (`YYYY-MM-DD`) in words: «30. november 2027». */
export function dayInWords(day: string, language: Language): string {
  if (language !== 'se') return IN_WORDS[language].format(new Date(`${day}T00:00:00Z`))
  const [year, month, date] = day.split('-').map(Number)
  return `${SAMI_MONTHS[(month ?? 1) - 1] ?? ''} ${date ?? ''}. b. ${year ?? ''}`
}

/** Days and instants in the reader's language, at Oslo's clock. */
export function useDates(): { readonly day: (day: string) => string; readonly instant: (instant: string) => string } {
  const { language, say } = useLanguage()
  return useMemo(
    () => ({
      day: (day) => dayInWords(day, language),
      instant: (instant) =>
        say('shell.day_and_time', {
          day: dayInWords(dayOf(instant), language),
          time: CLOCK.format(new Date(instant)),
        }),
    }),
    [language, say],
  )
}
