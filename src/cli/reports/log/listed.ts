/** The log of the shard that lists an instrument. */
import type { DirectoryFold } from '../../../../projections/directory/directory.js';
import { failure } from '../../../app/exit.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import { NoLogError } from '../../../app/logs/no-log.js';
import type { EventHandler } from '../../../events/handlers.generated.js';
import { positionText } from '../../../log/position-text.js';
import type { AtOptions } from '../../options/options.js';
import type { Terminal } from '../../terminal/terminal.js';
import { readHistory, type ReadShard } from './history.js';

interface Wanted extends AtOptions {
  readonly symbol: string;
}

/** Folds the log of the shard that lists the instrument into what `make` makes for it. Fails where none lists it. */
export async function readListed<Made extends EventHandler>(
  terminal: Terminal,
  market: ReadMarket,
  wanted: Wanted,
  make: (directory: DirectoryFold) => Made,
): Promise<ReadShard<Made>> {
  const { symbol } = wanted;
  let last: ReadShard<Made> | undefined;
  for await (const read of candidates(terminal, market, wanted, make)) {
    if (read.directory.instrumentBySymbol(symbol) !== undefined) return read;
    last = read;
  }
  const where = market.isSharded
    ? `in any of ${market.shards.length} shards`
    : `before position ${positionText(last?.position ?? 0, market.shown(last?.shard ?? 0))}`;
  throw failure(`UNKNOWN_INSTRUMENT: ${symbol} is not listed ${where}`);
}

/** The shard where an instrument belongs, and then the others: it may have been listed when there were fewer shards. */
async function* candidates<Made extends EventHandler>(
  terminal: Terminal,
  market: ReadMarket,
  { symbol, ...options }: Wanted,
  make: (directory: DirectoryFold) => Made,
): AsyncGenerator<ReadShard<Made>, void, void> {
  const home = market.shardOfSymbol(symbol);
  const others = options.at === undefined ? market.shards.filter((shard) => shard !== home) : [];
  for (const shard of [home, ...others]) {
    try {
      yield await readHistory(terminal, await market.log(shard), options, make);
    } catch (error) {
      if (!market.isSharded || !(error instanceof NoLogError)) throw error;
    }
  }
}
