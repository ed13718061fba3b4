interface Waiting<Asked, Answer> {
  readonly asked: Asked
  readonly answered: (answer: Answer) => void
  readonly failed: (error: unknown) => void
}

/**
 * Lets calls share a statement under load. One that comes alone goes at once; those that come while it is under way wait
 * for its end and go together in the next. A statement is sent after all that it carries was asked, so none of them gets
 * an answer from before its question.
 */
export class Gathered<Asked, Answer> {
  private waiting: Waiting<Asked, Answer>[] = []
  private underway = false

  /**
   * @param run one statement, which gives as many answers as there are questions and in their order.
   * @param mostInOne how many may go together.
   */
  constructor(
    private readonly run: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
    private readonly mostInOne: number,
  ) {}

  /** Rejects when the statement failed that it went with. */
  ask(asked: Asked): Promise<Answer> {
    return new Promise((answered, failed) => {
      this.waiting.push({ asked, answered, failed })
      if (!this.underway) void this.work()
    })
  }

  private async work(): Promise<void> {
    this.underway = true
    while (this.waiting.length > 0) await this.runNext(this.waiting.splice(0, this.mostInOne))
    this.underway = false
  }

  private async runNext(together: readonly Waiting<Asked, Answer>[]): Promise<void> {
    try {
      const answers = await this.run(together.map(({ asked }) => asked))
      if (answers.length !== together.length)
        throw new Error('a statement gave more or fewer answers than were asked for')
      for (const [place, answer] of answers.entries()) together[place]?.answered(answer)
    } catch (error) {
      for (const { failed } of together) failed(error)
    }
  }
}
