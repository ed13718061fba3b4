import { useLanguage } from './language.js'
import type { Seen } from './own-mandates.js'

/** A name, with the year that tells people of the same name apart. An organisation has none. */
export function PersonName({
  person: { name, born_year: year },
}: {
  readonly person: Pick<Seen, 'name' | 'born_year'>
}) {
  const { say } = useLanguage()
  return <>{year === null ? name : say('shell.name_and_year', { name, year })}</>
}
