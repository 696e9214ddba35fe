import { InvalidArgumentError, type Command } from 'commander';
import type { Switch } from '../../../client/index.js';
import { connect } from '../../options/connection.js';
import { formatOf } from '../../options/options.js';
import { parseParticipant } from '../../options/values.js';
import { fieldsOf, writeRecord } from '../../terminal/rows.js';
import { writeObject } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { change, type ChangeOptions, changingVerb } from '../trade/change.js';

interface SwitchOptions extends ChangeOptions {
  readonly participant?: string;
  readonly within?: number;
  readonly off?: true;
}

export function switchVerb(terminal: Terminal): Command {
  return changingVerb('switch')
    .description(
      'Shows a participant’s dead man’s switch on the running exchange, or sets it: unless it is set again within the time, all that the ' +
        'participant has open is withdrawn. Programs that trade set it again and again; this is for looking, and for taking it off.',
    )
    .option('--participant <name>', 'whose; the key’s own where it is left out', parseParticipant)
    .option('--within <seconds>', 'sets it: 1 to 86400', parseWithin)
    .option('--off', 'takes it off')
    .examples(
      ['parley switch --participant alice', 'whether alice has one, and when it lapses'],
      [
        'parley switch --participant alice --within 30',
        'withdraws her intentions in 30 seconds, unless it is set again',
      ],
      ['parley switch --participant alice --off', 'takes it off'],
    )
    .action(async (options: SwitchOptions) => {
      const { participant } = options;
      const withinMs = options.off === true ? 0 : options.within;
      if (withinMs !== undefined) {
        await change(terminal, options, (client, { signal }) => client.setSwitch(withinMs, { participant, signal }), {
          fields,
          unknown: 'whether the switch was set is unknown: set it again',
        });
        return;
      }
      const found = await connect(options).switch({ participant, signal: terminal.signal });
      const { out } = terminal;
      await writeRecord(out, formatOf(options), found, { fields, write: () => writeObject(out, found) });
    });
}

function parseWithin(text: string): number {
  const seconds = /^[0-9]{1,5}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > 86_400) throw new InvalidArgumentError('it is a number of seconds, 1 to 86400');
  return Math.round(seconds * 1_000);
}

const fields = fieldsOf<Switch>({
  ...{ participant: true, withinMs: true, lapsesAt: true, position: true, positionByShard: true },
});
