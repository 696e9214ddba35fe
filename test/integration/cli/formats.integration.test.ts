import { describe, expect, it } from 'vitest';
import { csvCells, csvRecords } from '../../support/cli/csv.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines } from '../../support/cli/parley.js';
import { playedLog } from '../../support/cli/played-log.js';
import { aPost, listen, openMarket } from '../../support/http/market.js';

const data = playedLog();

type Flat = Readonly<Record<string, string | undefined>>;

/** A record of JSON as the rows that it makes in CSV: a list stands below itself, and its fields bear its name. */
function flattened(record: Readonly<Record<string, unknown>>): Flat[] {
  const lists = Object.values(record).filter((value) => Array.isArray(value));
  const rows = Math.max(1, ...lists.map(({ length }) => length));
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Object.entries(record).flatMap(([name, value]) => leaves(name, value, row))),
  );
}

function leaves(name: string, value: unknown, row: number): [string, string | undefined][] {
  const item: unknown = Array.isArray(value) ? value[row] : value;
  if (item === undefined || item === null) return [];
  if (typeof item !== 'object') return [[name, typeof item === 'string' ? item : JSON.stringify(item)]];
  return Object.entries(item).flatMap(([inner, each]) => leaves(`${name}.${inner}`, each, row));
}

const present = (row: Flat): Flat => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

async function expectSame(args: readonly string[]): Promise<void> {
  const [json, output, csv] = await Promise.all([
    runInProcess([...args, '--json']),
    runInProcess([...args, '-o', 'json']),
    runInProcess([...args, '--output', 'csv']),
  ]);
  expect([json.code, output.code, csv.code], args.join(' ')).toEqual([0, 0, 0]);
  expect(csvRecords(csv.stdout).map(present)).toEqual(jsonLines(json.stdout).flatMap(flattened).map(present));
  const empty = csvCells(csv.stdout)[0] ?? [];
  expect(new Set(empty).size).toBe(empty.length);
}

describe('--output csv', () => {
  it.each(
    [
      'deals',
      'positions',
      'instruments',
      'list',
      'intentions',
      'intentions --status all',
      'intention 3',
      'book one',
      'book two',
      'ticker',
      'ticker one',
      'trades one',
      'candles one --interval 1h',
      'account buyer --after 0',
    ].map((verb) => [verb]),
  )('`parley %s --output csv` of a log holds what --json holds', async (verb) => {
    await expectSame([...verb.split(' '), '--data', data()]);
  });

  it('`parley log stat --output csv` holds a line for each segment, beside what there is of each type of event', async () => {
    const [row] = csvRecords((await runInProcess(['log', 'stat', '--data', data(), '-o', 'csv'])).stdout);
    const [json] = jsonLines((await runInProcess(['log', 'stat', '--data', data(), '--json'])).stdout);
    const { DealConfirmed } = json?.eventsByType as Record<string, number>; // it is there
    expect(row).toMatchObject({
      shard: '0',
      head: String(json?.head),
      'eventsByType.DealConfirmed': String(DealConfirmed),
    });
    expect(row?.['segments.file']).toMatch(/\.log$/);
  });

  it('`parley audit` and `parley replay` hold what JSON holds in CSV too', async () => {
    const [summary] = csvRecords((await runInProcess(['audit', '--data', data(), '-o', 'csv'])).stdout);
    expect(summary).toMatchObject({
      kind: 'summary',
      violations: '0',
      damaged: 'false',
      anchor: expect.stringMatching(/^0\/\d+:/),
    });
    const rows = csvRecords((await runInProcess(['replay', '--data', data(), '-o', 'csv'])).stdout);
    const [json] = jsonLines((await runInProcess(['replay', '--data', data(), '--json'])).stdout);
    expect(rows.map((row) => row['positions.participant'])).toEqual(
      (json?.positions as { participant: string }[]).map(({ participant }) => participant),
    );
    for (const row of rows) expect(row.stateDigest).toBe(json?.stateDigest);
  });

  it('A running exchange’s answers are the same in CSV as in JSON, with what a stranger’s id would make a spreadsheet do', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    for (const clientIntentionId of ['=1+1', '@SUM(A1)', '-1+1', "'quoted", '-5', '+,"'])
      await market.exchange.post(aPost({ clientIntentionId }) as unknown as Parameters<typeof market.exchange.post>[0]);
    for (const verb of [
      'intentions',
      'intention 1',
      'instruments',
      'deals',
      'positions',
      'book ACME',
      'ticker ACME',
      'trades ACME',
      'candles ACME',
      'account alice',
      'health',
      'cluster',
    ])
      if (verb !== 'cluster') await expectSame([...verb.split(' '), '--url', url]);
    const { stdout } = await runInProcess(['intentions', '-o', 'csv', '--url', url]);
    expect(
      csvCells(stdout)
        .slice(1)
        .map(([, clientId]) => clientId),
    ).toEqual(["'=1+1", "'@SUM(A1)", "'-1+1", "''quoted", '-5', `'+,"`]);
    const [member] = csvRecords((await runInProcess(['cluster', '-o', 'csv', '--url', url])).stdout);
    expect(member).toMatchObject({
      self: 'alone',
      'members.state': 'serving',
      'shards.state': 'serving',
      'shards.shard': '0',
    });
  });

  it('Asking for `--json` and another `--output` is a contradiction', async () => {
    for (const verb of ['deals', 'instruments', 'log stat', 'audit', 'replay', 'book one'])
      expect(await runInProcess([...verb.split(' '), '--data', data(), '--json', '-o', 'csv'])).toMatchObject({
        ...{ code: 2, stdout: '', stderr: 'error: --json and --output csv: give one or the other\n' },
      });
    expect((await runInProcess(['deals', '--data', data(), '--json', '-o', 'json'])).code).toBe(0);
    expect(await runInProcess(['deals', '--data', data(), '-o', 'xml'])).toMatchObject({ code: 2, stdout: '' });
  });
});
