import type { Asked, QueryPort, QueryRequest, QueryResponse } from './protocol.js';

/** Answers the questions that come through a port. Texts are handed over, not copied. Returns a function that ends it. */
export function serveQueries(port: QueryPort, desk: Asked): () => void {
  const onMessage = (message: unknown): void => {
    const request = message as QueryRequest; // QueryClient is the only other end
    void desk.answer(request).then((answer) => {
      const response: QueryResponse = { ...answer, id: request.id };
      const text = answer.ok && answer.value instanceof Uint8Array ? answer.value.buffer : undefined;
      port.postMessage(response, text instanceof ArrayBuffer ? [text] : []);
    });
  };
  port.on('message', onMessage);
  return () => port.off('message', onMessage);
}
