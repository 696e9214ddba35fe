/** How questions are put, and whom their answers are told. */
export interface Asking<Question, Answer> {
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>;
  readonly answered: (question: Question, answer: Answer) => void;
  readonly failed: (question: Question, error: unknown) => void;
}

/**
 * Puts one question at a time.
 *
 * 1. An answer never comes after that to a later question.
 * 2. Of those that come while one is under way and are patient, only the newest is put.
 */
export class Newest<Question, Answer> {
  private running: AbortController | undefined;
  private waiting: { readonly question: Question } | undefined;

  constructor(private readonly asking: Asking<Question, Answer>) {}

  /** Puts it in place of the one that is under way; where it is patient, once that has been answered. */
  put(question: Question, { isPatient = false }: { readonly isPatient?: boolean } = {}): void {
    if (isPatient && this.running !== undefined) {
      this.waiting = { question };
      return;
    }
    this.end();
    this.running = new AbortController();
    void this.run(question, this.running.signal);
  }

  /** Gives up what is under way and what waits. */
  end(): void {
    this.running?.abort();
    this.running = undefined;
    this.waiting = undefined;
  }

  private async run(question: Question, signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.asking.ask(question, signal);
      if (!signal.aborted) this.asking.answered(question, answer);
    } catch (error) {
      if (!signal.aborted) this.asking.failed(question, error);
    }
    if (signal.aborted) return;
    const { waiting } = this;
    this.running = undefined;
    this.waiting = undefined;
    if (waiting !== undefined) this.put(waiting.question);
  }
}
