import { useEffect, useRef, useState } from 'preact/hooks';
import { asOf, source } from '../app/moment.js';
import { presence } from '../app/exchange.js';
import type { Asked, Source } from '../source/source.js';

/** What a look has come to. While another one is under way, the last answer stays: `isStale`. */
export interface Look<Value> {
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** What is shown is of another moment than the page by now, or the exchange is away. */
  readonly isStale: boolean;
  readonly again: () => void;
}

export interface LookOptions {
  /** Looks again so often, while the page is live. */
  readonly everyMs?: number;
  /** Does not look while it is false. */
  readonly isWanted?: boolean;
}

/**
 * Looks something up at the moment at which the page stands, and again when that or `subject` changes. A look that is no longer wanted is
 * given up; one that failed because the exchange was away is made again when it is back.
 */
export function useLook<Value>(
  subject: string,
  ask: (source: Source, asked: Asked) => Promise<Value>,
  { everyMs, isWanted = true }: LookOptions = {},
): Look<Value> {
  const from = source.value;
  const { at, atTime } = asOf.value;
  const isThere = presence.value === 'live' || from.kind === 'file';
  const [state, setState] = useState<State<Value>>(nothing);
  const [count, setCount] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;
  const isLive = at === undefined && atTime === undefined;
  useEffect(() => {
    if (!isWanted || !isThere) return undefined;
    const over = new AbortController();
    setState((before) =>
      before.subject === subject ? { ...before, isLoading: true } : { ...nothing, subject, isLoading: true },
    );
    const look = async (): Promise<void> => {
      try {
        const value = await asking.current(from, { at, atTime, signal: over.signal });
        if (!over.signal.aborted) setState({ subject, value, error: undefined, isLoading: false, at });
      } catch (error) {
        if (!over.signal.aborted) setState((before) => ({ ...before, error, isLoading: false }));
      }
    };
    void look();
    const timer =
      everyMs !== undefined && isLive && from.kind === 'server' ? setInterval(() => void look(), everyMs) : undefined;
    return () => {
      over.abort();
      clearInterval(timer);
    };
  }, [subject, from, at, atTime, isThere, isWanted, count, everyMs, isLive]);
  const { value, error, isLoading } = state.subject === subject ? state : { ...nothing, isLoading: isWanted };
  return {
    ...{ value, error, isLoading },
    isStale: value !== undefined && (!isThere || state.at !== at),
    again: () => setCount((times) => times + 1),
  };
}

interface State<Value> {
  readonly subject: string | undefined;
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly at: number | undefined;
}

const nothing = { subject: undefined, value: undefined, error: undefined, isLoading: false, at: undefined };
