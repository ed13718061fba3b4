/** Letters only, without regard to case or to how accents are written: people write their names in many ways. */
export function sameName(registered: string | null, written: string): boolean {
  const plain = (name: string): string =>
    name
      .normalize('NFC')
      .toLocaleLowerCase('nb')
      .replaceAll(/[\s-]+/g, ' ')
      .trim()
  return registered !== null && plain(registered) === plain(written)
}
