import { type Command, Option } from 'commander';
import { IntentionsFold } from '../../../../projections/store/database/intentions-fold.js';
import { statusNames } from '../../../../projections/store/database/status.js';
import type { IntentionView } from '../../../../projections/store/queries/views.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { instrumentOption, participantOption, sideOption } from '../../options/filters.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import { readHistories } from '../../reports/log/history.js';
import { readingMarket } from '../../options/logs/with-market.js';
import { inOrder } from '../../reports/shown-intention.js';
import { formatOf, type LookOptions, parseCount, parseIntentionId } from '../../options/options.js';
import { fieldsOf, type RowKind, RowWriter } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface IntentionsOptions extends LookOptions {
  readonly participant?: string;
  readonly instrument?: string;
  readonly side?: 'buy' | 'sell';
  readonly status: (typeof statusNames)[number] | 'all';
  readonly after?: string;
  readonly limit?: number;
}

export function intentionsVerb(terminal: Terminal): Command {
  return new Verb('intentions')
    .description(
      'Shows intentions as they stand, in the order of their ids: of the running exchange, or with --data, --log or --at from the log ' +
        'alone. With a participant’s key they are its own; an operator or auditor sees everybody’s. On a busy exchange, what is posted ' +
        'or closed while pages are fetched may or may not be among them.',
    )
    .addOption(participantOption('only of this participant'))
    .addOption(instrumentOption('only of this instrument'))
    .addOption(sideOption('only those that buy, or sell'))
    .addOption(new Option('--status <status>', 'how they stand').choices([...statusNames, 'all']).default('open'))
    .option('--after <id>', 'only those with a larger id', parseIntentionId)
    .option('--limit <count>', 'so many at most (default: all)', parseCount)
    .lookOptions()
    .examples(
      ['parley intentions --participant alice', 'what alice has open'],
      ['parley intentions --instrument ACME --side sell', 'who offers ACME'],
      ['parley intentions --status all -o csv > all.csv', 'all there ever were, for a spreadsheet'],
      ['parley intentions --data ./parley-data --at 1200', 'what was open before position 1200'],
    )
    .action(async (options: IntentionsOptions, command: Command) => {
      const writer = new RowWriter(terminal.out, formatOf(options), intentionRows);
      const pages = readsLog(terminal, command, options)
        ? [await intentionsOfLog(terminal, command, options)]
        : intentionsOfServer(terminal, options);
      for await (const page of pages) await writer.write(page.map(inOrder));
      await writer.end();
    });
}

/** An intention, with its shard where a log of several is read. */
export type ShownIntention = IntentionView & { readonly shard?: number };

function filterOf({ participant, instrument, side, status }: IntentionsOptions) {
  return { participant, instrument, side, status: status === 'all' ? undefined : status };
}

function intentionsOfLog(
  terminal: Terminal,
  command: Command,
  options: IntentionsOptions,
): Promise<readonly ShownIntention[]> {
  const { after = '0', limit } = options;
  const read = async (market: ReadMarket): Promise<readonly ShownIntention[]> => {
    const shards = await readHistories(terminal, market, options, () => new IntentionsFold(filterOf(options)));
    const all = shards.flatMap(({ made, shard }) =>
      market.isSharded ? made.views().map((view) => ({ ...view, shard })) : made.views(),
    );
    return all.filter(({ id }) => Number(id) > Number(after)).slice(0, limit);
  };
  return readingMarket(terminal, command, read, [options.at]);
}

const PAGE_ROWS = 1_000;

/** The same from a running exchange, page after page. */
async function* intentionsOfServer(
  { signal }: Terminal,
  options: IntentionsOptions,
): AsyncGenerator<readonly ShownIntention[], void, void> {
  const client = connect(options);
  let { after, limit = Number.POSITIVE_INFINITY } = options;
  while (limit > 0) {
    const rows = Math.min(PAGE_ROWS, limit);
    const page = await client.intentions({ ...filterOf(options), after, limit: rows }, { signal });
    yield page;
    if (page.length < rows) return;
    after = page.at(-1)?.id;
    limit -= rows;
  }
}

/** In the order in which the exchange has them. */
export const intentionFields = fieldsOf<ShownIntention>({
  ...{ id: true, clientIntentionId: true, participant: true, instrument: true, side: true, type: true, price: true },
  ...{ quantity: true, timeInForce: true, expiresAt: true, postOnly: true, status: true, open: true, reserved: true },
  ...{ filled: true, postedAt: true, postedPosition: true, postedPrice: true, postedQuantity: true },
  ...{ closedReason: true, closedAt: true, closedPosition: true, shard: true },
});

export const intentionRows: RowKind<ShownIntention> = {
  none: 'no intentions',
  columns: [
    { head: 'id', value: ({ id }) => id, align: 'right' },
    { head: 'participant', value: ({ participant }) => participant },
    { head: 'instrument', value: ({ instrument }) => instrument },
    { head: 'side', value: ({ side }) => side },
    { head: 'price', value: ({ price }) => price ?? 'market', align: 'right' },
    { head: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
    { head: 'open', value: ({ open }) => open, align: 'right' },
    { head: 'filled', value: ({ filled }) => filled, align: 'right' },
    { head: 'status', value: ({ status }) => status },
  ],
  fields: intentionFields,
};
