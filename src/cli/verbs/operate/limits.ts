import { InvalidArgumentError, type Command } from 'commander';
import type { Limits, LimitTerms } from '../../../client/index.js';
import { usage } from '../../../app/exit.js';
import { connect } from '../../options/connection.js';
import { formatOf } from '../../options/options.js';
import { parseLimitQuantity, parseParticipant, parseSymbol } from '../../options/values.js';
import { fieldsOf, type RowKind, writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { change, type ChangeOptions, changingVerb } from '../trade/change.js';

interface LimitsOptions extends ChangeOptions {
  readonly instrument?: string;
  readonly openQuantity?: string;
  readonly netPosition?: string;
  readonly perSecond?: number;
  readonly halt?: true;
  readonly withdraw?: true;
  readonly none?: true;
}

export function limitsVerb(terminal: Terminal): Command {
  return changingVerb('limits')
    .description(
      'Shows what participants may have open, hold and post on the running exchange. With a participant and limits, sets them in place of ' +
        'those before, for one instrument or for each on its own; both hold. It takes an operator’s key, where there are keys.',
    )
    .argument('[participant]', 'of this one alone', parseParticipant)
    .option('--instrument <symbol>', 'for this instrument; otherwise for each on its own', parseSymbol)
    .option('--open-quantity <quantity>', 'the most that may be open, buys and sells together', parseLimitQuantity)
    .option('--net-position <quantity>', 'how far the position may go if all that is open dealt', parseLimitQuantity)
    .option('--per-second <count>', 'how many intentions may be posted in a second', parsePerSecond)
    .option('--halt', 'nothing may be posted, replaced or made larger')
    .option('--withdraw', 'withdraws what is open there')
    .option('--none', 'takes the limits off')
    .examples(
      ['parley limits', 'all that are set'],
      ['parley limits alice --instrument ACME --open-quantity 500 --net-position 1000', 'bounds what alice can lose'],
      ['parley limits alice --halt --withdraw', 'stops alice, and withdraws what she has open'],
      ['parley limits alice --none', 'lets her go on'],
    )
    .action(async (participant: string | undefined, options: LimitsOptions) => {
      const limits = limitsIn(options);
      if (limits === undefined) {
        const found = await connect(options).limits({ participant, signal: terminal.signal });
        await writeRows(terminal.out, formatOf(options), found, limitRows);
        return;
      }
      if (participant === undefined) throw usage('say whose limits these are');
      await change(terminal, options, (client, call) => client.setLimits(participant, limits, call), {
        fields: limitRows.fields,
        unknown: `whether the limits were set is unknown: parley limits ${participant} tells`,
      });
    });
}

/** The limits that are given; undefined where they are only to be shown. */
function limitsIn(options: LimitsOptions): (LimitTerms & { readonly withdraw?: boolean }) | undefined {
  const { instrument, openQuantity, netPosition, perSecond, halt, withdraw, none } = options;
  const given = { openQuantity, netPosition, intentionsPerSecond: perSecond, halted: halt, withdraw };
  const terms = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const isAny = Object.keys(terms).length > 0;
  if (none === true && isAny) throw usage('--none takes all limits off: leave the others out');
  if (none !== true && !isAny) {
    if (instrument !== undefined) throw usage('say what is limited there');
    return undefined;
  }
  return { instrument, ...terms };
}

function parsePerSecond(text: string): number {
  const count = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : 0;
  if (count === 0) throw new InvalidArgumentError('it is a whole number from 1 up');
  return count;
}

export const limitRows: RowKind<Limits> = {
  none: 'no limits',
  columns: [
    { head: 'participant', value: ({ participant }) => participant },
    { head: 'instrument', value: ({ instrument }) => instrument ?? 'each' },
    { head: 'open', value: ({ openQuantity }) => openQuantity ?? '', align: 'right' },
    { head: 'position', value: ({ netPosition }) => netPosition ?? '', align: 'right' },
    { head: 'a second', value: ({ intentionsPerSecond }) => String(intentionsPerSecond ?? ''), align: 'right' },
    { head: 'halted', value: ({ halted }) => (halted ? 'halted' : '') },
  ],
  fields: fieldsOf<Limits>({
    ...{ participant: true, instrument: true, openQuantity: true, netPosition: true },
    ...{ intentionsPerSecond: true, halted: true },
  }),
};
