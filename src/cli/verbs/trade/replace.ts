import type { Command } from 'commander';
import { usage } from '../../../app/exit.js';
import { changeTerms, type TermsOptions, termsVerb } from './change.js';
import { parseIntentionId } from '../../options/options.js';
import { parsePrice, parseQuantity } from '../../options/values.js';
import type { Terminal } from '../../terminal/terminal.js';

interface ReplaceOptions extends TermsOptions {
  readonly price?: string;
  readonly quantity?: string;
}

export function replaceVerb(terminal: Terminal): Command {
  return termsVerb('replace')
    .description(
      'Gives an intention a new limit, a new quantity left to deal, or both, on the running exchange. It goes to the end of its queue, ' +
        'and may deal at once; with a smaller quantity alone it keeps its place.',
    )
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .option('--price <price>', 'the new limit, as a decimal number; as it is unless given', parsePrice)
    .option('--quantity <quantity>', 'what is left to deal from now on; as it is unless given', parseQuantity)
    .examples(
      ['parley replace 12 --price 10.30 --quantity 60', 'a better price for 60'],
      ['parley replace 12 --price 10.30', 'a better price for what is left'],
      ['parley replace 12 --quantity 60', 'as many as 60 are left to deal'],
    )
    .action((id: string, options: ReplaceOptions) => {
      const { price, quantity } = options;
      if (price === undefined && quantity === undefined) throw usage('give --price, --quantity or both');
      return changeTerms(terminal, options, (client, call) => client.replace(id, { price, quantity }, call));
    });
}
