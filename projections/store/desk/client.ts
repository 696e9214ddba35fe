import type { Answer, Asked, QueryPort, QueryRequest, QueryResponse, Question } from './protocol.js';

interface Pending {
  readonly answer: (answer: Answer) => void;
  readonly timer: NodeJS.Timeout;
}

/** How many questions may wait for their answers. */
const MAX_PENDING = 10_000;
/** A thread that is busy may be late with saying that it is too late. */
const GRACE_MS = 1_000;

/** Asks the stores of another thread. Every question is answered in time, if only with STORE_BEHIND, STORE_BUSY or STORE_GONE. */
export class QueryClient implements Asked {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private gone: Answer | undefined;

  constructor(private readonly port: QueryPort) {
    port.on('message', this.onMessage);
    for (const event of ['close', 'exit', 'error'] as const) port.on(event, this.onGone);
  }

  answer(question: Question): Promise<Answer> {
    if (this.gone !== undefined) return Promise.resolve(this.gone);
    if (this.pending.size >= MAX_PENDING) {
      return Promise.resolve({ ok: false, code: 'STORE_BUSY', message: 'too many questions wait for an answer' });
    }
    const request: QueryRequest = { ...question, id: ++this.lastId };
    return new Promise((answer) => {
      const timer = setTimeout(() => {
        const message = `the thread of the query stores has not answered in ${question.timeoutMs} ms`;
        this.settle(request.id, { ok: false, code: 'STORE_BUSY', message });
      }, question.timeoutMs + GRACE_MS);
      this.pending.set(request.id, { answer, timer });
      this.port.postMessage(request);
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
    const { id, ...answer } = message as QueryResponse; // serveQueries is the only other end
    this.settle(id, answer);
  };

  private readonly onGone = (cause?: unknown): void => {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    this.gone ??= { ok: false, code: 'STORE_GONE', message: `the query stores’ thread has ended${why}` };
    for (const id of [...this.pending.keys()]) this.settle(id, this.gone);
  };
}
