import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import nb from '../generated/texts/nb.json'
import type { TextName } from '../generated/text-name.js'

export const LANGUAGES = ['nb', 'nn', 'en', 'se'] as const
export type Language = (typeof LANGUAGES)[number]
type Words = Readonly<Record<TextName, string>>

/** What a text's `{name}` stand for. */
export type Given = Readonly<Record<string, string | number>>
export type Say = (name: TextName, given?: Given) => string

interface Speaking {
  readonly language: Language
  readonly say: Say
  readonly speak: (language: Language) => void
}

/** Bokmål comes with the page, the others when they are asked for. */
const LOADED: Readonly<Record<Language, () => Promise<Words>>> = {
  nb: () => Promise.resolve(nb),
  nn: () => import('../generated/texts/nn.json').then((file) => file.default),
  en: () => import('../generated/texts/en.json').then((file) => file.default),
  se: () => import('../generated/texts/se.json').then((file) => file.default),
}
const KEPT = 'language'
const Context = createContext<Speaking | null>(null)

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [spoken, setSpoken] = useState<{ language: Language; words: Words } | null>(null)
  const speak = useCallback((language: Language) => {
    localStorage.setItem(KEPT, language)
    void LOADED[language]().then((words) => {
      document.documentElement.lang = language
      setSpoken({ language, words })
    })
  }, [])
  useEffect(() => speak(firstLanguage()), [speak])
  const speaking = useMemo(
    () =>
      spoken && {
        language: spoken.language,
        speak,
        say: (name: TextName, given: Given = {}) => filled(spoken.words[name], given),
      },
    [spoken, speak],
  )
  return speaking && <Context value={speaking}>{children}</Context>
}

/** The reader's language, and how to say a text in it. */
export function useLanguage(): Speaking {
  const speaking = use(Context)
  if (speaking === null) throw new Error('outside of LanguageProvider')
  return speaking
}

function filled(text: string, given: Given): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name]
    if (value === undefined) throw new Error(`${name} is missing in “${text}”`)
    return String(value)
  })
}

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((tag) => tag.split('-')[0])]
  const known: Readonly<Record<string, Language>> = { nb: 'nb', no: 'nb', nn: 'nn', en: 'en', se: 'se' }
  return wanted.map((tag) => known[tag ?? '']).find((language) => language !== undefined) ?? 'nb'
}
