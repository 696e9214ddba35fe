import type { Command } from 'commander';
import { Verb } from '../../options/verb.js';

export function keysVerb(): Command {
  return new Verb('keys').description(
    'Makes and edits the file that `parley serve --keys` reads. A server that runs with it sees each change within seconds. ' +
      'Where somebody else has changed the file meanwhile, it is left as it is.',
  );
}
