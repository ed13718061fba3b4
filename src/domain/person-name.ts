/** A person's names as the register has them. */
interface Registered {
  /** All of them, given names first. */
  readonly name: string
  readonly familyName: string | null
}

/**
 * Whether someone is called so: by the family name, alone or after some of the given names, in whatever case, with hyphen
 * or space, and an accent as one character or two.
 */
export function isCalled({ name, familyName }: Registered, written: string): boolean {
  if (familyName === null) return false
  const family = wordsOf(familyName)
  const said = wordsOf(written)
  const given = said.splice(0, said.length - family.length)
  const names = wordsOf(name)
  return family.length > 0 && said.join(' ') === family.join(' ') && given.every((word) => names.includes(word))
}

function wordsOf(name: string): string[] {
  return name.normalize('NFC').toLocaleLowerCase('nb').split(/[\s-]/).filter(Boolean)
}
