import { readFileSync } from 'node:fs'

/**
 * Holds the survivors of the last run against those that `docs/mutation.md` answers for. One too many there is as wrong as
 * one too few: it would answer for the next that looks like it.
 */
const report = JSON.parse(readFileSync('reports/mutation/mutation.json', 'utf8'))
const survivors = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
  mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map((mutant) => rowOf(file, source.split('\n'), mutant)),
)
const answeredFor = rowsOf(readFileSync('docs/mutation.md', 'utf8'))
const unexplained = without(survivors, answeredFor)
const explainedInVain = without(answeredFor, survivors)

for (const row of unexplained) console.error(`survived, and docs/mutation.md does not say why: ${row}`)
for (const row of explainedInVain) console.error(`did not survive, though docs/mutation.md says why it would: ${row}`)
if (unexplained.length + explainedInVain.length > 0) process.exitCode = 1

/** What tells a change from others: the file, the line it stands in, what stood there, what stands there instead. */
function rowOf(file, lines, { location: { start, end }, replacement }) {
  const changed = lines.slice(start.line - 1, end.line)
  changed.push(changed.pop().slice(0, end.column - 1))
  const was = [changed.shift().slice(start.column - 1), ...changed].join(' ')
  const cells = [lines[start.line - 1], was, replacement].map((cell) => `\`${short(cell)}\``)
  return `${file.replace('src/domain/', '')} | ${cells.join(' | ')}`
}

/** On one line, not too long, and fit to stand in a table. */
function short(code) {
  const line = code.trim().replaceAll(/\s+/g, ' ').replaceAll('`', '’').replaceAll('|', '\\|')
  return line.length > 100 ? `${line.slice(0, 70)} … ${line.slice(-25)}` : line
}

/** The rows of the page, each under the heading of its file, without the last cell, which says why. */
function rowsOf(page) {
  return page.split(/^### /m).flatMap((part) => {
    const [heading = '', ...lines] = part.split('\n')
    const rows = lines.filter((line) => line.startsWith('| `')).map((line) => line.split(/(?<!\\)\|/).slice(1, 4))
    return rows.map((cells) => [heading.replaceAll('`', ''), ...cells].map((cell) => cell.trim()).join(' | '))
  })
}

/** What is in the first list more often than in the second. */
function without(list, others) {
  const left = [...others]
  return list.filter((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
