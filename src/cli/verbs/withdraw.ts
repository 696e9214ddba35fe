import type { Command } from 'commander';
import { change, type ChangeOptions, changingVerb } from './change.js';
import { parseIntentionId } from '../options/options.js';
import type { Terminal } from '../terminal/terminal.js';

export function withdrawVerb(terminal: Terminal): Command {
  return changingVerb('withdraw')
    .summary('withdraws what is left of an intention')
    .description('Withdraws what is left of an intention, on the running exchange.')
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .examples(['parley withdraw 12', 'what is left of intention 12'])
    .action((id: string, options: ChangeOptions) =>
      change(terminal, options, (client, call) => client.withdraw(id, call)),
    );
}
