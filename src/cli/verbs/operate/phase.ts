import { Argument, type Command } from 'commander';
import type { Phase } from '../../../client/index.js';
import { parseSymbol } from '../../options/values.js';
import type { Terminal } from '../../terminal/terminal.js';
import { change, type ChangeOptions, changingVerb } from '../trade/change.js';
import { instrumentRows } from '../look/instruments.js';

const phases: readonly Phase[] = ['call', 'continuous'];

export function phaseVerb(terminal: Terminal): Command {
  return changingVerb('phase')
    .description(
      'Puts an instrument into its call phase, in which intentions are collected for an auction, or into continuous trading, in which ' +
        'they deal as they arrive, on the running exchange. Before a call ends, `parley uncross` runs its auction. It takes an ' +
        'operator’s key, where there are keys. In the phase that it is in already, nothing changes.',
    )
    .argument('<symbol>', 'the instrument', parseSymbol)
    .addArgument(new Argument('<phase>', 'the phase').choices(phases))
    .examples(
      ['parley phase ACME call', 'collects intentions for an auction'],
      ['parley phase ACME continuous', 'lets them deal as they arrive'],
    )
    .action((symbol: string, phase: Phase, options: ChangeOptions) =>
      change(terminal, options, (client, call) => client.changePhase(symbol, phase, call), {
        fields: instrumentRows.fields,
        unknown: `whether the phase was changed is unknown: parley instruments ${symbol} tells`,
      }),
    );
}
