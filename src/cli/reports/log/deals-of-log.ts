/** The deals of logs: those that there are, and those to come. */
import type { Command } from 'commander';
import type { DirectoryFold } from '../../../../projections/directory/directory.js';
import { latestOf, placed } from '../../../../projections/store/desk/deals-of-shards.js';
import { type TapeDeal, TapeFold } from '../../../../projections/tape/tape.js';
import { type DealView, dealView } from '../../../../projections/tape/views.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import type { LookOptions } from '../../options/options.js';
import type { LogPosition } from '../../options/logs/points.js';
import { readingMarket } from '../../options/logs/with-market.js';
import type { Terminal } from '../../terminal/terminal.js';
import { followHistory } from './following.js';
import { readHistories } from './history.js';

/** Which deals. */
export interface DealsOptions extends LookOptions {
  readonly instrument?: string;
  readonly participant?: string;
  readonly intention?: string;
  readonly after?: LogPosition;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly limit: number;
  readonly follow?: true;
}

/** Hands over the deals that the options ask for, and, where they say so, then each new one as it becomes durable, without end. */
export function dealsOfLog(
  terminal: Terminal,
  command: Command,
  options: DealsOptions,
  show: (deals: readonly DealView[], isSharded: boolean) => Promise<void>,
): Promise<void> {
  const read = async (market: ReadMarket): Promise<void> => {
    const { isSharded } = market;
    const { after, follow } = options;
    const gathered = new Map<number, Gathering>();
    const histories = await readHistories(terminal, market, options, (directory, shard) => {
      // A number alone is a place, and so of shard 0, unless there is one shard.
      const from = after && afterIn(shard, after, isSharded ? 0 : shard);
      const limit = follow === true && after !== undefined ? Number.POSITIVE_INFINITY : options.limit;
      const gathering = { deals: [], limit };
      gathered.set(shard, gathering);
      return tapeInto(gathering, directory, { ...options, after: from }, (deal) =>
        isSharded ? placed(shard, deal) : deal,
      );
    });
    const lists = [...gathered.values()].map(({ deals }) => deals.splice(0));
    const first = after === undefined ? latestOf(lists, options.limit) : lists.flat();
    await show(follow === true ? first : first.slice(0, options.limit), isSharded);
    if (follow !== true) return;
    await eachUntilOneFails(terminal.signal, histories, async (history, signal) => {
      const gathering = gathered.get(history.shard) ?? { deals: [], limit: 0 };
      gathering.limit = Number.POSITIVE_INFINITY;
      await followHistory(await market.log(history.shard), history, signal, async () => {
        const fresh = gathering.deals.splice(0);
        if (fresh.length > 0) await show(fresh, isSharded);
      });
    });
  };
  return readingMarket(terminal, command, read, [options.at]);
}

/** Work that has no end, for each of several: when one fails, the others are ended. */
async function eachUntilOneFails<Each>(
  signal: AbortSignal,
  all: readonly Each[],
  work: (each: Each, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  try {
    await Promise.all(all.map((each) => work(each, either)));
  } finally {
    failing.abort();
  }
}

/** Deals as they are found, and how many of them are kept. */
interface Gathering {
  readonly deals: DealView[];
  limit: number;
}

/** A place as a position of one of the shards: all deals of an earlier one stand before it, all of a later one behind it. */
function afterIn(shard: number, { shard: named, position }: LogPosition, otherwise: number): number {
  const at = named ?? otherwise;
  if (at === shard) return position;
  return at < shard ? -1 : Number.POSITIVE_INFINITY;
}

type Wanted = Pick<DealsOptions, 'instrument' | 'participant' | 'intention' | 'since'> & {
  readonly after?: number | undefined;
};

/** Gathers the wanted deals while a log is read; of the latest ones, no more than twice the limit are kept. */
function tapeInto(
  gathering: Gathering,
  directory: DirectoryFold,
  wanted: Wanted,
  shown: (deal: DealView) => DealView,
): TapeFold {
  const { deals } = gathering;
  const { after } = wanted;
  return new TapeFold({
    dealsKept: 1,
    onDeal: (deal) => {
      if (deal.position <= (after ?? -1) || !isWanted(deal, directory, wanted)) return;
      const { limit } = gathering;
      if (after !== undefined && deals.length >= limit) return;
      deals.push(shown(dealView(directory, deal)));
      if (deals.length >= 2 * limit) deals.splice(0, limit);
    },
  });
}

function isWanted(deal: TapeDeal, directory: DirectoryFold, wanted: Wanted): boolean {
  const { instrument, participant, intention, since = 0 } = wanted;
  if (deal.atMs < since) return false;
  if (instrument !== undefined && directory.instrument(deal.instrumentId)?.symbol !== instrument) return false;
  if (intention !== undefined && ![deal.initiatorId, deal.responderId].includes(Number(intention))) return false;
  if (participant === undefined) return true;
  const id = directory.participantId(participant);
  return id !== undefined && [deal.initiatorParticipantId, deal.responderParticipantId].includes(id);
}
