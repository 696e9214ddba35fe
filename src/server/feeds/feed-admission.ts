import type { KeyInUse } from '../access.js';
import { Allowance } from '../limits/allowance.js';

/** Takes a place for a feed of this key; undefined where there is none. What it returns gives the place back. */
type AdmitFeed = (key: KeyInUse) => (() => void) | undefined;

/** So many a key may have while there are any. */
const LEAST_OF_A_KEY = 16;

/** How many feeds there may be, of all and so of each key. */
export function feedAdmission(most: number): AdmitFeed {
  const allowance = new Allowance(most, { least: LEAST_OF_A_KEY, share: 2 });
  return ({ id }) => (allowance.tryHold(id, 1) ? () => allowance.release(id, 1) : undefined);
}
