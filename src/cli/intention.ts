import { Command } from 'commander';
import { IntentionFold } from '../../projections/store/intention-fold.js';
import { shardOfIntention } from '../../projections/store/places.js';
import type { IntentionView } from '../../projections/store/views.js';
import type { Intention } from '../client/index.js';
import { connect, readsLog } from './connection.js';
import { homeOf, readHistory } from './history.js';
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
  parseIntentionId,
  type ServerOptions,
  urlOption,
} from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import type { Output } from './terminal/output.js';
import { writeFields } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface IntentionOptions extends DataOptions, AtOptions, ServerOptions, JsonOptions {}

export function intentionVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('intention'))
    .summary('shows an intention')
    .description(
      'Shows an intention as it stands: of the running exchange, or with --data, --log or --at from the log alone. Of several shards, ' +
        'the one that posted it is read, which its id tells.',
    )
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .addOption(dataOption())
    .addOption(atOption())
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        ['parley intention 12', 'of the running exchange'],
        ['parley intention 12 --data ./parley-data --at 400', 'as it stood before position 400'],
      ),
    )
    .action(async (id: string, options: IntentionOptions, command: Command) => {
      const intention = readsLog(command, options)
        ? await intentionOfLog(terminal, command, id, options)
        : await connect(options).intention(id, { signal: terminal.signal });
      await (options.json === true ? terminal.out.json(intention) : writeIntention(terminal.out, intention));
    });
}

function intentionOfLog(
  terminal: Terminal,
  command: Command,
  id: string,
  options: IntentionOptions,
): Promise<IntentionView & { readonly shard?: number }> {
  return readingMarket(terminal, command, async (market) => {
    const shard = homeOf(market, shardOfIntention(id), `UNKNOWN_INTENTION: there is no intention ${id}`);
    const log = await market.log(shard);
    const { position, made: fold } = await readHistory(terminal, log, options, () => new IntentionFold(Number(id)));
    const intention = fold.view();
    if (intention !== undefined) return market.isSharded ? { ...intention, shard } : intention;
    throw new Failure(ExitCode.Failure, `UNKNOWN_INTENTION: there is no intention ${id} before position ${position}`);
  });
}

async function writeIntention(out: Output, intention: IntentionView | Intention): Promise<void> {
  const named = Object.entries(intention).map(([name, value]): [string, string | undefined] => [
    name,
    value === undefined ? undefined : String(value),
  ]);
  await writeFields(out, named);
}
