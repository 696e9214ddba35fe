import type { Command } from 'commander';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { mergedPositions } from '../../../../projections/ledger/merged-positions.js';
import type { PositionView } from '../../../../projections/ledger/postings.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { readHistories } from '../../reports/log/history.js';
import { positionsIn } from '../../reports/log/positions-in.js';
import { readingMarket } from '../../options/logs/with-market.js';
import { formatOf, type LookOptions } from '../../options/options.js';
import { fieldsOf, type RowKind, writeRows } from '../../terminal/rows.js';
import { parseParticipant } from '../../options/values.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface PositionsOptions extends LookOptions {
  readonly participant?: string;
}

export function positionsVerb(terminal: Terminal): Command {
  return new Verb('positions')
    .description(
      'Shows what each participant has bought and sold of each instrument, and the cash that went with it: of the running exchange, ' +
        'or with --data, --log or --at from the log alone. Of several shards, what is in their logs is added up.',
    )
    .option('--participant <name>', 'only this participant’s', parseParticipant)
    .lookOptions()
    .examples(
      ['parley positions --participant alice', 'of the running exchange'],
      ['parley positions --data ./parley-data --json', 'all of them, from the log'],
    )
    .action(async (options: PositionsOptions, command: Command) => {
      const positions = readsLog(terminal, command, options)
        ? await positionsOfLog(terminal, command, options)
        : await positionsOfServer(terminal, options);
      await writeRows(terminal.out, formatOf(options), positions, positionRows);
    });
}

async function positionsOfLog(
  terminal: Terminal,
  command: Command,
  options: PositionsOptions,
): Promise<readonly PositionView[]> {
  const shards = await readingMarket(
    terminal,
    command,
    (market) => readHistories(terminal, market, options, () => new LedgerFold()),
    [options.at],
  );
  const [first, ...others] = shards.map((shard) => positionsIn(shard, options));
  return others.length === 0 ? (first ?? []) : mergedPositions([first ?? [], ...others]);
}

const PAGE_ROWS = 1_000;

async function positionsOfServer(terminal: Terminal, options: PositionsOptions): Promise<readonly PositionView[]> {
  const client = connect(options);
  const { participant } = options;
  const positions: PositionView[] = [];
  for (;;) {
    const after = positions.at(-1);
    const page = await client.positions({ participant, after, limit: PAGE_ROWS }, { signal: terminal.signal });
    positions.push(...page);
    if (page.length < PAGE_ROWS) return positions;
  }
}

export const positionRows: RowKind<PositionView> = {
  none: 'no positions',
  columns: [
    { head: 'participant', value: ({ participant }) => participant },
    { head: 'instrument', value: ({ instrument }) => instrument },
    { head: 'bought', value: ({ bought }) => bought, align: 'right' },
    { head: 'sold', value: ({ sold }) => sold, align: 'right' },
    { head: 'net', value: ({ net }) => net, align: 'right' },
    { head: 'cash', value: ({ cash }) => cash, align: 'right' },
  ],
  fields: fieldsOf<PositionView>({
    ...{ participant: true, instrument: true, bought: true, sold: true, net: true, cash: true },
  }),
};
