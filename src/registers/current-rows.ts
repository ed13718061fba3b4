import type { Warn } from './reading-warnings.js'
import type { RegisterRecord } from './register-record.js'

/**
 * The rows of an entity that hold now by the register's own mark, `erGjeldende`. The register may leave the mark out
 * (the schema allows it). Such a row is read the way that gives less power:
 *
 * - `restricts` (death, status, protection, capacity): it counts;
 * - `grants` (responsibility, guardianship, residence): it does not;
 * - `names` (number, name, birth): it counts when no row of the entity is marked as current.
 */
export function currentRows(
  rows: readonly RegisterRecord[],
  sort: 'restricts' | 'grants' | 'names',
  warn: Warn,
): readonly RegisterRecord[] {
  const marked = rows.filter((row) => row.flag('erGjeldende') === true)
  const unmarked = rows.filter((row) => row.flag('erGjeldende') === null)
  unmarked.forEach(() => warn('currency_unmarked'))
  if (sort === 'restricts') return [...marked, ...unmarked]
  return sort === 'names' && marked.length === 0 ? unmarked : marked
}
