/** Snapshots in Kafka, made by one server and used by the next one that has the shard. */
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { built, jsonLines } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWithServer } from '../../support/needs/suite.js';

const EVERY = 500;
const startedAtMs = Date.now();

await describeWithServer('kafka', 'a take-over with snapshots in Kafka', ({ address }) => {
  const folder = temporaryFolder();
  const running: Serving[] = [];

  beforeAll(built);
  afterEach(async () => {
    for (const serving of running.splice(0)) await serving.end('SIGKILL');
  });
  afterAll(() => removeFolder(folder));

  async function serve(name: string): Promise<Serving> {
    const kafka = ['--log', 'kafka', '--brokers', address, '--topic', `snapshots-${process.pid}-${startedAtMs}`];
    const data = ['--data', path.join(folder, name), '--snapshot-every', String(EVERY)];
    const serving = await Serving.start(...kafka, ...data);
    running.push(serving);
    return serving;
  }

  it('replays from the newest snapshot, on a machine that has none of the files of the one before', async () => {
    const first = await serve('first');
    expect(await first.ask(['list', 'ACME', '--tick-size', '1', '--lot-size', '1'])).toMatchObject({ code: 0 });
    const lines = Array.from({ length: 2 * EVERY }, (_, at) => intention(`i-${at}`));
    const answer = await fetch(`${first.url}/v1/intentions`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
    });
    expect(jsonLines(await answer.text())).toHaveLength(lines.length);
    await expect.poll(() => first.stderr).toContain('snapshot made');
    await first.end('SIGKILL');
    const second = await serve('second');
    expect(await second.ask(['book', 'ACME', '--json'])).toMatchObject({ code: 0 });
    const replayed = jsonLines(second.stderr).find(({ msg }) => msg === 'replayed');
    expect(replayed).toMatchObject({ head: expect.any(Number) as number, events: expect.any(Number) as number });
    expect(Number(replayed?.head)).toBeGreaterThan(2 * EVERY);
    expect(Number(replayed?.events)).toBeLessThan(Number(replayed?.head) - EVERY + 1);
    const asked = await second.ask(['intention', '1', '--json']);
    expect(jsonLines(asked.stdout)[0]).toMatchObject({ status: 'open' });
  });
});

function intention(clientIntentionId: string): string {
  const terms = { side: 'buy', price: '5', quantity: '1' };
  return JSON.stringify({ clientIntentionId, participant: 'ann', instrument: 'ACME', ...terms });
}
