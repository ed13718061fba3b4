/** What was left out of, or not understood in, a document that could still be read. For operators; never with a value. */
export const READING_WARNINGS = [
  /** A guardian's task that the catalogue does not know: not given. */
  'unknown_task_pair',
  /** A task that is no longer given out: not given. */
  'expired_task_pair',
  /** A kind of guardianship or responsibility that we do not know: kept as `unknown` or `ukjent`, gives nothing. */
  'unknown_kind',
  /** A guardian, or one with parental responsibility, whom the register knows without a number: no one can log in as him. */
  'guardian_without_number',
  'responsible_without_number',
  /** A degree of address protection that we do not know: taken for the strictest. */
  'unknown_protection',
  /** A row without `erGjeldende`. */
  'currency_unmarked',
  /** A row about someone else, about nobody, or about the person towards himself: left out. */
  'row_about_another',
  /** A row that ends before it begins: left out. */
  'empty_period',
] as const
export type ReadingWarning = (typeof READING_WARNINGS)[number]

export type WarningCounts = Readonly<Partial<Record<ReadingWarning, number>>>

export type Warn = (warning: ReadingWarning) => void

export function countWarnings(): { readonly warn: Warn; readonly counts: WarningCounts } {
  const counts: Partial<Record<ReadingWarning, number>> = {}
  return { counts, warn: (warning) => void (counts[warning] = (counts[warning] ?? 0) + 1) }
}
