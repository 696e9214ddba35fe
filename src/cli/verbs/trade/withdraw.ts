import type { Command } from 'commander';
import { usage } from '../../../app/exit.js';
import { connect } from '../../options/connection.js';
import { instrumentOption, participantOption, sideOption } from '../../options/filters.js';
import { formatOf, parseIntentionId } from '../../options/options.js';
import { withdrawAll } from '../../reports/withdraw-all.js';
import type { Terminal } from '../../terminal/terminal.js';
import { change, changingVerb, type CommandOptions, validUntilOption } from './change.js';

interface WithdrawOptions extends CommandOptions {
  readonly all?: true;
  readonly participant?: string;
  readonly instrument?: string;
  readonly side?: 'buy' | 'sell';
}

export function withdrawVerb(terminal: Terminal): Command {
  return changingVerb('withdraw')
    .description(
      'Withdraws what is left of an intention, on the running exchange; with --all of all that a participant has open, one after the ' +
        'other in the order of their ids. Each is printed with what came of it: one that is filled, or closed otherwise, before its ' +
        'turn comes is no error. What is posted meanwhile may stay. Where it breaks off, the same command again is safe.',
    )
    .argument('[id]', 'the intention’s id', parseIntentionId)
    .addOption(validUntilOption())
    .option('--all', 'all open intentions of the participant')
    .addOption(participantOption('with --all: whose'))
    .addOption(instrumentOption('with --all: only of this instrument'))
    .addOption(sideOption('with --all: only those that buy, or sell'))
    .examples(
      ['parley withdraw 12', 'what is left of intention 12'],
      ['parley withdraw --all --participant alice', 'all that alice has open'],
      ['parley withdraw --all --participant alice --instrument ACME --side sell', 'what alice offers of ACME'],
    )
    .action((id: string | undefined, options: WithdrawOptions) => {
      const { all, participant, instrument, side, validUntil } = options;
      if (all !== true) {
        const filter = ['participant', 'instrument', 'side'].find((name) => Object.hasOwn(options, name));
        if (id === undefined) throw usage('say which intention to withdraw, or --all');
        if (filter !== undefined) throw usage(`--${filter} goes with --all, and not with an intention’s id`);
        return change(terminal, options, (client, call) => client.withdraw(id, { ...call, validUntil }));
      }
      if (id !== undefined) throw usage('give an intention’s id or --all, and not both');
      if (participant === undefined) throw usage('--all needs --participant: whose intentions to withdraw');
      return withdrawAll(terminal, connect(options), formatOf(options), {
        ...{ participant, instrument, side, validUntil },
      });
    });
}
