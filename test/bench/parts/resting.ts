import { participantNames } from '../flow/flow.js';
import type { FlowTaker } from '../flow/flow-player.js';

const LEVELS = 2_000;
const NEAREST_BID_TICKS = 9_000;
const NEAREST_ASK_TICKS = 11_000;

/** Posts so many intentions that rest, from number `from` on, far from where the flow deals: on both sides, at 2,000 prices each. */
export function postResting(taker: FlowTaker, count: number, from = 0): void {
  for (let index = from; index < from + count; index++) {
    const side = index & 1;
    const away = (index >> 1) % LEVELS;
    const price = side === 0 ? NEAREST_BID_TICKS - away : NEAREST_ASK_TICKS + away;
    const participant = participantNames[index % participantNames.length] ?? '';
    taker.post(`rest-${index.toString(36)}`, participant, side, price, 1 + (index % 10));
  }
}
