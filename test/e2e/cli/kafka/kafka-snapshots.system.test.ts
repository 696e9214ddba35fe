/** Snapshots in Kafka, made by one server and used by the next one that has the shard. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { ParleyClient, type PostAnswer } from '../../../../src/client/index.js';
import { jsonLines } from '../../../support/cli/parley.js';
import { Serving } from '../../../support/cli/serving.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { describeWithServer } from '../../../support/needs/suite.js';

const EVERY = 500;
const startedAtMs = Date.now();

await describeWithServer('kafka', 'a take-over with snapshots in Kafka', ({ address }) => {
  const folder = commandLineFolder();

  async function serve(name: string): Promise<Serving> {
    const kafka = ['--log', 'kafka', '--brokers', address, '--topic', `snapshots-${process.pid}-${startedAtMs}`];
    const data = ['--data', path.join(folder, name), '--snapshot-every', String(EVERY)];
    return Serving.start(...kafka, ...data);
  }

  it('A take-over with snapshots in Kafka replays from the newest snapshot, on a machine that has none of the files of the one before', async () => {
    const first = await serve('first');
    const list = ['list', 'ACME', '--tick-size', '1', '--lot-size', '1'];
    await expect.poll(() => first.ask(list)).toMatchObject({ code: 0 });
    await expect.poll(() => refusedOf(first, 2 * EVERY)).toEqual([]);
    await expect.poll(() => first.stderr).toContain('snapshot made');
    await first.end('SIGKILL');
    const second = await serve('second');
    await expect.poll(() => second.ask(['book', 'ACME', '--json'])).toMatchObject({ code: 0 });
    const replays = (): Record<string, unknown>[] =>
      jsonLines(second.stderr.replace(/[^\n]*$/, '')).filter(({ msg }) => msg === 'replayed');
    await expect.poll(replays).not.toEqual([]);
    const [replayed] = replays();
    expect(replayed).toMatchObject({ head: expect.any(Number) as number, events: expect.any(Number) as number });
    expect(Number(replayed?.head)).toBeGreaterThan(2 * EVERY);
    expect(Number(replayed?.events)).toBeLessThan(Number(replayed?.head) - EVERY + 1);
    const status = async (): Promise<unknown> =>
      jsonLines((await second.ask(['intention', '1', '--json'])).stdout)[0]?.status;
    await expect.poll(status).toBe('open');
  });
});

/** Posts so many intentions, the same each time, and returns what is not acknowledged. */
async function refusedOf({ url }: Serving, count: number): Promise<PostAnswer[]> {
  const terms = { participant: 'ann', instrument: 'ACME', side: 'buy', price: '5', quantity: '1' } as const;
  const intentions = Array.from({ length: count }, (_, at) => ({ clientIntentionId: `i-${at}`, ...terms }));
  const refused: PostAnswer[] = [];
  for await (const answer of new ParleyClient({ url }).postIntentions(intentions)) if (!answer.ok) refused.push(answer);
  return refused;
}
