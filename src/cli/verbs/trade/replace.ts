import type { Command } from 'commander';
import { change, type ChangeOptions, changingVerb } from './change.js';
import { parseIntentionId } from '../../options/options.js';
import { parsePrice, parseQuantity } from '../../options/values.js';
import type { Terminal } from '../../terminal/terminal.js';

interface ReplaceOptions extends ChangeOptions {
  readonly price: string;
  readonly quantity: string;
}

export function replaceVerb(terminal: Terminal): Command {
  return changingVerb('replace')
    .description(
      'Gives an intention a new limit and a new quantity left to deal, on the running exchange. It goes to the end of its queue, and ' +
        'may deal at once.',
    )
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .requiredOption('--price <price>', 'the new limit, as a decimal number', parsePrice)
    .requiredOption('--quantity <quantity>', 'what is left to deal from now on, as a decimal number', parseQuantity)
    .examples(['parley replace 12 --price 10.30 --quantity 60', 'a better price for 60'])
    .action((id: string, options: ReplaceOptions) => {
      const { price, quantity } = options;
      return change(terminal, options, (client, call) => client.replace(id, { price, quantity }, call));
    });
}
