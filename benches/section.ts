/** One bench: what is run under its name, and what it has to tell. */
export interface Bench {
  readonly name: string
  readonly title: string
  run(): Promise<readonly Block[]>
}

/** A paragraph, or a table with a heading row. */
export type Block = string | { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** The blocks as Markdown. */
export function markdown(blocks: readonly Block[]): string {
  return blocks.map((block) => (typeof block === 'string' ? block : table(block))).join('\n\n')
}

function table({ columns, rows }: Exclude<Block, string>): string {
  const cells = [columns, ...rows]
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

/** `12,345`. */
export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en')
}

/** Milliseconds, as exact as they are worth: `0.42`, `17.3`. */
export function milliseconds(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : 1)
}

/** A ratio: `0.137`. */
export function ratio(figure: number): string {
  return figure.toFixed(3)
}
