import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParleyClient, type PostIntention } from '../../../src/client/index.js';
import { jsonLines, parley } from '../../support/cli/parley.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { freePorts } from '../../../infra/kafka/local/ports.js';

const folder = commandLineFolder();

const acme = ['--instrument', 'ACME', '--json'];
const PAIRS = 40;
const DAY_MS = 86_400_000;

/** Deals between two participants, more of them than there are events between two snapshots. */
async function trade(url: string): Promise<void> {
  const client = new ParleyClient({ url });
  await client.putInstrument('ACME', { tickSize: '1', lotSize: '1' });
  const posts = Array.from({ length: 2 * PAIRS }, (_, at): PostIntention => {
    const [participant, side] = at % 2 === 0 ? (['alice', 'buy'] as const) : (['bob', 'sell'] as const);
    return { participant, side, instrument: 'ACME', price: '10', quantity: '5', clientIntentionId: `p-${at}` };
  });
  for await (const answer of client.postIntentions(posts)) expect(answer).toMatchObject({ ok: true });
}

async function tradedOn(serving: Serving): Promise<Readonly<Record<'intention' | 'deals' | 'positions', object[]>>> {
  const ask = async (...words: string[]): Promise<object[]> =>
    jsonLines((await serving.ask([...words, '--json'])).stdout);
  return { intention: await ask('intention', '1'), deals: await ask('deals'), positions: await ask('positions') };
}

describe('parley serve and those who talk to it', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('`parley serve` trades through the verbs, and the log alone tells the same as the exchange', async () => {
    const data = path.join(folder, 'trading');
    const serving = await Serving.start('--data', data);
    const listed = await serving.ask(['list', 'ACME', '--tick-size', '0.01', '--lot-size', '1', '--json']);
    expect(listed.code).toBe(0);
    expect(jsonLines(listed.stdout)[0]).toMatchObject({ symbol: 'ACME', tickSize: '0.01', phase: 'continuous' });

    const bought = await serving.ask([
      'post',
      '--participant',
      'alice',
      '--side',
      'buy',
      '--price',
      '10.25',
      '--quantity',
      '100',
      ...acme,
    ]);
    expect(bought.code).toBe(0);
    expect(jsonLines(bought.stdout)[0]).toMatchObject({
      id: '1',
      price: '10.25',
      clientIntentionId: expect.stringMatching(/./),
    });
    const sell = [
      'post',
      '--participant',
      'bob',
      '--side',
      'sell',
      '--price',
      '10.20',
      '--quantity',
      '30',
      '--client-id',
      'b-1',
      ...acme,
    ];
    const [sold, again] = [await serving.ask(sell), await serving.ask(sell)];
    expect(sold.code).toBe(0);
    expect(again.stdout).toBe(sold.stdout);

    const reduced = await serving.ask(['reduce', '1', '--by', '20', '--json']);
    expect(jsonLines(reduced.stdout)[0]).toMatchObject({ id: '1', status: 'open', open: '50', filled: '30' });
    const replaced = await serving.ask(['replace', '1', '--price', '10.30', '--quantity', '40', '--json']);
    expect(jsonLines(replaced.stdout)[0]).toMatchObject({ open: '40' });

    const verbs = [['book', 'ACME'], ['deals'], ['positions'], ['intention', '1'], ['list']];
    for (const verb of verbs) {
      const [asked, read] = await Promise.all([
        serving.ask([...verb, '--json']),
        parley([...verb, '--json', '--data', data]),
      ]);
      expect(asked.code).toBe(0);
      expect(jsonLines(asked.stdout)).toEqual(jsonLines(read.stdout));
    }

    const withdrawn = await serving.ask(['withdraw', '1', '--json']);
    expect(jsonLines(withdrawn.stdout)[0]).toMatchObject({ status: 'withdrawn' });
    expect(await serving.end()).toBe(0);
    expect((await parley(['audit', '--data', data])).code).toBe(0);
  });

  it('A verb says code and detail of what the exchange refuses, and exits with 1', async () => {
    // One that nobody else gets: it is asked again when nobody listens there any more.
    const [port = 0] = await freePorts(1);
    const serving = await Serving.start('--data', path.join(folder, 'refusing'), '--port', String(port));
    const post = [
      'post',
      '--participant',
      'alice',
      '--side',
      'buy',
      '--price',
      '1',
      '--quantity',
      '1',
      '--instrument',
      'NONE',
    ];
    const [unknown, wrong, closed] = await Promise.all([
      serving.ask(post),
      serving.ask(['post', '--participant', 'alice', '--side', 'up', '--quantity', '1', '--instrument', 'NONE']),
      serving.ask(['withdraw', '5']),
    ]);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('UNKNOWN_INSTRUMENT: ');
    expect(wrong.code).toBe(2);
    expect(closed.stderr).toContain('UNKNOWN_INTENTION: ');
    expect(await serving.end('SIGINT')).toBe(130);
    const gone = await serving.ask(post);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain('UNREACHABLE');
    expect(gone.stderr).toMatch(/--client-id \S+ makes it safe/);
  });

  it('`parley serve` makes every file and folder for its user alone, whatever else the system would let it', async () => {
    const data = path.join(folder, 'private');
    const anchors = path.join(data, 'anchors.txt');
    const serving = await Serving.start(
      ...['--data', data, '--snapshot-every', '50', '--anchor', anchors, '--anchor-every', '1'],
    );
    await trade(serving.url);
    await expect.poll(() => serving.stderr).toContain('snapshot made');
    await expect.poll(() => fs.existsSync(anchors) && fs.readFileSync(anchors, 'utf8')).toMatch(/\n$/);
    const made = (): string[] => fs.readdirSync(data, { recursive: true, encoding: 'utf8' });
    const kinds = [/^\d+-\d+\.log$/, /^writer-\d+\.json$/, /snapshot-\d+\.bin$/, /queries\.db$/, /queries\.db-wal$/];
    // The stores are made by a thread of their own, in its own time.
    for (const kind of kinds) await expect.poll(() => made().filter((name) => kind.test(name))).not.toEqual([]);
    for (const name of ['', ...made()]) {
      const stat = fs.statSync(path.join(data, name), { throwIfNoEntry: false });
      if (stat === undefined) continue; // it has its final name by now
      expect((stat.mode & 0o777).toString(8), name).toBe(stat.isDirectory() ? '700' : '600');
    }
    expect(await serving.end()).toBe(0);
    expect(await parley(['audit', '--data', data, '--expect', anchors])).toMatchObject({ code: 0 });
  });

  it('`parley serve` keeps others out of its log, starts again where it was, and settles nothing twice', async () => {
    const data = path.join(folder, 'again');
    const first = await Serving.start('--data', data, '--snapshot-every', '50');
    await trade(first.url);
    await expect.poll(() => first.stderr).toContain('snapshot made');
    const [second, run] = await Promise.all([
      parley(['serve', '--port', '0', '--data', data]),
      parley(['run', '-', '--data', data], { stdin: 'post a B 1 1\n' }),
    ]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/process \d+ on .* writes this log/);
    expect(run.code).toBe(1);
    const tradedBefore = await tradedOn(first);
    expect(tradedBefore.deals).toHaveLength(PAIRS);
    expect(await first.end('SIGKILL')).toBe(-1);

    const third = await Serving.start('--data', data);
    expect(await tradedOn(third)).toEqual(tradedBefore);
    expect(await third.end()).toBe(0);
    const [audit, whole, short] = await Promise.all([
      parley(['audit', '--data', data]),
      parley(['replay', '--data', data, '--json']),
      parley(['replay', '--data', data, '--json', '--snapshots']),
    ]);
    expect(audit.code).toBe(0);
    expect(jsonLines(short.stdout)[0]?.stateDigest).toBe(jsonLines(whole.stdout)[0]?.stateDigest);
    expect(Number(jsonLines(short.stdout)[0]?.events)).toBeLessThan(Number(jsonLines(whole.stdout)[0]?.events));
  });

  it('`parley serve` makes snapshots though one stands beyond the end of its log, and leaves that where it is', async () => {
    const data = path.join(folder, 'beyond');
    const beyond = path.join(data, 'snapshots', 'snapshot-00000000000000900000.bin');
    fs.mkdirSync(path.dirname(beyond), { recursive: true });
    fs.writeFileSync(beyond, 'what a longer log has left');
    const serving = await Serving.start('--data', data, '--snapshot-every', '50');
    await trade(serving.url);
    await expect.poll(() => serving.stderr).toContain('snapshot made');
    expect(fs.existsSync(beyond)).toBe(true);
    expect(await serving.end('SIGTERM')).toBe(0);
  });

  it('`parley serve` does not start on a log whose time is far ahead of the clock, until an option lets it go on in it', async () => {
    const data = path.join(folder, 'ahead');
    const tomorrow = Date.now() + DAY_MS;
    const harness = await ExchangeHarness.open(new EmbeddedLog({ folder: data }), { nowMs: tomorrow });
    await harness.close();
    const refused = await parley(['serve', '--port', '0', '--data', data]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`the log’s time is ${new Date(tomorrow).toISOString()}`);
    const serving = await Serving.start('--data', data, '--max-clock-ahead', String(DAY_MS / 1_000));
    expect(serving.stderr).toContain('ahead of the clock');
    const metrics = await (await fetch(`${serving.url}/metrics`)).text();
    const [, seconds = '0'] = /^parley_log_ahead_of_clock_seconds\{shard="0"\} (\S+)$/m.exec(metrics) ?? [];
    expect(Number(seconds)).toBeGreaterThan(3_600);
    expect(await serving.end('SIGTERM')).toBe(0);
  });

  it('`parley serve` takes the log over from one that is still there, which then takes nothing more', async () => {
    const data = path.join(folder, 'over');
    const first = await Serving.start('--data', data);
    const second = await Serving.start('--data', data, '--take-over');
    const list = ['list', 'ACME', '--tick-size', '1', '--lot-size', '1'];
    // The old one is asked again a few times, for it might take commands again later.
    const [old, current] = await Promise.all([first.ask(list), second.ask(list)]);
    expect(old.code).toBe(1);
    expect(old.stderr).toContain('SHARD_UNAVAILABLE');
    expect(current.code).toBe(0);
    expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
    expect((await parley(['audit', '--data', data])).code).toBe(0);
  });

  it('`parley serve` does not start on keys, addresses and ports that it cannot use, and leaves the log free', async () => {
    const data = path.join(folder, 'free');
    const keys = path.join(folder, 'keys.json');
    fs.writeFileSync(keys, '{"keys":[{"key":"short","participant":"alice"}]}');
    const taken = await Serving.start('--data', path.join(folder, 'taken'));
    const port = new URL(taken.url).port;
    const badKeys = await parley(['serve', '--port', '0', '--data', data, '--keys', keys]);
    const open = await parley(['serve', '--port', '0', '--data', data, '--host', '0.0.0.0']);
    const occupied = await parley(['serve', '--port', port, '--data', data]);
    expect(badKeys.code).toBe(1);
    expect(badKeys.stderr).toContain('8 or more printable');
    expect(open.code).toBe(2);
    expect(open.stderr).toContain('give --keys FILE');
    expect(occupied.code).toBe(1);
    expect(occupied.stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
    fs.writeFileSync(keys, '{"keys":[{"key":"operator-key","operator":true}]}');
    const serving = await Serving.start('--data', data, '--keys', keys);
    const [without, withKey] = await Promise.all([
      serving.ask(['list']),
      serving.ask(['list'], { env: { PARLEY_KEY: 'operator-key' } }),
    ]);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('UNAUTHENTICATED');
    expect(withKey.code).toBe(0);
    expect(await Promise.all([serving.end(), taken.end()])).toEqual([0, 0]);
  });
});
