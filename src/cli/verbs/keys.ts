import type { Command } from 'commander';
import { keysAddVerb } from './keys/keys-add.js';
import { keysListVerb } from './keys/keys-list.js';
import { keysRevokeVerb } from './keys/keys-revoke.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

export function keysVerb(terminal: Terminal): Command {
  return new Verb('keys')
    .summary('makes and edits the file of API keys: add, list, revoke')
    .description(
      'Makes and edits the file that `parley serve --keys` reads. A server that runs with it sees each change within seconds. ' +
        'Where somebody else has changed the file meanwhile, it is left as it is.',
    )
    .addCommand(keysAddVerb(terminal))
    .addCommand(keysListVerb(terminal))
    .addCommand(keysRevokeVerb(terminal));
}
