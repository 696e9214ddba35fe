import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ParleyClient } from '../../../../src/client/index.js';
import { csvRecords } from '../../../support/cli/csv.js';
import { ended, jsonLines, start } from '../../../support/cli/parley.js';
import { Serving } from '../../../support/cli/serving.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../../support/patience.js';
import { Cut } from '../../../support/servers/cut.js';

const folder = commandLineFolder();
const timeout = PROGRAM_PATIENCE_MS;

/** A verb that has no end, and what it has printed. */
class Live {
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;

  constructor(...args: readonly string[]) {
    this.child = start(args);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Of the lines of JSON that are whole. */
  field(name: string): unknown[] {
    return jsonLines(this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1)).map((line) => line[name]);
  }

  interrupt(): Promise<number> {
    this.child.kill('SIGINT');
    return ended(this.child);
  }
}

let posts = 0;

async function post(url: string, participant: string, side: 'buy' | 'sell', price = '10'): Promise<void> {
  const terms = { instrument: 'ACME', side, price, quantity: '1' } as const;
  await new ParleyClient({ url }).postIntention({ clientIntentionId: `p-${++posts}`, participant, ...terms });
}

async function deal(url: string): Promise<void> {
  await post(url, 'alice', 'buy');
  await post(url, 'bob', 'sell');
}

async function idsIn(url: string): Promise<string[]> {
  return (await new ParleyClient({ url }).deals()).map(({ id }) => id);
}

async function serve(data: string): Promise<Serving> {
  const serving = await Serving.start('--data', data);
  await new ParleyClient({ url: serving.url }).putInstrument('ACME', { tickSize: '1', lotSize: '1' });
  return serving;
}

describe('parley deals --follow', () => {
  it(
    '`parley deals --follow` shows each deal once, over cut connections and a kill of the server, until it is interrupted',
    { timeout },
    async () => {
      const data = path.join(folder, 'killed');
      let server = await serve(data);
      let way = await Cut.open({ target: new URL(server.url).host });
      onTestFinished(() => way.close());
      const { address } = way;
      await deal(server.url);
      const live = new Live('deals', '--follow', '--json', '--url', `http://${address}`);
      await expect.poll(() => live.field('id')).toHaveLength(1);
      await way.cut();
      await deal(server.url);
      await way.resume();
      await expect.poll(() => live.field('id')).toHaveLength(2);
      await server.end('SIGKILL');
      await way.close();
      server = await serve(data);
      await deal(server.url);
      await deal(server.url);
      way = await Cut.open({ target: new URL(server.url).host, port: Number(address.split(':')[1]) });
      await deal(server.url);
      await expect.poll(() => live.field('id')).toHaveLength(5);
      expect(live.field('id')).toEqual(await idsIn(server.url));
      expect(await live.interrupt()).toBe(130);
      expect(live.stderr).toBe('');
    },
  );

  it(
    '`parley deals --follow` of a folder shows what its filters choose, and each new deal once it is durable',
    { timeout },
    async () => {
      const data = path.join(folder, 'followed');
      const { url } = await serve(data);
      for (let count = 0; count < 3; count++) await deal(url);
      const live = new Live('deals', '--follow', '--limit', '2', '--data', data, '--json', '--participant', 'bob');
      const csv = new Live('deals', '--follow', '--limit', '1', '--data', data, '-o', 'csv', '--participant', 'carol');
      await expect.poll(() => live.field('id')).toHaveLength(2);
      await expect.poll(() => csv.stdout).toContain('id,outcome,');
      await post(url, 'alice', 'buy');
      await post(url, 'carol', 'sell');
      await deal(url);
      await expect.poll(() => live.field('id')).toHaveLength(3);
      const all = await idsIn(url);
      expect(live.field('id')).toEqual([all[1], all[2], all[4]]);
      await expect.poll(() => csvRecords(csv.stdout).map(({ id }) => id)).toEqual([all[3]]);
      expect(await live.interrupt()).toBe(130);
      expect(await csv.interrupt()).toBe(130);
    },
  );
});

describe('parley book --watch', () => {
  it(
    '`parley book --watch` shows a book each time it has changed, of the exchange and of its log',
    { timeout },
    async () => {
      const data = path.join(folder, 'watched');
      const server = await serve(data);
      const both = [
        ['--url', server.url],
        ['--data', data],
      ].map((where) => new Live('book', 'ACME', '--watch', '--json', ...where));
      const quantities = (live: Live): unknown[] =>
        live.field('bids').map((bids) => (bids as { quantity: string }[]).map(({ quantity }) => quantity).join());
      for (const live of both) await expect.poll(() => quantities(live)).toEqual(['']);
      await post(server.url, 'alice', 'buy');
      for (const live of both) await expect.poll(() => quantities(live)).toEqual(['', '1']);
      await post(server.url, 'bob', 'buy');
      for (const live of both) await expect.poll(() => quantities(live)).toEqual(['', '1', '2']);
      const [asking, reading] = both;
      await server.end('SIGKILL');
      await expect.poll(() => asking?.stderr).toMatch(/^warning: UNREACHABLE: /);
      expect(await asking?.interrupt()).toBe(130);
      expect(await reading?.interrupt()).toBe(130);
      expect(reading?.stderr).toBe('');
    },
  );
});
