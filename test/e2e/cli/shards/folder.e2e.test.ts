import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParleyClient } from '../../../../src/client/index.js';
import { shardOfSymbol } from '../../../../src/cluster/shard-of.js';
import { jsonLines, parley } from '../../../support/cli/parley.js';
import { Serving } from '../../../support/cli/serving.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { PATIENCE_MS, PROGRAM_PATIENCE_MS } from '../../../support/patience.js';

const SHARDS = 2;
const ENOUGH_ANSWERS = 200;
const symbols = ['ACME', 'BETA'] as const;
const folder = commandLineFolder();
const freshData = (): string => fs.mkdtempSync(path.join(folder, 'data-'));

/** Lists an instrument in each shard. */
async function begin(data: string): Promise<Serving> {
  const serving = await Serving.start('--data', data, '--shards', String(SHARDS));
  for (const symbol of symbols) await serving.ask(['list', symbol, '--tick-size', '1', '--lot-size', '1']);
  return serving;
}

function clientOf(serving: Serving): ParleyClient {
  return new ParleyClient({ url: serving.url, retry: { attempts: 1 }, timeoutMs: PATIENCE_MS });
}

/** A seller and a buyer by turns, of one instrument after the other. */
function post(number: number) {
  const instrument = symbols[number % symbols.length] ?? symbols[0];
  const side = number % (2 * symbols.length) < symbols.length ? 'sell' : 'buy';
  const clientIntentionId = `p-${number}`;
  return { clientIntentionId, participant: 'alice', instrument, side, price: '10', quantity: '1' } as const;
}

/** All that the folder’s logs hold, and nothing that is made from them. */
function logsIn(data: string): Record<string, string> {
  const files = fs
    .readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(log|json)$/.test(name));
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(data, name)).toString('base64')]));
}

describe('a folder of two shards', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('A folder of two shards loses nothing that was answered when its server is killed amid posts to both, and goes on', async () => {
    expect(symbols.map((symbol) => shardOfSymbol(symbol, SHARDS)).sort()).toEqual([0, 1]);
    const data = freshData();
    const first = await begin(data);
    const posting = clientOf(first);
    const answers = new Map<number, unknown>();
    let posted = 0;
    const postOn = async (): Promise<void> => {
      for (;;) {
        const number = posted++;
        answers.set(number, await posting.postIntention(post(number)));
      }
    };
    const ended = Promise.allSettled(Array.from({ length: 8 }, postOn));
    await expect.poll(() => answers.size, { timeout: PATIENCE_MS }).toBeGreaterThan(ENOUGH_ANSWERS);
    await first.end('SIGKILL');
    await ended;

    // How many there are is known by now.
    const next = await Serving.start('--data', data);
    const client = clientOf(next);
    for (const [number, answer] of answers) expect(await client.postIntention(post(number))).toEqual(answer);
    await expect(next.end()).resolves.toBe(0);
    const audit = await parley(['audit', '--data', data, '--json']);
    expect(audit).toMatchObject({ code: 0, stderr: '' });
    const cat = await parley(['log', 'cat', '--data', data, '--type', 'IntentionPosted', '--json']);
    const events = jsonLines(cat.stdout);
    expect(new Set(events.map(({ shard }) => shard))).toEqual(new Set([0, 1]));
    const ids = events.map(({ clientIntentionId }) => clientIntentionId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('A folder of two shards is no folder of another number of them, for any verb, and nothing is appended to it', async () => {
    const data = freshData();
    const serving = await begin(data);
    await serving.end();
    const before = logsIn(data);
    for (const shards of ['1', '3']) {
      const refused = await parley(['serve', '--port', '0', '--data', data, '--shards', shards]);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(`has 2 shards, and not ${shards}`);
    }
    const one = await parley(['serve', '--port', '0', '--data', data, '--shard', '1']);
    expect(one).toMatchObject({ code: 2, stderr: expect.stringContaining('served as a whole') });
    const repair = await parley(['log', 'repair', '--data', data]);
    expect(repair).toMatchObject({ code: 2, stderr: expect.stringContaining('has 2 shards') });
    expect(logsIn(data)).toEqual(before);
  });

  it('A folder of two shards is made again of the exports of both, to the digest of each', async () => {
    const data = freshData();
    const serving = await begin(data);
    for (const number of [0, 1, 2, 3]) await clientOf(serving).postIntention(post(number));
    await serving.end();
    const again = freshData();
    expect(await parley(['log', 'import', '-', '--data', again, '--shards', '2'])).toMatchObject({ code: 2 });
    for (const shard of ['0', '1']) {
      const exported = path.join(folder, `exported-${shard}.jsonl`);
      expect(await parley(['log', 'export', exported, '--data', data, '--shard', shard])).toMatchObject({ code: 0 });
      const where = ['--data', again, '--shards', '2', '--shard', shard];
      expect(await parley(['log', 'import', exported, ...where])).toMatchObject({ code: 0 });
    }
    const anchorsOf = async (place: string): Promise<readonly string[]> =>
      (await parley(['audit', '--data', place])).stdout.split('\n').filter((line) => line.startsWith('anchor'));
    const anchors = await anchorsOf(data);
    expect(anchors).toHaveLength(SHARDS);
    expect(await anchorsOf(again)).toEqual(anchors);
    const taken = await Serving.start('--data', again);
    await expect(clientOf(taken).postIntention(post(3))).resolves.toMatchObject({
      clientIntentionId: 'p-3',
      status: 'filled',
    });
  });

  it('A folder of two shards is taken from a process that hangs, both logs at once, and that one answers nothing any more', async () => {
    const data = freshData();
    const old = await begin(data);
    await clientOf(old).postIntention(post(0));
    old.signal('SIGSTOP');
    const next = await Serving.start('--data', data, '--take-over');
    await expect(clientOf(next).postIntention(post(0))).resolves.toMatchObject({ clientIntentionId: 'p-0' });
    old.signal('SIGCONT');
    for (const number of [4, 5]) {
      const refused = clientOf(old).postIntention(post(number));
      await expect(refused).rejects.toMatchObject({ status: 503, code: 'SHARD_UNAVAILABLE' });
    }
  });

  it('A folder of two shards is written by one process: a second is refused, whichever log it comes to first', async () => {
    const data = freshData();
    const serving = await begin(data);
    const refused = await parley(['serve', '--port', '0', '--data', data]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/process \d+ on .* writes this log/) });
    await expect(clientOf(serving).postIntention(post(0))).resolves.toMatchObject({ instrument: 'ACME' });
  });

  it('A folder of two shards goes on with the one when the log of the other is gone, and says so where it is asked whether it is ready', async () => {
    const data = freshData();
    const serving = await begin(data);
    const client = clientOf(serving);
    const [lost, whole] = [shardOfSymbol('ACME', SHARDS), shardOfSymbol('BETA', SHARDS)];
    fs.renameSync(path.join(data, `shard-${lost}`), path.join(data, 'elsewhere'));
    const refusal = { status: 503, code: 'SHARD_UNAVAILABLE' };
    await expect(client.postIntention(post(0))).rejects.toMatchObject(refusal);
    await expect(client.postIntention(post(1))).resolves.toMatchObject({ instrument: 'BETA', status: 'open' });
    await expect
      .poll(async () => (await fetch(`${serving.url}/health/ready`)).text(), { timeout: PATIENCE_MS })
      .toContain(`shard ${lost} is stopped`);
    expect(jsonLines((await serving.ask(['cluster', '--json'])).stdout)[0]).toMatchObject({
      shards: expect.arrayContaining([expect.objectContaining({ shard: whole, state: 'serving' })]),
    });
    fs.renameSync(path.join(data, 'elsewhere'), path.join(data, `shard-${lost}`));
    await serving.end();
    const again = clientOf(await Serving.start('--data', data));
    await expect(again.postIntention(post(0))).resolves.toMatchObject({ instrument: 'ACME', status: 'open' });
  });

  it('A folder of two shards with damage in one log is not served, and every reader of the whole names the damage', async () => {
    const data = freshData();
    await (await begin(data)).end();
    const place = path.join(data, 'shard-1');
    const [segment = ''] = fs.readdirSync(place).filter((name) => name.endsWith('.log'));
    const bytes = fs.readFileSync(path.join(place, segment));
    bytes[70] = (bytes[70] ?? 0) ^ 1;
    fs.writeFileSync(path.join(place, segment), bytes);
    const serve = await parley(['serve', '--port', '0', '--data', data]);
    expect(serve).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining(segment) });
    expect(await parley(['audit', '--data', data])).toMatchObject({ code: 4 });
    expect(await parley(['log', 'repair', '--yes', '--data', data, '--shard', '1'])).toMatchObject({ code: 0 });
    expect(await parley(['audit', '--data', data, '--shard', '0'])).toMatchObject({ code: 0 });
  });
});
