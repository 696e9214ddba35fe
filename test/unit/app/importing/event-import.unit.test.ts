import { describe, expect, it } from 'vitest';
import { EventImport } from '../../../../src/app/importing/event-import.js';
import { eventLines } from '../../../../src/cli/reports/event-lines.js';
import { NewLogTarget } from '../../../../src/app/importing/import-target.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import type { ShardLog } from '../../../../src/log/port.js';
import { kept, type ReadBatch } from '../../../support/log/batches.js';
import { MemoryLog } from '../../../support/log/memory-log.js';

async function tradedLog(): Promise<MemoryLog> {
  const log = new MemoryLog();
  const exchange = await Exchange.open(log);
  await exchange.list({ symbol: 'ACME', tickSize: '0.01', lotSize: '1' });
  const post = (id: string, participant: string, side: 'buy' | 'sell') =>
    exchange.post({ clientIntentionId: id, participant, instrument: 'ACME', side, price: '1.00', quantity: '5' });
  await post('a-1', 'alice', 'buy');
  await Promise.all([post('b-1', 'bob', 'sell'), post('b-2', 'bob', 'sell')]);
  await exchange.close();
  return log;
}

async function batchesOf(log: ShardLog): Promise<ReadBatch[]> {
  const batches: ReadBatch[] = [];
  for await (const batch of log.read(0)) batches.push(kept(batch));
  return batches;
}

async function exportOf(log: ShardLog): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of log.read(0)) for (const line of eventLines(batch, 0)) lines.push(JSON.stringify(line));
  return lines;
}

async function importInto(log: ShardLog, lines: readonly string[]) {
  const writer = await log.open();
  const importing = new EventImport(new NewLogTarget(writer), log.shard);
  for (const [index, line] of lines.entries()) await importing.add(line, `export:${index + 1}`);
  return importing.finish();
}

describe('EventImport', () => {
  it('EventImport makes the same batches, byte for byte, through the log port alone', async () => {
    const source = await tradedLog();
    const copy = new MemoryLog();
    const report = await importInto(copy, await exportOf(source));
    const batches = await batchesOf(source);
    expect(await batchesOf(copy)).toEqual(batches);
    expect(report).toMatchObject({ events: await source.head(), batches: batches.length, eventsSealed: 0 });
  });

  it('EventImport seals what an export that was cut short leaves unsealed', async () => {
    const lines = await exportOf(await tradedLog());
    for (let count = 1; count < lines.length; count++) {
      const log = new MemoryLog();
      const { eventsSealed, events } = await importInto(log, lines.slice(0, count));
      expect(events).toBe(eventsSealed === 0 ? count : count + 1);
      const exchange = await Exchange.open(log);
      expect(exchange.status().state).toBe('serving');
      await exchange.close();
    }
  });

  it('EventImport rises above the epochs that the imported log brings along', async () => {
    const source = await tradedLog();
    for (let starts = 0; starts < 3; starts++) await (await Exchange.open(source)).close();
    const copy = new MemoryLog();
    await importInto(copy, await exportOf(source));
    const exchange = await Exchange.open(copy);
    expect(exchange.status().epoch).toBe(5);
    await exchange.close();
  });

  it('EventImport names the position of the first batch whose digest is not that of its events', async () => {
    const lines = await exportOf(await tradedLog());
    const forged = lines.map((line) => line.replace('"name":"alice"', '"name":"mallory"'));
    const first = forged.findIndex((line, at) => line !== lines[at]);
    const sealed = lines.findIndex((line, at) => at > first && line.includes('BatchSealed'));
    await expect(importInto(new MemoryLog(), forged)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`position ${sealed}: the digest is `),
    });
  });

  it.each([
    ['{"position":0', 2, 'export:1: the line is not JSON'],
    ['\ufeff{"position":0}', 2, 'export:1: the line begins with a byte order mark, which JSON must not have'],
    ['[1]', 2, 'export:1: a line is a JSON object'],
    [
      '{"position":0,"stream":"shard-0","type":"Nothing","version":1}',
      2,
      'export:1: there is no event Nothing version 1',
    ],
    [
      '{"position":0,"stream":"shard-7","type":"ShardStarted","version":1,"revision":0,"shard":7,"epoch":1,"atMs":1}',
      2,
      'export:1: its stream is shard-0, not "shard-7"',
    ],
    [
      '{"position":4,"stream":"shard-0","type":"ShardStarted","version":1,"revision":0,"shard":0,"epoch":1,"atMs":1}',
      3,
      'position 0 is missing: the line has 4 (export:1)',
    ],
  ])('EventImport refuses what is no export: %s', async (line, exitCode, message) => {
    await expect(importInto(new MemoryLog(), [line])).rejects.toMatchObject({ exitCode, message });
  });

  it('EventImport fails when the log does not take a batch', async () => {
    const log = new MemoryLog({ plan: () => ({ outcome: 'fenced', stored: false }) });
    await expect(importInto(log, await exportOf(await tradedLog()))).rejects.toMatchObject({ exitCode: 1 });
  });
});
