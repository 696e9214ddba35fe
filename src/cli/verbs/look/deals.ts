import type { Command } from 'commander';
import {
  placeOf,
  placeText,
  positionOfPlace,
  shardOfDeal,
  shardOfPlace,
} from '../../../../projections/store/places.js';
import type { DealView } from '../../../../projections/tape/views.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { type DealsOptions, dealsOfLog } from '../../reports/log/deals-of-log.js';
import { formatOf, parseCount, parseIntentionId } from '../../options/options.js';
import { parsePlace } from '../../options/logs/points.js';
import { parseTime, TIME_FORMS } from '../../options/times.js';
import { parseParticipant, parseSymbol } from '../../options/values.js';
import { usage } from '../../../app/exit.js';
import { fieldsOf, type RowKind, RowWriter } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

export function dealsVerb(terminal: Terminal): Command {
  return new Verb('deals')
    .description(
      'Shows confirmed deals, in the order in which they were decided: of the running exchange, or with --data, --log or --at from ' +
        'the log alone. Of several shards, the latest deals are the latest by time, and a position says the shard too: 1/11, or ' +
        'as one number with --json. With --follow it goes on after a connection that breaks, and leaves ' +
        'nothing out; with a participant’s key it looks every second.',
    )
    .option('--instrument <symbol>', 'only of this instrument', parseSymbol)
    .option('--participant <name>', 'only with this participant on either side', parseParticipant)
    .option('--intention <id>', 'only with this intention on either side', parseIntentionId)
    .option('--after <position>', 'the first ones after this position; otherwise the latest ones', parsePlace)
    .option('--since <time>', `only from this time on: ${TIME_FORMS}`, parseTime)
    .option('--limit <count>', 'so many at most; with --follow of those that there are', parseCount, 100)
    .option('-f, --follow', 'then each new one as it becomes durable, until it is interrupted')
    .lookOptions()
    .examples(
      ['parley deals --instrument ACME --limit 20', 'the latest 20 of the running exchange'],
      ['parley deals --data ./parley-data --participant alice --json', 'hers, from the log'],
      ['parley deals --follow --participant alice', 'hers so far, and then each as it comes'],
    )
    .action(async (options: DealsOptions, command: Command) => {
      const printer = new DealPrinter(terminal, options);
      if (options.follow === true) mustBeFollowed(options, command);
      if (readsLog(terminal, command, options)) {
        await dealsOfLog(terminal, command, options, (deals, isSharded) => printer.show(deals, isSharded));
      } else if (options.follow === true) await followServer(terminal, options, printer);
      else await printer.show(await dealsOfServer(terminal, options));
      terminal.throwIfStopped();
      await printer.end();
    });
}

const PAGE_ROWS = 1_000;

/** Prints deals under one head, as they come. */
class DealPrinter {
  private writer: RowWriter<DealView> | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly options: DealsOptions,
  ) {}

  async show(
    deals: readonly DealView[],
    isSharded = deals.some((deal) => shardOfPlace(placeIn(deal)) > 0),
  ): Promise<void> {
    const { terminal, options } = this;
    this.writer ??= new RowWriter(terminal.out, formatOf(options), dealRows(isSharded));
    await this.writer.write(deals);
    await terminal.out.flush();
  }

  async end(): Promise<void> {
    await this.writer?.end();
  }
}

function mustBeFollowed({ at, after, limit }: DealsOptions, command: Command): void {
  if (at !== undefined) throw usage('--follow goes on from now, and --at looks at the past: give one or the other');
  if (after !== undefined && command.getOptionValueSource('limit') === 'cli') {
    throw usage('--limit: with --follow and --after, all deals after that position are printed');
  }
  if (limit > PAGE_ROWS)
    throw usage(`--limit: --follow begins with ${PAGE_ROWS} deals at most; --after has no such bound`);
}

async function followServer(terminal: Terminal, options: DealsOptions, printer: DealPrinter): Promise<void> {
  const { instrument, participant, intention, limit, since = 0 } = options;
  const filter = { instrument, participant, intention, after: placeAfter(options), latest: limit };
  for await (const deals of connect(options).followDeals({ ...filter, signal: terminal.signal })) {
    await printer.show(deals.filter((deal) => !isBefore(deal, since)));
  }
}

/** A deal whose time cannot be read is not kept from anybody. */
function isBefore({ at }: Pick<DealView, 'at'>, sinceMs: number): boolean {
  return Date.parse(at) < sinceMs;
}

function placeAfter({ after }: DealsOptions): number | undefined {
  return after === undefined ? undefined : placeOf(after.shard ?? 0, after.position);
}

/** The same from a running exchange, a page at a time: onward from `after`, or back from the latest, as far as `since`. */
async function dealsOfServer(terminal: Terminal, options: DealsOptions): Promise<readonly DealView[]> {
  const client = connect(options);
  const { instrument, participant, intention, limit, since = 0 } = options;
  const after = placeAfter(options);
  const filter = { instrument, participant, intention };
  let deals: readonly DealView[] = [];
  let place: { readonly after?: number | undefined; readonly before?: number | undefined } = { after };
  for (;;) {
    const rows = Math.min(PAGE_ROWS, limit - deals.length);
    const page = await client.deals({ ...filter, ...place, limit: rows }, { signal: terminal.signal });
    const wanted = page.filter((deal) => !isBefore(deal, since));
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

export const dealRows = (isSharded: boolean): RowKind<DealView> => ({
  none: 'no deals',
  columns: [
    {
      head: 'position',
      value: (deal) => placeText(placeIn(deal), isSharded || shardOfPlace(placeIn(deal)) > 0),
      align: 'right',
    },
    { head: 'at', value: ({ at }) => at },
    { head: 'deal', value: ({ id }) => id },
    { head: 'instrument', value: ({ instrument }) => instrument },
    { head: 'price', value: ({ price }) => price, align: 'right' },
    { head: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
    { head: 'buyer', value: ({ buyer, buyerIntention }) => partyText(buyer, buyerIntention) },
    { head: 'seller', value: ({ seller, sellerIntention }) => partyText(seller, sellerIntention) },
    { head: 'taker', value: ({ takerSide }) => (takerSide === 'buy' ? 'buyer' : 'seller') },
  ],
  fields: fieldsOf<DealView>({
    ...{ id: true, outcome: true, position: true, at: true, instrument: true, price: true, quantity: true },
    ...{ buyer: true, seller: true, buyerIntention: true, sellerIntention: true, takerSide: true, shard: true },
  }),
});

/** Empty where the instrument hides counterparties from who looks. */
function partyText(name = '', intention = ''): string {
  return name === '' ? '' : `${name} (${intention})`;
}
