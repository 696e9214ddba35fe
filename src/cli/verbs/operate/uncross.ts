import type { Command } from 'commander';
import type { AuctionResult } from '../../../client/index.js';
import { parseSymbol } from '../../options/values.js';
import { fieldsOf } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { change, type ChangeOptions, changingVerb } from '../trade/change.js';

export function uncrossVerb(terminal: Terminal): Command {
  return changingVerb('uncross')
    .description(
      'Runs the auction of an instrument in its call phase, on the running exchange: it deals as much as can be dealt at one price, ' +
        'and prints that price, unless nothing could be dealt, the volume, and how many deals there were. The instrument stays in its ' +
        'call phase. It takes an operator’s key, where there are keys.',
    )
    .argument('<symbol>', 'the instrument', parseSymbol)
    .examples(
      ['parley uncross ACME', 'deals what was collected'],
      ['parley uncross ACME && parley phase ACME continuous', 'opens the market'],
    )
    .action((symbol: string, options: ChangeOptions) =>
      change(terminal, options, (client, call) => client.uncross(symbol, call), {
        fields,
        unknown: `whether the auction was run is unknown: parley deals --instrument ${symbol} tells`,
      }),
    );
}

const fields = fieldsOf<AuctionResult>({ instrument: true, price: true, volume: true, deals: true, position: true });
