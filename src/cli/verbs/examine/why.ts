import type { Command } from 'commander';
import { explain } from '../../../../projections/why/explain.js';
import { explanationJson } from '../../../../projections/why/explanation-json.js';
import { explanationText } from '../../../../projections/why/explanation-text.js';
import { shardOfIntention } from '../../../../projections/store/places.js';
import { findInLog } from '../../reports/log/history.js';
import { atOption, type AtOptions, jsonOption, type JsonOptions, parseIntentionId } from '../../options/options.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface WhyOptions extends AtOptions, JsonOptions {}

export function whyVerb(terminal: Terminal): Command {
  return new Verb('why')
    .description(
      'Tells why an intention was, or was not, filled, from the log: each reason with its position there. Of several shards, the one ' +
        'that posted it is read, which its id tells; of its counterparties on other shards, what is recorded there is shown.',
    )
    .argument('<intention>', 'the intention’s id', parseIntentionId)
    .logOptions()
    .addOption(atOption())
    .addOption(jsonOption('one JSON object'))
    .examples(
      ['parley why 12', 'what happened to intention 12'],
      ['parley why 12 --at 400', 'as far as position 400 could tell'],
    )
    .action(async (id: string, { at, json }: WhyOptions, command: Command) => {
      const { found, shard, note } = await findInLog(terminal, command, {
        shardOfId: shardOfIntention(id),
        unknown: `UNKNOWN_INTENTION: there is no intention ${id}`,
        at,
        read: (log, reading, shown) => explain(log, Number(id), { ...reading, shard: shown }),
      });
      const { explanation, names } = found;
      if (json === true) await terminal.out.json({ ...explanationJson(explanation, names), shard });
      else await terminal.out.write(explanationText(explanation, names, terminal.out.columns));
      if (note !== undefined) terminal.note(note);
    });
}
