import { Command } from 'commander';
import { change, changeOptions, type ChangeOptions } from './change.js';
import { examples, parseIntentionId } from './options.js';
import type { Terminal } from './terminal/terminal.js';

export function withdrawVerb(terminal: Terminal): Command {
  return changeOptions(new Command('withdraw'))
    .summary('withdraws what is left of an intention')
    .description('Withdraws what is left of an intention, on the running exchange.')
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .addHelpText('after', examples(['parley withdraw 12', 'what is left of intention 12']))
    .action((id: string, options: ChangeOptions) =>
      change(terminal, options, (client, call) => client.withdraw(id, call)),
    );
}
