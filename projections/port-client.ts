import type { QueryPort } from './store/desk/protocol.js';

/** What a question is answered with that does not come to its answer. */
export interface PortAnswers<Answer> {
  readonly tooMany: Answer;
  late(timeoutMs: number): Answer;
  gone(why: string): Answer;
}

interface Pending<Answer> {
  readonly answer: (answer: Answer) => void;
  readonly timer: NodeJS.Timeout;
}

/** How many questions may wait for their answers. */
const MAX_PENDING = 10_000;
/** A thread that is busy may be late with saying that it is too late. */
const GRACE_MS = 1_000;

/** Puts questions to another thread. Each is answered in time, if only with why not. */
export class PortClient<Question extends { readonly timeoutMs: number }, Answer extends object> {
  private readonly pending = new Map<number, Pending<Answer>>();
  private lastId = 0;
  private gone: Answer | undefined;

  constructor(
    private readonly port: QueryPort,
    private readonly answers: PortAnswers<Answer>,
  ) {
    port.on('message', this.onMessage);
    for (const event of ['close', 'exit', 'error'] as const) port.on(event, this.onGone);
  }

  ask(question: Question): Promise<Answer> {
    if (this.gone !== undefined) return Promise.resolve(this.gone);
    if (this.pending.size >= MAX_PENDING) return Promise.resolve(this.answers.tooMany);
    const id = ++this.lastId;
    return new Promise((answer) => {
      const { timeoutMs } = question;
      const timer = setTimeout(() => this.settle(id, this.answers.late(timeoutMs)), timeoutMs + GRACE_MS);
      this.pending.set(id, { answer, timer });
      this.port.postMessage({ ...question, id });
    });
  }

  /** Waits for no more answers; what is under way is refused. The port stays open. */
  close(): void {
    this.port.off('message', this.onMessage);
    for (const event of ['close', 'exit', 'error'] as const) this.port.off(event, this.onGone);
    this.onGone();
  }

  private settle(id: number, answer: Answer): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    clearTimeout(pending.timer);
    pending.answer(answer);
  }

  private readonly onMessage = (message: unknown): void => {
    const { id, ...answer } = message as { id: number } & Answer; // servePort is the only other end
    this.settle(id, answer as unknown as Answer); // what was sent, without its number
  };

  private readonly onGone = (cause?: unknown): void => {
    this.gone ??= this.answers.gone(cause instanceof Error ? `: ${cause.message}` : '');
    for (const id of [...this.pending.keys()]) this.settle(id, this.gone);
  };
}

/** Answers the questions that come through a port. Texts are handed over, not copied. Returns a function that ends it. */
export function servePort(port: QueryPort, answerTo: (question: unknown) => Promise<object>): () => void {
  const onMessage = (message: unknown): void => {
    const request = message as { readonly id: number }; // PortClient is the only other end
    void answerTo(request).then((answer) => {
      const value = 'value' in answer ? answer.value : undefined;
      const text = value instanceof Uint8Array ? value.buffer : undefined;
      port.postMessage({ ...answer, id: request.id }, text instanceof ArrayBuffer ? [text] : []);
    });
  };
  port.on('message', onMessage);
  return () => port.off('message', onMessage);
}
