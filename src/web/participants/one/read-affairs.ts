import { ServerSource } from '../../source/server-source.js';
import type { Asked, Source } from '../../source/source.js';
import { type Affairs, affairsOf, MOST_DEALS, ownDeal } from './affairs.js';

/** A file’s intentions are asked for in one page. */
const MOST_OF_FILE = 1_000;

/** All of a participant’s affairs at a moment. */
export async function readAffairs(from: Source, participant: string, asked: Asked): Promise<Affairs> {
  const [glance, deals] = await Promise.all([
    readGlance(from, participant, asked),
    from.deals({ ...asked, participant, limit: MOST_DEALS }),
  ]);
  return { ...glance, deals: deals.map((deal) => ownDeal(deal, participant)).reverse() };
}

/** All of them but the deals. */
export async function readGlance(from: Source, participant: string, asked: Asked): Promise<Affairs> {
  if (from instanceof ServerSource) {
    const affairs = affairsOf(await from.account(participant, asked));
    // An account of the past leaves them out.
    return asked.at === undefined ? affairs : { ...affairs, limits: undefined, switch: undefined };
  }
  const [intentions, positions] = await Promise.all([
    from.intentions({ ...asked, participant, status: 'open', limit: MOST_OF_FILE }),
    from.positions({ ...asked, participant, limit: MOST_OF_FILE }),
  ]);
  return {
    ...{ participant, intentions, positions, places: [], deals: [], limits: undefined, switch: undefined },
    hasMore: intentions.length === MOST_OF_FILE,
  };
}
