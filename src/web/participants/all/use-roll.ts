import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { pause } from '../../../resilience/pause.js';
import { presence } from '../../app/exchange.js';
import { asOf, source } from '../../app/moment.js';
import { People } from './people.js';
import { rollOf } from './roll.js';

export interface Roll {
  /** Undefined until the first page is there. */
  readonly people: People | undefined;
  readonly isWhole: boolean;
  readonly error: unknown;
  /** What is shown is of another moment, or the exchange is away. */
  readonly isStale: boolean;
  /** Asks for the next page, unless one is under way or there is none. */
  readonly more: () => void;
  readonly again: () => void;
}

/** A whole roll is called again so long after, for each of its pages. */
const AGAIN_MS_A_PAGE = 2_500;

interface State extends Pick<Roll, 'people' | 'isWhole' | 'error'> {
  readonly of: unknown;
}

/** Everybody at the moment at which the page stands; called again now and then while that is now. */
export function useRoll(): Roll {
  const from = source.value;
  const { at, shard } = asOf.value;
  const isThere = presence.value === 'live' || from.kind === 'file';
  const [times, setTimes] = useState(0);
  const [state, setState] = useState<State>({ of: undefined, people: undefined, isWhole: false, error: undefined });
  const pull = useRef<(() => void) | undefined>(undefined);
  const isRepeated = at === undefined && from.kind === 'server';
  const subject = `${String(shard)}/${String(at)} ${times}`;
  useEffect(() => {
    if (!isThere) return undefined;
    const over = new AbortController();
    const { signal } = over;
    const roll = (): ReturnType<typeof rollOf> => rollOf(from, { at, shard, signal });
    const people = new People();
    const pages = roll();
    let isBusy = false;
    const show = (isWhole: boolean, shown = people, error?: unknown): void => {
      if (!signal.aborted) setState({ of: subject, people: shown, isWhole, error });
    };
    const next = async (): Promise<void> => {
      if (isBusy) return;
      isBusy = true;
      try {
        const page = await pages.next();
        people.add(page.value ?? []);
        show(page.done === true);
        if (page.done === true) {
          if (isRepeated) await repeat(roll, signal, (whole) => show(true, whole));
          return; // busy from now on: there is no other page
        }
      } catch (error) {
        if (!signal.aborted) setState((before) => ({ ...before, error }));
        return;
      }
      isBusy = false;
    };
    pull.current = () => void next();
    pull.current();
    return () => over.abort();
  }, [from, subject, isThere, isRepeated]);
  const { people, isWhole, error, of } = state;
  return {
    ...{ people, isWhole, error },
    isStale: people !== undefined && (!isThere || of !== subject),
    more: useCallback(() => pull.current?.(), []),
    again: () => setTimes((count) => count + 1),
  };
}

/** Calls the whole roll again and again, until the signal aborts. */
async function repeat(
  roll: () => ReturnType<typeof rollOf>,
  signal: AbortSignal,
  show: (people: People) => void,
): Promise<void> {
  for (let pages = 2; ;) {
    await pause(pages * AGAIN_MS_A_PAGE, signal);
    if (signal.aborted) return;
    if (document.visibilityState !== 'visible') continue;
    const people = new People();
    pages = 0;
    try {
      for await (const page of roll()) {
        people.add(page);
        pages++;
      }
      show(people);
    } catch {
      pages = 4; // the exchange is away: what is shown stays
    }
  }
}
