import { execFileSync } from 'node:child_process'
import os from 'node:os'

/** Under what conditions figures came about, in one line of Markdown. */
export function conditions(postgres: string): string {
  const [cpu] = os.cpus()
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`
  return [
    new Date().toISOString().slice(0, 10),
    `commit ${commit()}`,
    `${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}, ${memory}`,
    `${os.type()} ${os.release()}`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${postgres}`,
    `load average at the start ${os.loadavg()[0]?.toFixed(1) ?? '?'}`,
  ].join('; ')
}

function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
  try {
    const changed = git(
      'status',
      '--porcelain',
      '--',
      'src',
      'client/src',
      'dev',
      'standins',
      'catalogue',
      'package-lock.json',
    )
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed === '' ? '' : ' with changes not committed'}`
  } catch {
    return 'unknown'
  }
}
