import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { QueryDesk } from '../../../projections/store/desk/desk.js';
import { Throttle } from '../../../projections/store/throttle.js';
import type { FromQueryThread } from '../../../src/app/threads/query-messages.js';
import { superviseStore } from '../../../src/app/threads/store-supervision.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { asking } from '../../support/http/asking.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';

/** Less than the twentieth of the disk that a store leaves to the log, and enough for the log. */
const LEFT_BYTES = 300_000;

await describeWith('mount', 'a store and its log on one small disk', () => {
  let disk: string;
  let exchange: Exchange;
  const stop = new AbortController();
  beforeEach(async () => {
    disk = temporaryFolder();
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status).toBe(0);
    exchange = await Exchange.open(new EmbeddedLog({ folder: path.join(disk, 'log') }));
    await exchange.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
  });
  afterEach(async () => {
    await exchange.close();
    spawnSync('umount', ['--lazy', disk]);
    removeFolder(disk);
  });

  it('A store gives way when its disk is nearly full, the exchange goes on, and it is made again when there is room', async () => {
    const post = async (id: string): Promise<void> => {
      const terms = { clientIntentionId: id, participant: 'alice', instrument: 'ACME', side: 'sell', quantity: '1' };
      await exchange.post({ ...terms, side: 'sell', price: '100' });
    };
    const told: FromQueryThread[] = [];
    const desk = new QueryDesk([0]);
    const file = path.join(disk, 'stores', 'queries.db');
    const log = { kind: 'embedded', data: path.join(disk, 'log'), shard: 0 } as const;
    const tell = (message: FromQueryThread): void => void told.push(message);
    const kept = superviseStore({ log, file, mark: undefined, desk, pace: new Throttle(1), tell }, stop.signal);
    const ask = asking(desk, 0);
    await post('a-1');
    await ask('intention', ['1'], { atLeast: exchange.log.durable });

    const { bavail, bsize } = fs.statfsSync(disk);
    const filler = path.join(disk, 'filler');
    fs.writeFileSync(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
    const refusal = { code: 'STORE_SUSPENDED', message: expect.stringContaining('its disk is full') as string };
    await expect.poll(() => ask('intention', ['1']).catch((error: unknown) => error)).toMatchObject(refusal);
    expect(fs.readdirSync(path.dirname(file))).toEqual([]);
    expect(told.at(-1)).toMatchObject({ shard: 0, trouble: expect.stringContaining('suspended') as string });
    await post('a-2');

    fs.rmSync(filler);
    const second = (): Promise<unknown> => ask('intention', ['2']).catch((error: unknown) => error);
    await expect.poll(second).toMatchObject({ position: exchange.log.durable });
    expect(told.filter((message) => 'trouble' in message).at(-1)).toEqual({ shard: 0, trouble: undefined });
    stop.abort();
    await kept;
  });
});
