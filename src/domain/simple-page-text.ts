import type { Action, Text } from './catalogue.js'

/** The texts of the pages without JavaScript (`texts/without-script.yaml`), and what is filled into each. */
export const SIMPLE_PAGE_PLACEHOLDERS = {
  title: [],
  lead: [],
  login_first: [],
  login: [],
  logout: [],
  logged_in: ['name'],
  given: [],
  given_none: [],
  received: [],
  received_none: [],
  person: ['name', 'year'],
  until: ['day'],
  offered: [],
  frozen: [],
  held: [],
  end: ['name'],
  leave: ['name'],
  question: ['name'],
  question_leave: ['name'],
  at_once: [],
  confirm: [],
  back: [],
  to_list: [],
  done: [],
  refused: [],
  languages: [],
  more: [],
  full: [],
  help: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** These, and a word for each action. */
export type SimplePageText = keyof typeof SIMPLE_PAGE_PLACEHOLDERS | Action
export type SimplePageTexts = Readonly<Record<SimplePageText, Text>>
