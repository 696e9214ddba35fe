import type { Command } from 'commander';
import { foldLog } from '../../../../projections/read-models.js';
import { IntentionFold } from '../../../../projections/store/database/intention-fold.js';
import { shardOfIntention } from '../../../../projections/store/places.js';
import type { IntentionView } from '../../../../projections/store/queries/views.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { findInLog } from '../../reports/log/history.js';
import { intentionFields } from './intentions.js';
import { inOrder, shownIntention } from '../../reports/shown-intention.js';
import { formatOf, type LookOptions, parseIntentionId } from '../../options/options.js';
import { writeRecord } from '../../terminal/rows.js';
import { writeObject } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

export function intentionVerb(terminal: Terminal): Command {
  return new Verb('intention')
    .description(
      'Shows an intention as it stands: of the running exchange, or with --data, --log or --at from the log alone. Of several shards, ' +
        'the one that posted it is read, which its id tells.',
    )
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .lookOptions()
    .examples(
      ['parley intention 12', 'of the running exchange'],
      ['parley intention 12 --data ./parley-data --at 400', 'as it stood before position 400'],
    )
    .action(async (id: string, options: LookOptions, command: Command) => {
      const intention: IntentionView = readsLog(terminal, command, options)
        ? await intentionOfLog(terminal, command, id, options)
        : await connect(options).intention(id, { signal: terminal.signal });
      const ordered = inOrder(intention);
      await writeRecord(terminal.out, formatOf(options), ordered, {
        fields: intentionFields,
        write: () => writeObject(terminal.out, shownIntention(ordered)),
      });
    });
}

async function intentionOfLog(
  terminal: Terminal,
  command: Command,
  id: string,
  { at }: LookOptions,
): Promise<IntentionView & { readonly shard?: number }> {
  const { found, shard } = await findInLog(terminal, command, {
    shardOfId: shardOfIntention(id),
    unknown: `UNKNOWN_INTENTION: there is no intention ${id}`,
    at,
    read: async (log, reading) => {
      const fold = new IntentionFold(Number(id));
      await foldLog(log, [fold], reading);
      return fold.view();
    },
  });
  return shard === undefined ? found : { ...found, shard };
}
