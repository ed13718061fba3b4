import { readFileSync } from 'node:fs'

/**
 * Holds the survivors of the last run against those that `docs/mutation.md` answers for. One too many there is as wrong as
 * one too few: it would answer for the next that looks like it.
 */
const report = JSON.parse(readFileSync('reports/mutation/mutation.json', 'utf8'))
const page = readFileSync('docs/mutation.md', 'utf8')

const found = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
  mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ location, replacement }) => rowOf(file, textAt(source, location), replacement)),
)
const answeredFor = page
  .split(/^### /m)
  .slice(1)
  .flatMap((part) => part.split('\n').filter((line) => line.startsWith('| `')))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, 4)
      .map((cell) => cell.trim())
      .join(' | '),
  )

const newOnes = without(found, answeredFor)
const goneOnes = without(answeredFor, found)
for (const row of newOnes) console.error(`survives, and docs/mutation.md does not say why: | ${row} |`)
for (const row of goneOnes) console.error(`docs/mutation.md speaks of it, and it does not survive: | ${row} |`)
process.exitCode = newOnes.length + goneOnes.length > 0 ? 1 : 0

/** The cells that tell a change from others: where, what stood there, what stands there instead. */
function rowOf(file, was, becomes) {
  return [file.replace('src/domain/', ''), was, becomes].map((cell) => `\`${short(cell)}\``).join(' | ')
}

/** On one line, not too long, and fit to stand in a table. */
function short(text) {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', "'").replaceAll('|', '\\|')
  return line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-25)}` : line
}

function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines.push(lines.pop().slice(0, end.column - 1))
  return [lines.shift().slice(start.column - 1), ...lines].join('\n')
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
