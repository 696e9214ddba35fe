import { servePort } from '../../port-client.js';
import type { Answer, Asked, QueryPort, Question } from './protocol.js';

/** Answers the questions that come through a port. Texts are handed over, not copied. Returns a function that ends it. */
export function serveQueries(port: QueryPort, desk: Asked): () => void {
  return servePort<Question, Answer>(port, (question) => desk.answer(question));
}
