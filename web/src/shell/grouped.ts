/** What belongs together by a word that is worked out of each, in the order of the first of each group. */
export function grouped<T, Key extends string>(
  items: readonly T[],
  keyOf: (item: T) => Key,
): readonly (readonly [Key, T[]])[] {
  const groups = new Map<Key, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.entries()]
}
