import { Command } from 'commander';
import { explain } from '../../projections/why/explain.js';
import { explanationJson } from '../../projections/why/explanation-json.js';
import { explanationText } from '../../projections/why/explanation-text.js';
import { shardOfIntention } from '../../projections/store/places.js';
import { endOf, homeOf, readUpTo, unreadNote } from './history.js';
import { addLogOptions } from './log-target/log-options.js';
import { readingMarket } from './log-target/market.js';
import { wholeLog } from './log-target/whole-log.js';
import {
  atOption,
  type AtOptions,
  dataOption,
  type DataOptions,
  examples,
  jsonOption,
  type JsonOptions,
  parseIntentionId,
} from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import type { Terminal } from './terminal/terminal.js';

interface WhyOptions extends DataOptions, AtOptions, JsonOptions {}

export function whyVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('why'))
    .summary('tells why an intention was, or was not, filled')
    .description(
      'Tells why an intention was, or was not, filled, from the log: each reason with its position there. Of several shards, the one ' +
        'that posted it is read, which its id tells; what its counterparties in others did is told as far as it stands there.',
    )
    .argument('<intention>', 'the intention’s id', parseIntentionId)
    .addOption(dataOption())
    .addOption(atOption())
    .addOption(jsonOption('one JSON object'))
    .addHelpText(
      'after',
      examples(
        ['parley why 12', 'what happened to intention 12'],
        ['parley why 12 --at 400', 'as far as position 400 could tell'],
      ),
    )
    .action(async (id: string, options: WhyOptions, command: Command) => {
      const read = await readingMarket(terminal, command, async (market) => {
        const shard = homeOf(market, shardOfIntention(id), `UNKNOWN_INTENTION: there is no intention ${id}`);
        const log = await market.log(shard);
        const until = await endOf(log, options.at);
        const found = await readUpTo(terminal, until, (reading) => explain(wholeLog(log, until), Number(id), reading));
        if (found !== undefined) return { ...found, shard, note: unreadNote(market, shard) };
        throw new Failure(ExitCode.Failure, `UNKNOWN_INTENTION: there is no intention ${id} before position ${until}`);
      });
      const { explanation, names, shard, note } = read;
      if (options.json === true) {
        const json = explanationJson(explanation, names);
        await terminal.out.json(note === undefined ? json : { ...json, shard });
      } else await terminal.out.write(explanationText(explanation, names));
      if (note !== undefined) terminal.note(note);
    });
}
