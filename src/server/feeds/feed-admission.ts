import type { KeyInUse } from '../access.js';

/** Takes a place for a feed of this key; undefined where there is none. What it returns gives the place back. */
export type AdmitFeed = (key: KeyInUse) => (() => void) | undefined;

/** So many a key may have while there are any. */
const LEAST_OF_A_KEY = 16;

/**
 * How many feeds there may be. A key may hold as many as are still free for others, so that whoever comes next finds half of what was
 * left, however many one key asks for.
 */
export function feedAdmission(most: number): AdmitFeed {
  const held = new Map<string, number>();
  let all = 0;
  return ({ id }) => {
    const own = held.get(id) ?? 0;
    const free = most - all;
    if (free < 1 || own + 1 > Math.max(free, LEAST_OF_A_KEY)) return undefined;
    held.set(id, own + 1);
    all++;
    return () => {
      const left = (held.get(id) ?? 0) - 1;
      if (left > 0) held.set(id, left);
      else held.delete(id);
      all--;
    };
  };
}
