import type { Command } from 'commander';
import type { DirectoryFold } from '../../../projections/directory/directory.js';
import { placeOf, placeText, positionOfPlace, shardOfDeal, shardOfPlace } from '../../../projections/store/places.js';
import { type TapeDeal, TapeFold } from '../../../projections/tape/tape.js';
import { type DealView, dealView } from '../../../projections/tape/views.js';
import { latestOf, placed } from '../../../projections/store/desk/sharded-queries.js';
import { connect, readsLog } from '../options/connection.js';
import { readHistories } from '../reports/history.js';
import type { ReadMarket } from '../../app/logs/market.js';
import { readingMarket } from '../options/with-market.js';
import { type LookOptions, parseCount, parseIntentionId } from '../options/options.js';
import { type LogPosition, parsePlace } from '../options/points.js';
import { parseTime, TIME_FORMS } from '../options/times.js';
import { parseParticipant, parseSymbol } from '../options/values.js';
import { type Column, writeRows } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

interface DealsOptions extends LookOptions {
  readonly instrument?: string;
  readonly participant?: string;
  readonly intention?: string;
  readonly after?: LogPosition;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly limit: number;
}

export function dealsVerb(terminal: Terminal): Command {
  return new Verb('deals')
    .summary('shows deals, in the order in which they were decided')
    .description(
      'Shows confirmed deals, in the order in which they were decided: of the running exchange, or with --data, --log or --at from ' +
        'the log alone. Of several shards, the latest deals are the latest by time, and a position says the shard too: 1/11, or ' +
        'as one number with --json.',
    )
    .option('--instrument <symbol>', 'only of this instrument', parseSymbol)
    .option('--participant <name>', 'only with this participant on either side', parseParticipant)
    .option('--intention <id>', 'only with this intention on either side', parseIntentionId)
    .option('--after <position>', 'the first ones after this position; otherwise the latest ones', parsePlace)
    .option('--since <time>', `only from this time on: ${TIME_FORMS}`, parseTime)
    .option('--limit <count>', 'so many at most', parseCount, 100)
    .lookOptions()
    .examples(
      ['parley deals --instrument ACME --limit 20', 'the latest 20 of the running exchange'],
      ['parley deals --data ./parley-data --participant alice --json', 'hers, from the log'],
    )
    .action(async (options: DealsOptions, command: Command) => {
      const deals = readsLog(terminal, command, options)
        ? await dealsOfLog(terminal, command, options)
        : await dealsOfServer(terminal, options);
      const isSharded = deals.some((deal) => 'shard' in deal || shardOfPlace(placeIn(deal)) > 0);
      await writeRows(terminal.out, deals, { columns: columns(isSharded), none: 'no deals', json: options.json });
    });
}

/** A deal, with its shard where there are several: its position is then a place. */
type ShownDeal = DealView & { readonly shard?: number };

/** The deals that the options ask for, as the server has them. */
function dealsOfLog(terminal: Terminal, command: Command, options: DealsOptions): Promise<readonly ShownDeal[]> {
  const { after, limit } = options;
  const read = async (market: ReadMarket): Promise<readonly ShownDeal[]> => {
    const lists: ShownDeal[][] = [];
    await readHistories(terminal, market, options, (directory, shard) => {
      const list: ShownDeal[] = [];
      lists.push(list);
      // A number alone is a place, and so of shard 0, unless there is one shard.
      const here = { ...options, after: after && afterIn(shard, after, market.isSharded ? 0 : shard) };
      if (!market.isSharded) return tapeInto(list, directory, here, (deal) => deal);
      return tapeInto(list, directory, here, (deal) => ({ ...placed(shard, deal), shard }));
    });
    return after === undefined ? latestOf(lists, limit) : lists.flat().slice(0, limit);
  };
  return readingMarket(terminal, command, read, [options.at]);
}

/** A place as a position of one of the shards: all deals of an earlier one stand before it, all of a later one behind it. */
function afterIn(shard: number, { shard: named, position }: LogPosition, otherwise: number): number {
  const at = named ?? otherwise;
  if (at === shard) return position;
  return at < shard ? -1 : Number.POSITIVE_INFINITY;
}

type Wanted = Pick<DealsOptions, 'instrument' | 'participant' | 'intention' | 'since' | 'limit'> & {
  readonly after?: number | undefined;
};

/** Gathers the wanted deals while a log is read; of the latest ones, no more than twice the limit are kept. */
function tapeInto<Deal>(
  deals: Deal[],
  directory: DirectoryFold,
  wanted: Wanted,
  shown: (deal: DealView) => Deal,
): TapeFold {
  const { after, limit } = wanted;
  return new TapeFold({
    dealsKept: 1,
    onDeal: (deal) => {
      if (deal.position <= (after ?? -1) || !isWanted(deal, directory, wanted)) return;
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

const PAGE_ROWS = 1_000;

/** The same from a running exchange, a page at a time: onward from `after`, or back from the latest, as far as `since`. */
async function dealsOfServer(terminal: Terminal, options: DealsOptions): Promise<readonly DealView[]> {
  const client = connect(options);
  const { instrument, participant, intention, limit, since = 0 } = options;
  const after = options.after === undefined ? undefined : placeOf(options.after.shard ?? 0, options.after.position);
  const filter = { instrument, participant, intention };
  let deals: readonly DealView[] = [];
  let place: { readonly after?: number | undefined; readonly before?: number | undefined } = { after };
  for (;;) {
    const rows = Math.min(PAGE_ROWS, limit - deals.length);
    const page = await client.deals({ ...filter, ...place, limit: rows }, { signal: terminal.signal });
    const wanted = page.filter(({ at }) => Date.parse(at) >= since);
    deals = after === undefined ? [...wanted, ...deals] : [...deals, ...wanted];
    place = after === undefined ? { before: page[0]?.position } : { after: page.at(-1)?.position };
    const isOver = page.length < rows || (after === undefined && wanted.length < rows);
    if (isOver || deals.length >= limit) return deals;
  }
}

/** Where a deal was decided among all shards: its id tells in which, also where its position does not. */
function placeIn({ id, position }: DealView): number {
  return placeOf(shardOfDeal(id) ?? 0, positionOfPlace(position));
}

const columns = (isSharded: boolean): readonly Column<DealView>[] => [
  { head: 'position', value: (deal) => placeText(placeIn(deal), isSharded), align: 'right' },
  { head: 'at', value: ({ at }) => at },
  { head: 'deal', value: ({ id }) => id },
  { head: 'instrument', value: ({ instrument }) => instrument },
  { head: 'price', value: ({ price }) => price, align: 'right' },
  { head: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
  { head: 'buyer', value: ({ buyer, buyerIntention }) => `${buyer} (${buyerIntention})` },
  { head: 'seller', value: ({ seller, sellerIntention }) => `${seller} (${sellerIntention})` },
  { head: 'taker', value: ({ takerSide }) => (takerSide === 'buy' ? 'buyer' : 'seller') },
];
