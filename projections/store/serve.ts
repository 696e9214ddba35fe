import type { StoreFollower } from './follower.js';
import {
  type Found,
  type QueryPort,
  QueryFailedError,
  type QueryName,
  type QueryRequest,
  type QueryResponse,
} from './protocol.js';
import type { QueryStore } from './query-store.js';

/** Answers the questions that come through a port, each with the position that its rows stand at. Returns a function that ends it. */
export function serveQueries(port: QueryPort, store: QueryStore, follower: StoreFollower): () => void {
  const onMessage = (message: unknown): void => {
    const request = message as QueryRequest; // QueryClient is the only other end
    void answer(request, store, follower).then((response) => {
      port.postMessage(response);
    });
  };
  port.on('message', onMessage);
  return () => port.off('message', onMessage);
}

/** Says to each question that there is no store to answer it. Returns a function that ends it. */
export function refuseQueries(port: QueryPort, message: string): () => void {
  const onMessage = (asked: unknown): void => {
    const { id } = asked as QueryRequest; // QueryClient is the only other end
    port.postMessage({ id, ok: false, code: 'STORE_GONE', message } satisfies QueryResponse);
  };
  port.on('message', onMessage);
  return () => port.off('message', onMessage);
}

async function answer(request: QueryRequest, store: QueryStore, follower: StoreFollower): Promise<QueryResponse> {
  const { id, atLeast, timeoutMs } = request;
  try {
    if (!(await follower.waitFor(atLeast, timeoutMs))) {
      const message = `the store has come to position ${follower.caughtUpTo}, not yet to ${atLeast}`;
      throw new QueryFailedError('STORE_BEHIND', message);
    }
    return { id, ok: true, ...ask(request, store) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'QUERY_FAILED';
    return { id, ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

function ask({ query, values }: QueryRequest, store: QueryStore): Found<unknown> {
  return store.find((queries) => {
    const named = queries as unknown as Readonly<Record<QueryName, (...values: readonly unknown[]) => unknown>>; // QueryClient pairs each name with its values
    return named[query](...values);
  });
}
