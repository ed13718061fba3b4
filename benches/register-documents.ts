import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { DocumentOptions } from '../src/registers/read-documents.js'

const rows = parse(readFileSync('catalogue/guardian-tasks.yaml', 'utf8')) as { task: string; expired?: boolean }[]

/** How the benches read documents: with the tasks of the catalogue. */
export const BENCH_DOCUMENTS: DocumentOptions = {
  series: 'synthetic',
  secret: 'a secret of the benches, long enough to be one',
  guardianTasks: new Map(rows.map(({ task, expired = false }) => [task, { expired }])),
}
