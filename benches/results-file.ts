import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Puts what a bench told in its place between the marks `<!-- name -->` and `<!-- /name -->` of the file, or at the end
 * when it has no place yet. What stands outside the marks is written by hand and left alone.
 */
export function writeSection(file: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const section = `${begin}\n\n${text}\n\n${end}`
  const old = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [from, to] = [old.indexOf(begin), old.indexOf(end)]
  const whole =
    from === -1 || to === -1
      ? `${old.trimEnd()}\n\n${section}\n`.trimStart()
      : old.slice(0, from) + section + old.slice(to + end.length)
  writeFileSync(file, whole)
}
