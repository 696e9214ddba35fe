/** Answers on a WebSocket, as text: the id of what is answered, its status, and the body that HTTP would give. */
import { quoted } from '../../events/json-text.js';
import type { Problem } from '../../api/problem.js';
import type { RequestId } from '../../api/socket-request.js';
import { problemJson, statusOf } from '../problem-details.js';

/** `body` is JSON. */
export function answerText(id: RequestId | null, status: number, body: string): string {
  return `{"id":${typeof id === 'string' ? quoted(id) : id},"status":${status},"body":${body}}`;
}

export function problemText(id: RequestId | null, why: Problem): string {
  return answerText(id, statusOf[why.code], problemJson(why));
}
