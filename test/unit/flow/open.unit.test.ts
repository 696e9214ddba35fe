import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openFlow, type OpenFlow } from '../../../src/flow/open.js';
import { failureOf, stepsIn } from './reading.js';

function open(content: Uint8Array | string): Promise<OpenFlow> {
  return openFlow('-', { stdin: Readable.from([Buffer.from(content)]) });
}

it('A script is recognised by its first line with content, and named by its first comment', async () => {
  const flow = await open('\n# XNYS ACME made up\n# more\npost 1 B 5 5\n');
  expect(flow).toMatchObject({ format: 'script', symbol: 'ACME' });
  expect((await stepsIn(flow.batches)).map(({ lineNumber }) => lineNumber)).toEqual([1, 4]);
});

it('LOBSTER messages are recognised by their rows or their header, compressed or not', async () => {
  for (const content of ['34200.5,1,11,100,1000000,1\n34200.6,5,0,1,1,1\n', 'Time,Type,OrderID\n']) {
    expect(await open(content)).toMatchObject({ format: 'lobster', symbol: 'FLOW' });
    expect(await open(gzipSync(content))).toMatchObject({ format: 'lobster' });
  }
  const flow = await open('34200.5,1,11,100,1000000,1\n34200.6,5,0,1,1,1\n');
  expect(await stepsIn(flow.batches)).toHaveLength(2);
  expect(flow.skipped).toMatchObject({ hidden: 1 });
});

it('A long preface does not hide the flow, nor is it kept', async () => {
  const flow = await open(`${'# preface\n'.repeat(100_000)}post 1 B 5 5\n`);
  expect(flow.format).toBe('script');
  expect(await stepsIn(flow.batches)).toHaveLength(2);
});

it('A flow that cannot be read is refused, at once or when it is read', async () => {
  expect(await failureOf(() => open(''))).toEqual(['FLOW_EMPTY', undefined]);
  expect(await failureOf(() => openFlow('/nowhere/at/all.txt'))).toEqual(['FLOW_UNREADABLE', undefined]);
  expect(await failureOf(async () => stepsIn((await open('# only\n')).batches))).toEqual(['FLOW_EMPTY', undefined]);
  const garbage = await open('hello\n');
  expect(garbage.format).toBe('script');
  expect(await failureOf(() => stepsIn(garbage.batches))).toEqual(['FLOW_MALFORMED_LINE', 1]);
});

it('Reading a flow that ends early closes its file', async () => {
  const stdin = Readable.from(Array.from({ length: 100 }, () => Buffer.from('post 1 B 5 5\n')));
  const { batches } = await openFlow('-', { stdin });
  await batches.next();
  await batches.return();
  expect(stdin.destroyed).toBe(true);
});
