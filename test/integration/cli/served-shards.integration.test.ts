import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '../../../projections/store/places.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../support/cli/parley.js';
import { deskOf } from '../../support/http/fed-queries.js';
import { appOfShards, openShards, type Shards } from '../../support/http/shards.js';

let shards: Shards;
/** Of alice's intentions, by their shard. */
let ids: string[];

/** In each of two shards alice buys 10 and bob sells them to her. */
beforeEach(async () => {
  shards = await openShards(2);
  ids = [];
  for (const shard of [0, 1]) {
    await shards.list(shard, 'ACME');
    const terms = { instrument: 'ACME', price: '100', quantity: '10' };
    ids.push(await shards.post(shard, { ...terms, participant: 'alice', side: 'buy' }));
    await shards.post(shard, { ...terms, participant: 'bob', side: 'sell' });
  }
});

/** Asks an exchange of both shards, which knows that ACME is the first’s. */
async function ask(...args: readonly string[]): Promise<Ran> {
  const stores = deskOf(new Map(shards.stores.entries()), { shardOfInstrument: () => 0 });
  const app = appOfShards(shards, { stores });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo; // it listens on a port
  return runInProcess([...args, '--url', `http://127.0.0.1:${port}`]);
}

describe('what an exchange of several shards tells the command line', () => {
  it('Positions of an exchange of several shards are shown with their shard, and taken so', async () => {
    const table = await ask('deals');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    const shown = table.stdout.split('\n').flatMap((line) => /^ *(\d+\/\d+) /.exec(line)?.[1] ?? []);
    expect(shown).toEqual([expect.stringMatching(/^0\/\d+$/), expect.stringMatching(/^1\/\d+$/)]);
    const [first = '', second = ''] = shown;
    const rows = jsonLines((await ask('deals', '--json')).stdout);
    expect(rows.map(({ position }) => position)).toEqual([Number(first.slice(2)), placeOf(1, Number(second.slice(2)))]);
    expect(jsonLines((await ask('deals', '--json', '--after', first)).stdout)).toEqual(rows.slice(1));
    expect(jsonLines((await ask('deals', '--json', '--after', second)).stdout)).toEqual([]);
  });

  it('Positions of an intention of another shard than the first are shown with it, and JSON keeps its numbers', async () => {
    const { stdout } = await ask('intention', ids[1] ?? '');
    expect(stdout).toMatch(/^postedPosition +1\/\d+$/m);
    expect(stdout).toMatch(/^closedPosition +1\/\d+$/m);
    const [row] = jsonLines((await ask('intention', ids[1] ?? '', '--json')).stdout);
    expect(row?.postedPosition).toBeTypeOf('number');
    expect((await ask('intention', ids[0] ?? '')).stdout).toMatch(/^postedPosition +\d+$/m);
  });

  it('A book of an exchange of several shards is shown with its shard', async () => {
    expect((await ask('book', 'ACME')).stdout).toMatch(/^ACME {2}continuous {2}before position 0\/\d+$/m);
    expect(jsonLines((await ask('book', 'ACME', '--json')).stdout)).toMatchObject([{ instrument: 'ACME', shard: 0 }]);
  });

  it('What an exchange refuses is told by the names of the options', async () => {
    const terms = ['--instrument', 'ACME', '--side', 'buy', '--quantity', '1'];
    const market = await ask('post', ...terms, '--participant', 'alice', '--type', 'market', '--price', '5');
    expect(market).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'error: INVALID_COMBINATION: a market intention has no price (--type, --price)\n',
    });
    const nobody = await ask('post', ...terms, '--price', '5');
    expect(nobody.stderr).toBe('error: INVALID_COMMAND: --participant is missing\n');
    const deep = await ask('book', 'ACME', '--depth', '5000');
    expect(deep.stderr).toBe('error: INVALID_COMMAND: --depth must be a whole number from 1 to 1000\n');
  });
});
