/** How far a batch goes on (AuthZEN 1.0 section 7.1.2.1). The answer ends with the question that decided. */
export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const
export type Semantic = (typeof SEMANTICS)[number]

/** As many questions as one batch may hold: their facts are read in one statement, their entries written in another. */
export const MOST_IN_ONE_BATCH = 100

/**
 * Answers the items one after the other, in their order, until one of them ends the batch: none after it is decided.
 *
 * @param allows whether an answer is a yes; an item that could not be read is a no.
 */
export async function inTurn<Item, Answer>(
  items: readonly Item[],
  semantic: Semantic,
  answer: (item: Item) => Answer | Promise<Answer>,
  allows: (answer: Answer) => boolean,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const item of items) {
    const one = await answer(item)
    answers.push(one)
    if (endsAt(semantic, allows(one))) break
  }
  return answers
}

function endsAt(semantic: Semantic, allowed: boolean): boolean {
  switch (semantic) {
    case 'execute_all':
      return false
    case 'deny_on_first_deny':
      return !allowed
    case 'permit_on_first_permit':
      return allowed
  }
}
