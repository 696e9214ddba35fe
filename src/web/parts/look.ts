import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ParleyError } from '../../client/wire/error.js';
import { presence } from '../app/exchange.js';
import { asOf, draggedTo, isDragging, source } from '../app/moment.js';
import type { AsOf, Asked, Source } from '../source/source.js';
import { Newest } from './newest.js';

const LEAST_WAIT_MS = 1_000;

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
  /** Leaves the exchange to the other looks while the slider moves, and looks when that rests. */
  readonly waitsForSlider?: boolean;
}

/**
 * Looks something up at the moment at which the page stands, and again when that or `subject` changes. A look that is no longer wanted is
 * given up; one that failed because the exchange was away is made again when it is back, and one that it had no time for, after a while.
 * While the slider is dragged, one look follows the other, each at where the slider is by then.
 */
export function useLook<Value>(
  subject: string,
  ask: (source: Source, asked: Asked) => Promise<Value>,
  { everyMs, isWanted = true, waitsForSlider = false }: LookOptions = {},
): Look<Value> {
  const from = source.value;
  const { at, shard } = asOf.value;
  const isThere = presence.value === 'live' || from.kind === 'file';
  const [state, setState] = useState<State<Value>>(nothing);
  const [count, setCount] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;
  const isLive = at === undefined;
  const looks = useRef<Newest<AsOf, Value> | undefined>(undefined);
  const isLooking = isWanted && isThere;
  const isHeldBack = waitsForSlider && isDragging.value;
  useLayoutEffect(() => {
    if (!isLooking) return undefined;
    const newest = new Newest<AsOf, Value>({
      ask: (moment, signal) => asking.current(from, { ...moment, signal }),
      answered: (moment, value) => setState({ subject, value, error: undefined, isLoading: false, asOf: moment }),
      failed: (_moment, error) => setState((before) => ({ ...before, subject, error, isLoading: false })),
    });
    looks.current = newest;
    return () => newest.end();
  }, [subject, from, isLooking, count]);
  useLayoutEffect(() => {
    if (!isLooking || isHeldBack) return undefined;
    setState((before) => ({ ...(before.subject === subject ? before : nothing), subject, isLoading: true }));
    const look = (isPatient: boolean): void => looks.current?.put({ at, shard }, { isPatient });
    // Given up whenever the slider moves on, none would be answered before it stands still.
    look(draggedTo.peek() !== undefined);
    if (everyMs === undefined || !isLive || from.kind !== 'server') return undefined;
    const timer = setInterval(() => look(true), everyMs);
    return () => clearInterval(timer);
  }, [subject, from, at, shard, isLooking, isHeldBack, count, everyMs, isLive]);
  useEffect(() => {
    const waitMs = isLooking ? waitAfter(state.error) : undefined;
    if (waitMs === undefined) return undefined;
    const timer = setTimeout(() => setCount((times) => times + 1), waitMs);
    return () => clearTimeout(timer);
  }, [state.error, isLooking]);
  const { value, error, isLoading } = state.subject === subject ? state : { ...nothing, isLoading: isWanted };
  return {
    ...{ value, error, isLoading },
    isStale: value !== undefined && (!isThere || state.asOf?.at !== at || state.asOf?.shard !== shard),
    again: () => setCount((times) => times + 1),
  };
}

/** How long until a look that failed is made again, where that may help. */
function waitAfter(error: unknown): number | undefined {
  if (!(error instanceof ParleyError && error.isTransient)) return undefined;
  return Math.max(LEAST_WAIT_MS, error.retryAfterMs ?? 0);
}

interface State<Value> {
  readonly subject: string | undefined;
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly asOf: AsOf | undefined;
}

const nothing = { subject: undefined, value: undefined, error: undefined, isLoading: false, asOf: undefined };
