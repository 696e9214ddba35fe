import { PortClient } from '../../port-client.js';
import type { Answer, Asked, QueryPort, Question } from './protocol.js';

const busy = (message: string): Answer => ({ ok: false, code: 'STORE_BUSY', message });

/** Asks the stores of another thread. Every question is answered in time, if only with STORE_BEHIND, STORE_BUSY or STORE_GONE. */
export class QueryClient implements Asked {
  private readonly client: PortClient<Question, Answer>;

  constructor(port: QueryPort) {
    this.client = new PortClient(port, {
      tooMany: busy('too many questions wait for an answer'),
      late: (timeoutMs) => busy(`the thread of the query stores has not answered in ${timeoutMs} ms`),
      gone: (why) => ({ ok: false, code: 'STORE_GONE', message: `the query stores’ thread has ended${why}` }),
    });
  }

  answer(question: Question): Promise<Answer> {
    return this.client.ask(question);
  }

  /** Waits for no more answers; what is under way is refused. The port stays open. */
  close(): void {
    this.client.close();
  }
}
