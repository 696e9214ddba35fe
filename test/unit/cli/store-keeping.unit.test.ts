import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { QueryClient } from '../../../projections/store/client.js';
import { Pace } from '../../../projections/store/pace.js';
import { DurableMark } from '../../../src/cli/serve/durable-log.js';
import type { FromQueryThread } from '../../../src/cli/serve/query-messages.js';
import { keepStore } from '../../../src/cli/serve/store-keeping.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { PATIENCE_MS } from '../../support/patience.js';

let folder: string;
let stop: AbortController;
let told: FromQueryThread[];
let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  folder = temporaryFolder();
  stop = new AbortController();
  told = [];
  ends = [];
});
afterEach(async () => {
  stop.abort();
  for (const end of ends) await end();
  removeFolder(folder);
});

/** A shard with a listed instrument of its own name, in a folder of its own. Gives its head. */
async function shardOf(shard: number, symbol: string): Promise<number> {
  const exchange = await Exchange.open(new EmbeddedLog({ folder: path.join(folder, String(shard)), shard }));
  await exchange.list({ symbol, tickSize: '1', lotSize: '1' });
  const head = exchange.shard.durable;
  await exchange.close();
  return head;
}

const fileOf = (shard: number): string => path.join(folder, 'stores', `${shard}.db`);

/** Keeps a shard's store until the test is over, and gives who asks it. */
function keep(shard: number, mark?: DurableMark, pace = new Pace(1)): QueryClient {
  const { port1, port2 } = new MessageChannel();
  const client = new QueryClient(port1);
  const log = { kind: 'embedded', data: path.join(folder, String(shard)), shard } as const;
  const tell = (message: FromQueryThread): void => void told.push(message);
  const kept = keepStore({ log, file: fileOf(shard), mark, queries: port2, pace, tell }, stop.signal);
  ends.push(async () => {
    await kept;
    port1.close();
  });
  return client;
}

describe('the stores of several shards', () => {
  it('follow each its own log, into files of their own, at one pace', async () => {
    const [first, second] = [await shardOf(0, 'ACME'), await shardOf(3, 'EMCA')];
    const pace = new Pace(0.5);
    const clients = [keep(0, undefined, pace), keep(3, undefined, pace)];
    const listed = await Promise.all(
      clients.map((client, index) =>
        client.instruments({ atLeast: index === 0 ? first : second, timeoutMs: PATIENCE_MS }),
      ),
    );
    expect(listed.map(({ value }) => value.map(({ symbol }) => symbol))).toEqual([['ACME'], ['EMCA']]);
  });

  it('show no more than is durable where somebody else says what is', async () => {
    const head = await shardOf(0, 'ACME');
    const asked: number[] = [];
    class NotedMark extends DurableMark {
      override reaches(position: number, signal: AbortSignal): Promise<void> {
        asked.push(position);
        return super.reaches(position, signal);
      }
    }
    const mark = new NotedMark(0);
    const client = keep(0, mark);
    await expect.poll(() => asked).toHaveLength(1); // so it has been read
    const [atLeast] = asked;
    await expect(client.summary({ atLeast, timeoutMs: 0 })).rejects.toMatchObject({ code: 'STORE_BEHIND' });
    mark.advance(head);
    expect((await client.summary({ atLeast: head, timeoutMs: PATIENCE_MS })).position).toBe(head);
  });
});

describe('a store that fails', () => {
  it('is opened anew, refuses questions meanwhile, and does not take the others along', async () => {
    const [first, second] = [await shardOf(0, 'ACME'), await shardOf(1, 'EMCA')];
    mkdirSync(fileOf(1), { recursive: true }); // no database can be opened there
    const [well, failing] = [keep(0), keep(1)];
    expect((await well.summary({ atLeast: first, timeoutMs: PATIENCE_MS })).position).toBe(first);
    await expect(failing.summary()).rejects.toMatchObject({ code: 'STORE_GONE' });
    expect(told).toContainEqual({ shard: 1, trouble: expect.stringContaining('the query store failed: ') });
    // Every question is answered, also one that is asked while the store is being opened again.
    const failures = (): number => told.filter(({ shard }) => shard === 1).length;
    for (const before = failures(); failures() === before && !stop.signal.aborted;) {
      await expect(failing.summary()).rejects.toMatchObject({ code: 'STORE_GONE' });
    }
    rmdirSync(fileOf(1));
    const position = async (): Promise<number> => {
      try {
        return (await failing.summary({ atLeast: second, timeoutMs: 100 })).position;
      } catch {
        return -1;
      }
    };
    await expect.poll(position).toBe(second);
    expect(told.filter(({ shard }) => shard === 1).at(-1)).toEqual({ shard: 1, trouble: undefined });
    expect(told.filter(({ shard }) => shard === 0)).toEqual([{ shard: 0, trouble: undefined }]);
  });
});
