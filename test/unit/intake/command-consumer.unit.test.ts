import { expect, it, onTestFinished } from 'vitest';
import { Exchange } from '../../../src/exchange/exchange.js';
import { CommandConsumer } from '../../../src/intake/command-consumer.js';
import type { CommandSource, TopicCommand } from '../../../src/intake/source.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { eventsIn } from '../../support/reference/exchange-harness.js';
import { untilAborted } from '../../support/time/until-aborted.js';

/** A topic of these commands, in memory. */
class Commands implements CommandSource {
  readonly noted: number[] = [];
  readonly refused: string[] = [];
  readonly isSettled = true;

  constructor(private readonly values: readonly unknown[]) {}

  async *follow(signal: AbortSignal): AsyncIterable<readonly TopicCommand[]> {
    yield this.values.map((value, offset) => ({ offset, key: 'k', value: Buffer.from(JSON.stringify(value)) }));
    await untilAborted(signal);
  }
  starting({ offset }: TopicCommand): void {
    this.noted.push(offset);
  }
  refuse({ offset }: TopicCommand, code: string, detail: string): void {
    this.refused.push(`${offset} ${code} ${detail}`);
  }
  forward(): boolean {
    throw new Error('a switch is set where it stands');
  }
}

it('A switch in a topic is set in the shard whose partition it stands in, and what is none becomes a dead letter', async () => {
  const log = new MemoryLog();
  const exchange = await Exchange.open(log);
  const source = new Commands([
    { command: 'switch', participant: 'alice', withinMs: 30_000 },
    { command: 'switch', withinMs: 30_000 },
    { command: 'switch', participant: 'alice', withinMs: 1.5 },
    { command: 'switch', participant: 'alice', withinMs: 999 },
    { command: 'switch', participant: 'alice', withinMs: 0 },
  ]);
  const settle = (): Promise<void> => Promise.resolve();
  const consumer = new CommandConsumer({ source, exchange, shards: 8, logger: silentLogger, settle });
  onTestFinished(async () => {
    await consumer.end();
    await exchange.close();
  });
  consumer.start();
  await expect.poll(() => consumer.counts).toEqual({ taken: 2, refused: 3, forwarded: 0 });
  expect(source.refused).toEqual([
    '1 INVALID_COMMAND participant is missing: say whose switch',
    '2 INVALID_COMMAND withinMs must be a whole number',
    '3 INVALID_COMMAND withinMs is 0, or 1000 to 86400000',
  ]);
  expect(source.noted).toEqual([0, 3, 4]);
  await exchange.log.flushed();
  const set = (await eventsIn(log)).flatMap(({ event }) => (event.type === 'SwitchSet' ? [event.withinMs] : []));
  expect(set).toEqual([30_000, 0]);
});
