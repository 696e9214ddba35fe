import type { Command } from 'commander';
import { ExitCode, Failure, usage } from '../../../app/exit.js';
import { ReadMarket } from '../../../app/logs/market.js';
import { GRACE_MS } from '../../../app/logs/targets.js';
import type { Terminal } from '../../terminal/terminal.js';
import { type Point, shardNamedBy } from './points.js';
import { settingsOf } from './read-settings.js';

/**
 * For work that reads and nothing else: when the verb is to stop, it does, whatever it waits for. A shard that one of the points names is the
 * one that is read, as with `--shard`.
 */
export function readingMarket<Value>(
  terminal: Terminal,
  command: Command,
  work: (market: ReadMarket) => Promise<Value>,
  points: readonly (Point | undefined)[] = [],
): Promise<Value> {
  return inMarket(terminal, command, (market) => terminal.interruptible(work(market), GRACE_MS), points);
}

/** The same for work that ends by itself when the verb is to stop. */
export async function inMarket<Value>(
  terminal: Terminal,
  command: Command,
  work: (market: ReadMarket) => Promise<Value>,
  points: readonly (Point | undefined)[] = [],
): Promise<Value> {
  const market = await terminal.interruptible(marketOf(terminal, command, shardNamedBy(...points)));
  try {
    return await work(market);
  } catch (error) {
    // What is not there may be what is gone.
    const isLost = market.isContradicted && error instanceof Failure && error.exitCode === ExitCode.Failure;
    throw isLost ? new Failure(ExitCode.Damaged, error.message, { cause: error }) : error;
  } finally {
    if (market.isContradicted) terminal.exitCode = ExitCode.Damaged;
    await market.close();
  }
}

function marketOf(terminal: Terminal, command: Command, shard: number | undefined): Promise<ReadMarket> {
  const settings = settingsOf(command, terminal.env, { reads: true });
  const source = command.getOptionValueSource('shard') ?? 'default';
  const isNamed = source !== 'default';
  if (source === 'cli' && shard !== undefined && shard !== settings.shard) {
    throw usage(`--shard says ${settings.shard}, and a position is of shard ${shard}`);
  }
  const read = { ...settings, shard: shard ?? settings.shard };
  return ReadMarket.of(read, isNamed || shard !== undefined, (text) => terminal.warn(text));
}
