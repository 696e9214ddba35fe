import type { Command } from 'commander';
import { ExitCode, Failure } from '../../app/exit.js';
import { ReadMarket } from '../../app/logs/market.js';
import { GRACE_MS } from '../../app/logs/targets.js';
import type { Terminal } from '../terminal/terminal.js';
import { settingsOf } from './read-settings.js';

/** For work that reads and nothing else: when the verb is to stop, it does, whatever it waits for. */
export function readingMarket<Value>(
  terminal: Terminal,
  command: Command,
  work: (market: ReadMarket) => Promise<Value>,
): Promise<Value> {
  return inMarket(terminal, command, (market) => terminal.interruptible(work(market), GRACE_MS));
}

/** The same for work that ends by itself when the verb is to stop. */
export async function inMarket<Value>(
  terminal: Terminal,
  command: Command,
  work: (market: ReadMarket) => Promise<Value>,
): Promise<Value> {
  const market = await terminal.interruptible(marketOf(terminal, command));
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

function marketOf(terminal: Terminal, command: Command): Promise<ReadMarket> {
  const settings = settingsOf(command, terminal.env, { reads: true });
  const isNamed = (command.getOptionValueSource('shard') ?? 'default') !== 'default';
  return ReadMarket.of(settings, isNamed, (text) => terminal.warn(text));
}
