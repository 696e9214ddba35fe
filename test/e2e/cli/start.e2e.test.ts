/** What a start changes, what ends it, and how a shard comes back without one. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ParleyClient } from '../../../src/client/index.js';
import { parley } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { describeWith } from '../../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

const folder = commandLineFolder();

const contentOf = (data: string): string[] =>
  fs
    .readdirSync(data)
    .filter((name) => fs.statSync(path.join(data, name)).isFile())
    .map((name) => `${name} ${fs.readFileSync(path.join(data, name)).toString('base64')}`)
    .sort();

const reachedBy = (url: string): ParleyClient => new ParleyClient({ url });

/** A log that one server wrote: an instrument is listed. */
const begun = path.join(folder, 'begun');
beforeAll(async () => {
  const serving = await Serving.start('--data', begun);
  await reachedBy(serving.url).putInstrument('ACME', { tickSize: '1', lotSize: '1' });
  expect(await serving.end()).toBe(0);
});

const listed = (data: string): void => fs.cpSync(begun, data, { recursive: true });

describe('a start', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('A start changes nothing of the log when keys, host or port cannot be used', async () => {
    const data = path.join(folder, 'wrong');
    listed(data);
    const before = contentOf(data);
    const taken = await Serving.start('--data', path.join(folder, 'taken'));
    const { port } = new URL(taken.url);
    const wrong = [
      ['--port', '0', '--keys', path.join(folder, 'no-such-keys.json')],
      ['--port', '0', '--host', '0.0.0.0'],
      ['--port', port],
    ];
    for (const options of wrong) {
      const { code } = await parley(['serve', '--data', data, ...options]);
      expect(code).toBeGreaterThan(0);
      expect(contentOf(data)).toEqual(before);
    }
    expect(await taken.end()).toBe(0);
  });

  it.each(['listening', 'log opened for writing', 'replayed'])(
    'A start ends at a signal once it has said: %s',
    async (says) => {
      const data = path.join(folder, `signal-${says.length}`);
      listed(data);
      const serving = Serving.begin(['--data', data]);
      await expect.poll(() => serving.stderr, { interval: 1 }).toContain(`"${says}`);
      expect(await serving.end()).toBe(0);
      const next = await Serving.start('--data', data);
      expect(await next.end()).toBe(0);
      expect((await parley(['audit', '--data', data])).code).toBe(0);
    },
  );

  it('A start is refused on a log that was cut, with what knows of the rest and the way out, which is logged', async () => {
    const data = path.join(folder, 'cut');
    listed(data);
    const claim = fs.readFileSync(path.join(data, 'writer-000001.json'), 'utf8');
    const { head } = (JSON.parse(claim.trim().split('\n').at(-1) ?? '') as { closed: { head: number } }).closed;
    const segment = path.join(data, '00000000000000000000-000001.log');
    // Two batches: what the start recorded, and the instrument.
    const bytes = fs.readFileSync(segment);
    const second = bytes.indexOf(Buffer.from([0xfe, 0x50, 0x46, 0x31]), 64);
    fs.writeFileSync(segment, bytes.subarray(0, second));
    const before = contentOf(data);
    const refused = await parley(['serve', '--port', '0', '--data', data]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(`writer-000001.json knows that the log held every event before position ${head}`);
    const [option = '', where = ''] = /(--accept-loss) (\d+\/\d+)/.exec(refused.stderr)?.slice(1) ?? [];
    expect(contentOf(data)).toEqual(before);

    const serving = await Serving.start('--data', data, option, where);
    expect(await serving.end()).toBe(0);
    const again = await Serving.start('--data', data);
    expect(await again.end()).toBe(0);
    const audit = await parley(['audit', '--data', data]);
    expect(audit.code).toBe(0);
    expect(audit.stdout).toContain('note LOSS_ACCEPTED');
  });
});

await describeWith('bash', 'a shard whose log failed', () => {
  it(
    'A shard whose log failed opens itself again in the same process, and answers again what it had answered',
    async () => {
      const data = path.join(folder, 'full');
      // No file may grow past this, as on a disk that is full: the segment that it goes on in is a new one.
      const serving = Serving.begin(['--data', data], { maxFileKiB: 96 });
      const client = reachedBy(await serving.listening);
      await client.putInstrument('ACME', { tickSize: '1', lotSize: '1' });
      const post = (id: number) => ({
        ...{ clientIntentionId: `${'p'.repeat(50)}-${id}`, participant: 'x'.repeat(32), instrument: 'ACME' },
        ...({ side: 'buy', price: '10', quantity: '1' } as const),
      });
      const metric = async (): Promise<number> => {
        const text = await (await fetch(`${serving.url}/metrics`)).text();
        return Number(/^parley_shard_openings_total\{shard="0"\} (\d+)$/m.exec(text)?.[1]);
      };
      const answered: string[] = [];
      for (let id = 0; (await metric()) === 1; id++) answered.push((await client.postIntention(post(id))).id);
      await expect.poll(async () => (await fetch(`${serving.url}/health/live`)).status).toBe(200);
      const again = await client.postIntention(post(0));
      expect(again.id).toBe(answered[0]);
      expect(serving.stderr).toContain('the shard will be opened again');
      await serving.end();
      expect((await parley(['audit', '--data', data])).code).toBe(0);
    },
    PROGRAM_PATIENCE_MS,
  );
});
