import { runPrinted } from './printed-commands.mjs'

/** The README's commands, in a clean clone, as they are printed. */
await runPrinted('README.md', ['npm ci && npm start', 'npm ci && npm test'])
