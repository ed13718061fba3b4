import { decideBench } from './decide.js'
import { conditions } from './conditions.js'
import { postgresVersion } from './bench-database.js'
import { endToRefusalBench } from './end-to-refusal.js'
import { evaluationBench } from './evaluation.js'
import { registerFeedBench } from './register-feed.js'
import { registerLoadBench } from './register-load.js'
import { writeSection } from './results-file.js'
import { markdown } from './section.js'
import { startBench } from './start.js'
import { statusListBench } from './status-list.js'
import { tokenIssueBench } from './token-issue.js'
import { tokenVerifyBench } from './token-verify.js'

const BENCHES = [
  decideBench,
  evaluationBench,
  tokenIssueBench,
  tokenVerifyBench,
  statusListBench,
  endToRefusalBench,
  startBench,
  registerLoadBench,
  registerFeedBench,
]
const RESULTS = 'benches/RESULTS.md'

/**
 * `npm run bench [-- name… --write]`: runs the benches of these names, or all, and prints what they tell; with
 * `--write` it also takes its place in `RESULTS.md`.
 */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => arg !== '--write')
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name))
  if (unknown.length > 0) {
    throw new Error(`no bench is called ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}`)
  }
  for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const under = conditions(postgresVersion())
    const body = markdown(await bench.run())
    const text = `## ${bench.title}\n\n${body}\n\n${under}. Again with \`npm run bench ${bench.name}\`.`
    console.log(`\n${text}`)
    if (args.includes('--write')) writeSection(RESULTS, bench.name, text)
  }
}

await main(process.argv.slice(2))
