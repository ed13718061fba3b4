import { writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { AGES } from './tables/ages.mjs'
import { GUARDIANS } from './tables/guardians.mjs'
import { LASTING_POWERS } from './tables/lasting-powers.mjs'
import { MANDATES } from './tables/mandates.mjs'
import { ORGANISATIONS } from './tables/organisations.mjs'
import { PARENTS } from './tables/parents.mjs'
import { PASSING_ON } from './tables/passing-on.mjs'
import { DEATH_ROWS, FRESHNESS, PROTECTED_ROWS, QUESTION_ROWS, SELF_ROWS, SEVERAL_ROWS } from './tables/rest.mjs'
import { RULINGS } from './tables/rulings.mjs'

/** Writes the situations from the tables. The answers stand in the tables; nothing of the program is asked for them. */
const TOPICS = {
  questions: QUESTION_ROWS,
  self: SELF_ROWS,
  mandates: MANDATES,
  'passing-on': PASSING_ON,
  parents: PARENTS,
  guardians: GUARDIANS,
  'lasting-powers': LASTING_POWERS,
  organisations: ORGANISATIONS,
  ages: AGES,
  rulings: RULINGS,
  protected: PROTECTED_ROWS,
  deaths: DEATH_ROWS,
  freshness: FRESHNESS,
  several: SEVERAL_ROWS,
}

/** The text of every file, by its name. */
export function situationFiles() {
  return Object.fromEntries(
    Object.entries(TOPICS).map(([topic, rows]) => {
      const situations = rows.map((row, index) => ({
        id: `${topic}-${String(index + 1).padStart(3, '0')}`,
        catalogue: 'catalogue.json',
        ...row,
      }))
      return [`${topic}.json`, `${JSON.stringify(situations, null, 2)}\n`]
    }),
  )
}

if (process.argv[1] === import.meta.filename) {
  const prettier = await import('prettier')
  for (const [name, text] of Object.entries(situationFiles())) {
    const file = path.join(import.meta.dirname, name)
    writeFileSync(file, await prettier.format(text, { parser: 'json', printWidth: 120 }))
  }
}
