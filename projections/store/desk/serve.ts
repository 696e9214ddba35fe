import { servePort } from '../../port-client.js';
import type { Asked, QueryPort, Question } from './protocol.js';

/** Answers the questions that come through a port. Texts are handed over, not copied. Returns a function that ends it. */
export function serveQueries(port: QueryPort, desk: Asked): () => void {
  return servePort(port, (question) => desk.answer(question as Question)); // QueryClient is the only other end
}
