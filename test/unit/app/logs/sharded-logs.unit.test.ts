import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { shardOfSymbol } from '../../../../src/cluster/shard-of.js';
import { runInProcess } from '../../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../../support/cli/parley.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

/** Stands in for what Kafka keeps: a topic of several shards. */
const server = vi.hoisted(() => ({
  shards: 1,
  logOf: (_topic: string, _shard: number): unknown => undefined,
}));

vi.mock('../../../../src/app/logs/openers.js', () => {
  const opener = {
    shards: async () => server.shards,
    log: ({ topic, shard }: { topic: string; shard: number }) =>
      Object.assign(server.logOf(topic, shard) as object, { close: async () => undefined }),
  };
  return { openers: { kafka: async () => opener, eventstoredb: async () => opener } };
});

const SHARDS = 3;
const flow = `post b1 B 100 10
post b2 B 100 5
post s1 S 100 12
deal s1 b1 100 10
deal s1 b2 100 2
post s2 S 105 7
post b3 B 105 4
deal b3 s2 105 4
`;
const IDS_PER_SHARD = 2 ** 32;
const logs = new Map<string, MemoryLog>();
const folder = temporaryFolder();
const file = path.join(folder, 'flow.txt');
afterAll(() => removeFolder(folder));

function logOf(topic: string, shard: number): MemoryLog {
  const name = `${topic}-${shard}`;
  const log = logs.get(name) ?? new MemoryLog({ shard });
  logs.set(name, log);
  return log;
}

/** A symbol that lives in a shard. */
function symbolIn(shard: number): string {
  for (let number = 0; ; number++) {
    const symbol = `S${number}`;
    if (shardOfSymbol(symbol, SHARDS) === shard) return symbol;
  }
}

const topic = (name: string, ...more: string[]): string[] => {
  return ['--log', 'kafka', '--brokers', 'k:9092', '--topic', name, ...more];
};

async function run(...args: string[]): Promise<Ran> {
  const ran = await runInProcess(args);
  expect(ran, args.join(' ')).toMatchObject({ code: 0 });
  return ran;
}

async function lines(...args: string[]): Promise<Record<string, unknown>[]> {
  return jsonLines((await run(...args)).stdout);
}

beforeAll(async () => {
  server.logOf = (name, shard) => logOf(name, shard).again();
  server.shards = SHARDS;
  writeFileSync(file, flow);
  // Shard 1 of the market has never been written.
  for (const shard of [0, 2]) {
    await run('run', file, '--instrument', symbolIn(shard), ...topic('market', '--shard', String(shard)));
  }
  await run('run', file, '--instrument', symbolIn(0), ...topic('only', '--shard', '0'));
});

const market = topic('market');
const idIn = (shard: number, ordinal: number): string => String(shard * IDS_PER_SHARD + ordinal);

describe('a verb on a topic of several shards', () => {
  it('A verb on a topic of several shards shows the deals of all of them, each with its shard and its place', async () => {
    const all = await lines('deals', '--json', ...market);
    const [first, third] = await Promise.all(
      [0, 2].map((shard) => lines('deals', '--json', ...market, '--shard', String(shard))),
    );
    expect(first).toHaveLength(3);
    expect(third?.[0]).not.toHaveProperty('shard');
    const placed: readonly Record<string, unknown>[] = [
      ...(first ?? []).map((deal) => ({ ...deal, shard: 0 })),
      ...(third ?? []).map((deal) => ({ ...deal, shard: 2, position: 2 * 2 ** 44 + Number(deal.position) })),
    ];
    expect(new Set(all)).toEqual(new Set(placed));
    const paged = await lines('deals', '--json', '--after', String(placed[1]?.position), '--limit', '3', ...market);
    expect(paged).toEqual(placed.slice(2, 5));
    expect(await lines('deals', '--json', '--after', String(placed[4]?.position), ...market)).toEqual(placed.slice(5));
    const { stdout, stderr } = await run('deals', ...market);
    expect(stdout).toMatch(/^ *0\/\d+ /m);
    expect(stdout).toMatch(/^ *2\/\d+ /m);
    expect(stderr).toMatch(/^read of 3 shards: before the positions 0\/\d+, 2\/\d+$/m);
  });

  it('A verb on a topic of several shards adds up what participants have in several shards', async () => {
    const all = await lines('positions', '--json', ...market);
    const own = await Promise.all(
      [0, 2].map((shard) => lines('positions', '--json', ...market, '--shard', `${shard}`)),
    );
    expect(all).toHaveLength(own.flat().length);
    expect(new Set(all)).toEqual(new Set(own.flat()));
  });

  it('A verb on a topic of several shards finds a book by its symbol, also where it does not belong', async () => {
    const symbol = symbolIn(2);
    const [book] = await lines('book', symbol, '--json', ...market);
    expect(book).toMatchObject({ instrument: symbol, shard: 2 });
    expect((await run('book', symbol, ...market)).stdout).toContain(' before position 2/');
    await run('run', file, '--instrument', symbolIn(1), ...topic('widened', '--shard', '0'));
    expect(await lines('book', symbolIn(1), '--json', ...topic('widened'))).toMatchObject([{ shard: 0 }]);
    const none = await runInProcess(['book', 'NONE', ...market]);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('in any of 3 shards') as string });
  });

  it('A verb on a topic of several shards finds an intention, its reasons and its chart by its id', async () => {
    const id = idIn(2, 1);
    expect(await lines('intention', id, '--json', ...market)).toMatchObject([{ id, shard: 2 }]);
    const why = await run('why', id, ...market);
    expect(why).toMatchObject({ stderr: 'shard 2 was read, and none of the others: 0, 1\n' });
    expect(await lines('why', id, '--json', ...market)).toMatchObject([{ shard: 2 }]);
    const chart = await run('chart', `${idIn(2, 1)}-1`, ...market);
    expect(chart.stdout).toContain('ProposalMade');
    const unknown = await runInProcess(['why', idIn(7, 1), ...market]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('in any of 3 shards') as string });
  });

  it('A verb on a topic of several shards lists the instruments of all', async () => {
    expect(await lines('list', '--json', ...market)).toMatchObject([
      { symbol: symbolIn(0), shard: 0 },
      { symbol: symbolIn(2), shard: 2 },
    ]);
  });

  it('A verb on a topic of several shards replays and counts shard after shard, and prints each line with its shard', async () => {
    expect(await lines('replay', '--json', ...market)).toMatchObject([{ shard: 0 }, { shard: 2 }]);
    expect((await run('replay', ...market)).stdout).toMatch(/^shard +0$[^]*\n\nshard +2$/m);
    expect(await lines('log', 'stat', '--json', ...market)).toMatchObject([{ shard: 0 }, { shard: 2 }]);
    const cat = await lines('log', 'cat', ...market);
    const heads = [await logOf('market', 0).head(), await logOf('market', 2).head()];
    expect(cat.map(({ shard }) => shard)).toEqual([
      ...Array.from({ length: heads[0] ?? 0 }, () => 0),
      ...Array.from({ length: heads[1] ?? 0 }, () => 2),
    ]);
    expect(await lines('log', 'cat', '--limit', '3', ...market)).toEqual(cat.slice(0, 3));
    const stream = await lines('log', 'cat', '--stream', `intention-${idIn(2, 1)}`, ...market);
    expect(stream.length).toBeGreaterThan(1);
    expect(stream).toEqual(cat.filter(({ stream: name }) => name === `intention-${idIn(2, 1)}`));
  });

  it.each([
    'log export',
    'deals --at 5',
    'positions --at 5',
    'replay --at 5',
    'list --at 5',
    'log cat --from 5',
    'log cat --until 5',
    'log tail --from 5',
  ])(
    'A verb on a topic of several shards asks for one of them where a position or a file is of one: %s',
    async (line) => {
      const ran = await runInProcess([...line.split(' '), ...market]);
      expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('give --shard') as string });
      if (line.includes('tail')) return;
      await run(...line.split(' '), ...market, '--shard', '2');
    },
  );

  it.each([
    ['deals --json --at', '20'],
    ['positions --json --at', '20'],
    ['list --json --at', '20'],
    [`book ${symbolIn(2)} --json --at`, '9'],
    ['log cat --from', '5'],
    ['log cat --until', '5'],
    ['log prove', '5'],
  ])('A position of several shards names its shard, as --shard does: %s 2/%s', async (line, position) => {
    const named = await run(...line.split(' '), `2/${position}`, ...market);
    const expected = await run(...line.split(' '), position, ...market, '--shard', '2');
    expect(named).toEqual(expected);
    expect(named.stdout).not.toBe('');
  });

  it('A position of several shards is refused where it contradicts --shard or another one', async () => {
    const other = await runInProcess(['deals', '--at', '2/5', '--shard', '0', ...market]);
    expect(other).toMatchObject({ code: 2, stderr: 'error: --shard says 0, and a position is of shard 2\n' });
    const two = await runInProcess(['log', 'cat', '--from', '0/5', '--until', '2/9', ...market]);
    expect(two).toMatchObject({ code: 2, stderr: 'error: positions of several shards: 0, 2\n' });
  });

  it('Positions of several shards are shown as they are typed, wherever they are shown', async () => {
    const id = idIn(2, 1);
    expect((await run('why', id, ...market)).stdout).toMatch(/^ +2\/\d+ {2}Posted at 100/m);
    for (const format of ['text', 'mermaid', 'svg']) {
      expect((await run('chart', id, '--format', format, ...market)).stdout).toMatch(/\b2\/\d+/);
    }
    expect((await run('intention', id, ...market)).stdout).toMatch(/^postedPosition +2\/\d+$/m);
    const { stdout } = await run('deals', ...market);
    const [last = ''] = /\b2\/\d+/.exec(stdout) ?? [];
    const after = await lines('deals', '--json', '--after', last, ...market);
    expect(after).toEqual(await lines('deals', '--json', '--after', last.replace('/', ':'), ...market));
    const place = 2 * 2 ** 44 + Number(last.slice(2));
    expect(after).toEqual(await lines('deals', '--json', '--after', String(place), ...market));
    expect((await run('replay', ...market)).stdout).toMatch(/^before position +2\/\d+$/m);
    const one = [...market, '--shard', '2'];
    expect((await run('replay', ...one)).stdout).toMatch(/^before position +2\/\d+$/m);
    expect((await run('deals', ...one)).stdout).toMatch(/^ *2\/\d+ /m);
    expect((await run('book', symbolIn(2), ...one)).stdout).toMatch(/ before position 2\/\d+$/m);
    expect((await run('log', 'stat', ...market)).stdout).toMatch(/^positions +2\/0 to 2\/\d+$/m);
    const beyond = await runInProcess(['intention', id, '--at', '2/9999', ...market]);
    expect(beyond.stderr).toMatch(/position 2\/9999 lies beyond the log’s head, 2\/\d+/);
    const terminal = await runInProcess(['log', 'cat', ...market], { columns: 120 });
    expect(terminal.stdout).toMatch(/^ +2\/\d+ {2}00:00:/m);
  });

  it('A time is one of all shards, so that each is looked at as it stood then', async () => {
    const [first] = await lines('deals', '--json', '--limit', '3', ...market);
    const time = String(first?.at);
    expect(await lines('deals', '--json', '--at', time, ...market)).not.toEqual([]);
    expect(await lines('deals', '--json', '--at', '1999-12-31', ...market)).toEqual([]);
    expect(await lines('deals', '--json', '--since', time, ...market)).toHaveLength(6);
    const shards = new Set((await lines('log', 'cat', '--since', time, ...market)).map(({ shard }) => shard));
    expect(shards).toEqual(new Set([0, 2]));
  });

  it('A stream is looked for in its shard, and its absence is said', async () => {
    const none = await runInProcess(['log', 'cat', '--stream', `intention-${idIn(7, 1)}`, ...market]);
    expect(none).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('in any of 3 shards') as string,
    });
    const here = await runInProcess(['log', 'cat', '--stream', `intention-${idIn(2, 99)}`, ...market]);
    expect(here).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('before position 2/') as string,
    });
  });

  it('A verb on a topic of several shards audits shard after shard, and then says one thing of all', async () => {
    const { stdout } = await run('audit', ...market);
    expect(stdout).toMatch(/^shard 0\n[^]*^anchor +0\/\d+:[^]*^shard 2\n[^]*^anchor +2\/\d+:/m);
    expect(stdout).toMatch(/^empty: shard 1\nall 3 shards: \d+ events, 0 violations, 0 notes: all is well\n$/m);
    const json = await lines('audit', '--json', ...market);
    expect(json).toMatchObject([
      { kind: 'summary', shard: 0 },
      { kind: 'summary', shard: 2 },
      { kind: 'all', shards: 3, empty: [1], violations: 0, exitCode: 0 },
    ]);
  });

  it('A verb on a topic of several shards ends its audit with the worst code, and holds each shard against its own anchors', async () => {
    const anchors = (await lines('audit', '--json', ...market)).slice(0, 2).map(({ anchor }) => String(anchor));
    const file = path.join(folder, 'anchors.txt');
    writeFileSync(file, `${anchors.join('\n')}\n`);
    await run('audit', '--expect', file, ...market);
    const swapped = anchors[1]?.replace(/^2/, '0') ?? '';
    const wrong = await runInProcess(['audit', '--expect', swapped, ...market]);
    expect(wrong).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^all 3 .*: shard 0: the log does not/m) as string,
    });
    for (const shard of [1, 7]) {
      const ran = await runInProcess(['audit', '--expect', swapped.replace(/^0/, String(shard)), ...market]);
      expect(ran).toMatchObject({ code: 3, stdout: expect.stringContaining('ANCHOR_NOT_HELD') as string });
    }
    const second = await run('audit', '--expect', anchors[1]?.slice(2) ?? '', ...market, '--shard', '2');
    expect(second.stdout).toContain('all is well');
  });

  it('A verb on a topic of several shards fails where all of them are empty', async () => {
    const ran = await runInProcess(['deals', ...topic('none')]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no log') as string });
  });

  it('A verb on a topic of several shards names no shard where there is one', async () => {
    server.shards = 1;
    try {
      for (const verb of ['deals', 'positions', 'list', 'log cat', 'log stat', 'why 1', 'intention 1', 'chart 1']) {
        const unnamed = await run(...verb.split(' '), ...topic('only'));
        expect(unnamed).toEqual(await run(...verb.split(' '), ...topic('only', '--shard', '0')));
        expect(unnamed.stderr).toBe('');
      }
    } finally {
      server.shards = SHARDS;
    }
  });
});
