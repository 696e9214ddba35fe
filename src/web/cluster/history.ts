import { signal } from '@preact/signals';
import type { ServerSource } from '../source/server-source.js';
import { advanced, type History, noHistory } from './figures.js';
import { parseMetrics } from './metrics.js';
import { usePolled } from './polled.js';

/** Kept while other views are looked at: what is missing meanwhile is a gap. */
const history = signal<History>(noHistory);
let keptOf: ServerSource | undefined;

export interface Measured {
  readonly history: History;
  readonly error: unknown;
}

/** What the server measures of itself, each second. */
export function useHistory(isWanted: boolean): Measured {
  const { error } = usePolled(
    async (from, over) => {
      const metrics = parseMetrics(await from.metrics({ signal: over }));
      history.value = advanced(keptOf === from ? history.peek() : noHistory, { atMs: Date.now(), metrics });
      keptOf = from;
    },
    { isWanted },
  );
  return { history: history.value, error };
}
