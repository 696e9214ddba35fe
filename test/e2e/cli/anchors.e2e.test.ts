import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { ParleyClient } from '../../../src/client/index.js';
import { jsonLines, parley } from '../../support/cli/parley.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();

async function post(url: string, id: string): Promise<void> {
  const client = new ParleyClient({ url });
  await client.putInstrument('ACME', { tickSize: '1', lotSize: '1' });
  const terms = { participant: 'alice', side: 'buy', instrument: 'ACME', price: '10', quantity: '5' } as const;
  await client.postIntention({ ...terms, clientIntentionId: id });
}

describe('an exchange that writes anchors', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('An exchange that writes anchors leaves a file that its log is held against: a rollback, which the log does not show, is found', async () => {
    const data = path.join(folder, 'data');
    const file = path.join(folder, 'anchors.txt');
    const serve = async (id: string): Promise<void> => {
      const serving = await Serving.start('--data', data, '--anchor', file, '--anchor-every', '1');
      const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
      await post(serving.url, id);
      await expect.poll(() => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')).not.toBe(before);
      await post(serving.url, `${id}-last`);
      expect(await serving.end()).toBe(0);
    };
    await serve('one');
    await serve('two');
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^0\/\d+:[0-9a-f]{64} \d{4}-\d\d-\d\dT[0-9:.]+Z$/);
    const [audit] = jsonLines((await parley(['audit', '--json', '--expect', file, '--data', data])).stdout);
    expect(audit).toMatchObject({ violations: 0, anchor: lines.at(-1)?.split(' ')[0] });
    const proof = path.join(folder, 'proof.jsonl');
    fs.writeFileSync(proof, (await parley(['log', 'prove', '3', '--anchor', file, '--data', data])).stdout);
    expect(await parley(['log', 'verify', proof, '--anchor', file])).toMatchObject({ code: 0 });

    // What a restore of an older copy leaves: whole frames are gone, and nothing else knows of them.
    const ends: number[] = [];
    const log = new EmbeddedLog({ folder: data });
    for await (const frame of log.frames())
      if (frame.file === lastSegment(data)) ends.push(frame.byte + frame.frameBytes);
    fs.truncateSync(path.join(data, lastSegment(data)), ends.at(-2));
    for (const name of ['snapshots', 'projections']) fs.rmSync(path.join(data, name), { recursive: true, force: true });
    const claim = path.join(data, 'writer-000002.json');
    fs.writeFileSync(claim, fs.readFileSync(claim, 'utf8').replace(/^.*"closed".*\n/m, ''));
    expect((await parley(['audit', '--data', data])).code).toBe(0);
    expect(await parley(['audit', '--expect', file, '--data', data])).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('ANCHOR_NOT_HELD') as string,
    });
    const refused = await parley(['serve', '--port', '0', '--data', data, '--anchor', file]);
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('anchors.txt:') as string });
  });

  it('An exchange that writes anchors refuses to start beside a file that holds something else, and says where it begins a new one', async () => {
    const data = path.join(folder, 'other-data');
    const file = path.join(folder, 'other-anchors.txt');
    fs.writeFileSync(file, '# kept\nnonsense\n');
    const refused = await parley(['serve', '--port', '0', '--data', data, '--anchor', file]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('other-anchors.txt:2: "nonsense" is no anchor');
    expect(fs.existsSync(data)).toBe(false);
    for (const says of ['begins a new file of anchors', 'though the shard is not new']) {
      fs.rmSync(file, { force: true });
      const serving = await Serving.start('--data', data, '--anchor', file);
      await expect.poll(() => serving.stderr).toContain(says);
      expect(await serving.end()).toBe(0);
    }
    const serving = await Serving.start('--data', data, '--anchor', file);
    expect(serving.stderr).not.toContain('begins a new file');
    expect(await serving.end()).toBe(0);
  });
});

function lastSegment(data: string): string {
  const names = fs.readdirSync(data).filter((name) => name.endsWith('.log'));
  return names.sort().at(-1) ?? '';
}
