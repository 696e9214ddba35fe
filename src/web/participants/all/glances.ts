import { useEffect, useRef, useState } from 'preact/hooks';
import { pause } from '../../../resilience/pause.js';
import { presence } from '../../app/exchange.js';
import { asOf, source } from '../../app/moment.js';
import { Frames } from '../../parts/frames.js';
import { type Affairs } from '../one/affairs.js';
import { readGlance } from '../one/read-affairs.js';

/** What is seen of somebody at a glance. */
export type Glance = Pick<Affairs, 'intentions' | 'hasMore' | 'positions' | 'limits' | 'switch'>;

const EVERY_MS = 3_000;
/** Who has much open is looked at more seldom. */
const MS_AN_INTENTION = 10;
const AT_ONCE = 2;
const IDLE_MS = 200;

interface Taken {
  readonly glance: Glance | undefined;
  readonly dueMs: number;
}

/** Looks at those who can be seen, one after the other, and while the page is live again and again. */
export function useGlances(names: readonly string[]): ReadonlyMap<string, Glance> {
  const from = source.value;
  const { at, shard } = asOf.value;
  const isThere = presence.value === 'live' || from.kind === 'file';
  const isRepeated = at === undefined && from.kind === 'server';
  const seen = useRef(names);
  seen.current = names;
  const [glances, setGlances] = useState<ReadonlyMap<string, Glance>>(new Map());
  useEffect(() => {
    if (!isThere) return undefined;
    const over = new AbortController();
    const { signal } = over;
    const taken = new Map<string, Taken>();
    const frames = new Frames(() => setGlances(glancesOf(taken)));
    const look = async (): Promise<void> => {
      while (!signal.aborted) {
        const name = document.visibilityState === 'visible' ? dueOf(seen.current, taken) : undefined;
        if (name === undefined) {
          await pause(IDLE_MS, signal);
          continue;
        }
        const before = taken.get(name)?.glance;
        taken.set(name, { glance: before, dueMs: Number.POSITIVE_INFINITY });
        const glance = await readGlance(from, name, { at, shard, signal }).catch(() => before);
        const waitMs = Math.max(EVERY_MS, (glance?.intentions.length ?? 0) * MS_AN_INTENTION);
        taken.set(name, { glance, dueMs: isRepeated ? performance.now() + waitMs : Number.POSITIVE_INFINITY });
        frames.want();
      }
    };
    for (let index = 0; index < AT_ONCE; index++) void look();
    return () => {
      over.abort();
      frames.end();
    };
  }, [from, at, shard, isThere, isRepeated]);
  return glances;
}

/** Whose turn it is: whoever has not been looked at, or else whoever has been due for longest. */
function dueOf(names: readonly string[], taken: ReadonlyMap<string, Taken>): string | undefined {
  const nowMs = performance.now();
  let found: { readonly name: string; readonly dueMs: number } | undefined;
  for (const name of names) {
    const dueMs = taken.get(name)?.dueMs ?? 0;
    if (dueMs <= nowMs && (found === undefined || dueMs < found.dueMs)) found = { name, dueMs };
  }
  return found?.name;
}

function glancesOf(taken: ReadonlyMap<string, Taken>): ReadonlyMap<string, Glance> {
  return new Map([...taken].flatMap(([name, { glance }]) => (glance === undefined ? [] : [[name, glance] as const])));
}
