import type { Command } from 'commander';
import { changeTerms, type TermsOptions, termsVerb } from './change.js';
import { parseIntentionId } from '../../options/options.js';
import { parseQuantity } from '../../options/values.js';
import type { Terminal } from '../../terminal/terminal.js';

interface ReduceOptions extends TermsOptions {
  readonly reduceBy: string;
}

export function reduceVerb(terminal: Terminal): Command {
  return termsVerb('reduce')
    .description('Makes an intention smaller, on the running exchange. It keeps its place in the queue.')
    .argument('<id>', 'the intention’s id', parseIntentionId)
    .requiredOption('--by, --reduce-by <quantity>', 'by how much, as a decimal number', parseQuantity)
    .examples(['parley reduce 12 --by 40', 'takes 40 off what is left of intention 12'])
    .action((id: string, options: ReduceOptions) =>
      changeTerms(terminal, options, (client, call) => client.reduce(id, options.reduceBy, call)),
    );
}
