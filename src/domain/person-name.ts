/** Whether it is the same name, in whatever case, with hyphen or space, and an accent as one character or two. */
export function sameName(registered: string | null, written: string): boolean {
  const plain = (name: string): string =>
    name
      .normalize('NFC')
      .toLocaleLowerCase('nb')
      .replaceAll(/[\s-]+/g, ' ')
      .trim()
  return registered !== null && plain(registered) === plain(written)
}
