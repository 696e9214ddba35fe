import { useEffect, useState } from 'preact/hooks';
import { pause } from '../../resilience/pause.js';
import { server } from '../app/exchange.js';
import type { ServerSource } from '../source/server-source.js';

export interface Polled<Value> {
  /** The last that came: it stays while the server is away. */
  readonly value: Value | undefined;
  /** Why the last time did not do; undefined where it did. */
  readonly error: unknown;
}

const EVERY_MS = 1_000;

/** What the server is asked each second while the view is shown and the tab is seen, at whatever moment the page stands. */
export function usePolled<Value>(
  ask: (from: ServerSource, signal: AbortSignal) => Promise<Value>,
  { isWanted = true }: { readonly isWanted?: boolean } = {},
): Polled<Value> {
  const from = server.value;
  const [state, setState] = useState<Polled<Value>>({ value: undefined, error: undefined });
  useEffect(() => {
    if (!isWanted) return undefined;
    const over = new AbortController();
    void poll(over.signal, async () => {
      try {
        const value = await ask(from, over.signal);
        if (!over.signal.aborted) setState({ value, error: undefined });
      } catch (error) {
        if (!over.signal.aborted) setState(({ value }) => ({ value, error }));
      }
    });
    return () => over.abort();
  }, [from, isWanted]);
  return state;
}

async function poll(signal: AbortSignal, once: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const beganMs = performance.now();
    if (document.visibilityState === 'visible') await once();
    await pause(Math.max(100, EVERY_MS - (performance.now() - beganMs)), signal);
  }
}
