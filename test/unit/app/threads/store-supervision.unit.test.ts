import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../../infra/embedded/embedded-log.js';
import { QueryDesk } from '../../../../projections/store/desk/desk.js';
import { Throttle } from '../../../../projections/store/throttle.js';
import { HighWatermark } from '../../../../src/app/threads/durable-log.js';
import type { FromQueryThread } from '../../../../src/app/threads/query-messages.js';
import { superviseStore } from '../../../../src/app/threads/store-supervision.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { type Ask, asking } from '../../../support/http/asking.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

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
  const head = exchange.log.durable;
  await exchange.close();
  return head;
}

const fileOf = (shard: number): string => path.join(folder, 'stores', `${shard}.db`);

/** Keeps a shard's store until the test is over, and gives who asks it. */
function keep(shard: number, mark?: HighWatermark, pace = new Throttle(1)): Ask {
  const desk = new QueryDesk([shard]);
  const log = { kind: 'embedded', data: path.join(folder, String(shard)), shard } as const;
  const tell = (message: FromQueryThread): void => void told.push(message);
  const kept = superviseStore({ log, file: fileOf(shard), mark, desk, pace, tell }, stop.signal);
  ends.push(() => kept);
  return asking(desk, shard);
}

describe('the stores of several shards', () => {
  it('The stores of several shards follow each its own log, into files of their own, at one pace', async () => {
    const [first, second] = [await shardOf(0, 'ACME'), await shardOf(3, 'EMCA')];
    const pace = new Throttle(0.5);
    const clients = [keep(0, undefined, pace), keep(3, undefined, pace)];
    const listed = await Promise.all(
      clients.map((ask, index) => ask('instruments', [{}], { atLeast: index === 0 ? first : second })),
    );
    expect(listed).toMatchObject([
      { value: { rows: [{ symbol: 'ACME' }] } },
      { value: { rows: [{ symbol: 'EMCA' }] } },
    ]);
  });

  it('The stores of several shards show no more than is durable where somebody else says what is', async () => {
    const head = await shardOf(0, 'ACME');
    const asked: number[] = [];
    class NotedMark extends HighWatermark {
      override reaches(position: number, signal: AbortSignal): Promise<void> {
        asked.push(position);
        return super.reaches(position, signal);
      }
    }
    const mark = new NotedMark(0);
    const ask = keep(0, mark);
    await expect.poll(() => asked).toHaveLength(1); // so it has been read
    expect((await ask('intention', ['1'])).position).toBe(0);
    mark.advance(head);
    await expect.poll(async () => (await ask('intention', ['1'])).position).toBe(head);
  });

  it('The stores of several shards show what a question knows to be durable, though nobody else has said so yet', async () => {
    const head = await shardOf(0, 'ACME');
    const ask = keep(0, new HighWatermark(0));
    expect((await ask('intention', ['1'], { atLeast: head })).position).toBe(head);
  });
});

describe('a store that fails', () => {
  it('A store that fails is opened again, refuses questions meanwhile, and does not take the others along', async () => {
    const [first, second] = [await shardOf(0, 'ACME'), await shardOf(1, 'EMCA')];
    mkdirSync(fileOf(1), { recursive: true }); // no database can be opened there
    const [well, failing] = [keep(0), keep(1)];
    expect((await well('intention', ['1'], { atLeast: first })).position).toBe(first);
    await expect(failing('intention', ['1'])).rejects.toMatchObject({ code: 'STORE_GONE' });
    expect(told).toContainEqual({ shard: 1, trouble: expect.stringContaining('the query store failed: ') });
    // Every question is answered, also one that is asked while the store is being opened again.
    const failures = (): number => told.filter(({ shard }) => shard === 1).length;
    for (const before = failures(); failures() === before && !stop.signal.aborted;) {
      await expect(failing('intention', ['1'])).rejects.toMatchObject({ code: 'STORE_GONE' });
      await nextTurn();
    }
    rmdirSync(fileOf(1));
    const position = async (): Promise<number> => {
      try {
        return (await failing('intention', ['1'], { atLeast: second, timeoutMs: 100 })).position ?? -1;
      } catch {
        return -1;
      }
    };
    await expect.poll(position).toBe(second);
    expect(told.filter((message) => message.shard === 1 && 'trouble' in message).at(-1)).toEqual({
      shard: 1,
      trouble: undefined,
    });
    expect(told.filter((message) => message.shard === 0 && 'trouble' in message)).toEqual([
      { shard: 0, trouble: undefined },
    ]);
  });
});

describe('a store whose bytes change while it is kept', () => {
  it('A store whose bytes change while it is kept shows none of it, says so, and is built again from the log', async () => {
    const head = await shardOf(0, 'ACME');
    const ask = keep(0);
    const right = await ask('instrument', ['ACME'], { atLeast: head });
    stop.abort();
    for (const end of ends.splice(0)) await end();
    stop = new AbortController();
    const again = keep(0);
    await again('instrument', ['ACME'], { atLeast: head });
    const bytes = readFileSync(fileOf(0));
    writeFileSync(
      fileOf(0),
      bytes.map((byte, index) => (index > 4_096 ? byte ^ 1 : byte)),
    );
    await expect(again('instrument', ['ACME'])).rejects.toMatchObject({ code: 'STORE_DAMAGED', shard: 0 });
    const shown = () => again('instrument', ['ACME'], { atLeast: head }).catch(() => undefined);
    await expect.poll(shown).toEqual(right);
    expect(told).toContainEqual({
      shard: 0,
      rebuild: expect.stringMatching('^the query store is damaged: page ') as string,
    });
  });
});
