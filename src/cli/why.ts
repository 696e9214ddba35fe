import { Command } from 'commander';
import { explain } from '../../projections/why/explain.js';
import { explanationJson } from '../../projections/why/explanation-json.js';
import { explanationText } from '../../projections/why/explanation-text.js';
import { endOf, readUpTo } from './history.js';
import { addLogOptions } from './log-place/log-options.js';
import { readingPlace } from './log-place/place.js';
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
    .description('Tells why an intention was, or was not, filled, from the log: each reason with its position there.')
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
      const { found, until } = await readingPlace(terminal, command, async (place) => {
        const log = await place.existingLog();
        const end = await endOf(log, options.at);
        return { found: await readUpTo(terminal, end, (reading) => explain(log, Number(id), reading)), until: end };
      });
      if (found === undefined) {
        throw new Failure(ExitCode.Failure, `UNKNOWN_INTENTION: there is no intention ${id} before position ${until}`);
      }
      const { explanation, names } = found;
      await (options.json === true
        ? terminal.out.json(explanationJson(explanation, names))
        : terminal.out.write(explanationText(explanation, names)));
    });
}
