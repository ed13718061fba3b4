import { runPrinted } from './printed-commands.mjs'

/** The commands of the quick start, in a clean clone, as they are printed. It promises five minutes. */
const seconds = await runPrinted('docs/quick-start.md', ['npm ci && npm start', 'npm run visit'])
console.log(`The quick start took ${seconds.toFixed(0)} s.`)
if (seconds > 300) throw new Error('that is more than the five minutes that it promises')
