import { Command } from 'commander';
import { shownInstrument } from '../../projections/directory/views.js';
import { LedgerFold } from '../../projections/ledger/ledger.js';
import { mergedPositions } from '../../projections/ledger/merged-positions.js';
import { type PositionView, positionView } from '../../projections/ledger/postings.js';
import { connect, readsLog } from './connection.js';
import { readHistories, type ReadShard } from './history.js';
import { addLogOptions } from './log-target/log-options.js';
import { readingMarket } from './log-target/market.js';
import {
  atOption,
  type AtOptions,
  dataOption,
  type DataOptions,
  examples,
  jsonOption,
  type JsonOptions,
  keyOption,
  type ServerOptions,
  urlOption,
} from './options.js';
import type { Output } from './terminal/output.js';
import { writeTable } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface PositionsOptions extends DataOptions, AtOptions, ServerOptions, JsonOptions {
  readonly participant?: string;
}

export function positionsVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('positions'))
    .summary('shows what participants have bought and sold')
    .description(
      'Shows what each participant has bought and sold of each instrument, and the cash that went with it: of the running exchange, ' +
        'or with --data, --log or --at from the log alone. Of several shards, what is in their logs is added up.',
    )
    .option('--participant <name>', 'only this participant’s')
    .addOption(dataOption())
    .addOption(atOption())
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        ['parley positions --participant alice', 'of the running exchange'],
        ['parley positions --data ./parley-data --json', 'all of them, from the log'],
      ),
    )
    .action(async (options: PositionsOptions, command: Command) => {
      const { out } = terminal;
      const positions = readsLog(command, options)
        ? await positionsOfLog(terminal, command, options)
        : await positionsOfServer(terminal, options);
      if (options.json === true) for (const position of positions) await out.json(position);
      else await writePositions(out, positions);
    });
}

async function positionsOfLog(
  terminal: Terminal,
  command: Command,
  options: PositionsOptions,
): Promise<readonly PositionView[]> {
  const shards = await readingMarket(terminal, command, (market) =>
    readHistories(terminal, market, options, () => new LedgerFold()),
  );
  const [first, ...others] = shards.map((shard) => positionsIn(shard, options));
  return others.length === 0 ? (first ?? []) : mergedPositions([first ?? [], ...others]);
}

function positionsIn(
  { directory, made: ledger }: ReadShard<LedgerFold>,
  { participant }: PositionsOptions,
): readonly PositionView[] {
  const participantId = participant === undefined ? undefined : directory.participantId(participant);
  if (participant !== undefined && participantId === undefined) return [];
  return ledger
    .positions(participantId)
    .map((position) =>
      positionView(
        shownInstrument(directory, position.instrumentId),
        directory.participantName(position.participantId),
        position,
      ),
    );
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

export async function writePositions(out: Output, positions: readonly PositionView[]): Promise<void> {
  if (positions.length === 0) {
    await out.line('no positions');
    return;
  }
  await writeTable(
    out,
    [
      { head: 'participant', value: ({ participant }) => participant },
      { head: 'instrument', value: ({ instrument }) => instrument },
      { head: 'bought', value: ({ bought }) => bought, align: 'right' },
      { head: 'sold', value: ({ sold }) => sold, align: 'right' },
      { head: 'net', value: ({ net }) => net, align: 'right' },
      { head: 'cash', value: ({ cash }) => cash, align: 'right' },
    ],
    positions,
  );
}
