import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../../../../support/cli/flows.js';
import { runInProcess, type Surroundings } from '../../../../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../../../../support/cli/parley.js';
import { removeFolder, temporaryFolder } from '../../../../../support/log/temporary-folder.js';

const folder = temporaryFolder();
const data = path.join(folder, 'data');
let events: Record<string, unknown>[];
beforeAll(async () => {
  fs.writeFileSync(path.join(folder, 'flow.txt'), smallFlow);
  await runInProcess(['run', path.join(folder, 'flow.txt'), '--data', data]);
  events = jsonLines((await cat([])).stdout);
});
afterAll(() => removeFolder(folder));

function cat(args: readonly string[], around: Surroundings = {}): Promise<Ran> {
  return runInProcess(['log', 'cat', '--data', data, ...args], around);
}

function timeOf(position: number): string {
  return new Date(Number(events[position]?.atMs)).toISOString();
}

const positionOf = (type: string): number => events.findIndex((event) => event.type === type);

describe('parley log cat that prints nothing', () => {
  it.each([
    ['a stream that is none', ['--stream', 'nope'], 2, 'a stream is intention-ID'],
    ['a type that is none', ['--type', 'Nope'], 2, 'Allowed choices are ShardStarted'],
    ['an end before the beginning', ['--from', '10', '--until', '5'], 2, '--from 10 stands after --until 5'],
    ['two beginnings', ['--from', '10', '--since', '1h'], 2, '--from and --since: give one or the other'],
    ['an end that is earlier', ['--since', '1h', '--until', '2h'], 2, 'is later than --until'],
    [
      'types that the stream cannot have',
      ['--stream', 'intention-1', '--type', 'DealConfirmed', 'BatchSealed'],
      2,
      '--type DealConfirmed BatchSealed: intention-1 has no such events',
    ],
    ['positions of two shards', ['--from', '0/3', '--until', '1/5'], 2, 'positions of several shards: 0, 1'],
    ['a stream that is not there', ['--stream', 'intention-99'], 1, 'UNKNOWN_STREAM: there is no stream intention-99'],
    ['a stream of another shard', ['--stream', 'shard-3'], 1, 'UNKNOWN_STREAM: there is no stream shard-3'],
    ['a beginning beyond the head', ['--from', '9999'], 1, 'position 9999 lies beyond the log’s head'],
  ] as const)('`parley log cat` says of %s what is the case', async (_what, args, code, says) => {
    const ran = await cat(args);
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) as string });
  });

  it('`parley log cat` says on stderr that nothing matches where that is no mistake', async () => {
    const head = String(events.length);
    for (const args of [
      ['--from', head],
      ['--since', '1s'],
      ['--stream', 'intention-1', '--until', '2'],
    ]) {
      const { code, stdout, stderr } = await cat(args);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toMatch(/^no event matches from position \d+ on, before position \d+\n$/);
    }
  });

  it('`parley log cat` says nothing beside the events that it prints', async () => {
    expect(await cat(['--from', '3', '--limit', '2'])).toMatchObject({ code: 0, stderr: '' });
    expect(await runInProcess(['log', 'tail', '--data', data, '--from', '9999'])).toMatchObject({
      code: 1,
      stdout: '',
    });
  });
});

describe('parley log cat by time', () => {
  it('`parley log cat` begins with what happened at a time, and stops behind what is not later than another', async () => {
    const [first, last] = [positionOf('ParticipantAdmitted'), positionOf('IntentionReduced')];
    const since = jsonLines((await cat(['--since', timeOf(first)])).stdout);
    expect(since).toEqual(events.slice(first));
    const until = jsonLines((await cat(['--until', timeOf(last)])).stdout);
    const later = events.findIndex(({ atMs }) => Number(atMs) > Number(events[last]?.atMs));
    expect(until).toEqual(events.slice(0, later));
    expect(jsonLines((await cat(['--since', timeOf(first), '--until', timeOf(last)])).stdout)).toEqual(
      events.slice(first, later),
    );
  });
});

describe('parley log cat on a terminal', () => {
  it('`parley log cat` prints a readable line an event on a terminal, within its width', async () => {
    const { code, stdout } = await cat([], { columns: 60 });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + events.length);
    expect(lines[0]).toBe('2000-01-01, UTC');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines.some((line) => line.endsWith('…'))).toBe(true);
  });

  it('`parley log cat` shows type, names and decimals on a terminal with room for them', async () => {
    const { stdout } = await cat(['--type', 'DealConfirmed', '--limit', '1'], { columns: 120 });
    const position = String(positionOf('DealConfirmed')).padStart(6);
    expect(stdout.split('\n')[1]).toMatch(
      new RegExp(`^${position}  00:00:00\\.\\d{3}  DealConfirmed        deal 1-1: seller sells buyer 10 one at 100$`),
    );
  });

  it('`parley log cat` prints JSON on a terminal with --json, and the same events in both forms', async () => {
    const piped = await cat(['--stream', 'intention-3']);
    expect(await cat(['--stream', 'intention-3', '--json'], { columns: 60 })).toEqual(piped);
    const { stdout } = await cat(['--stream', 'intention-3'], { columns: 120 });
    const shown = stdout.trimEnd().split('\n').slice(1);
    expect(shown.map((line) => Number(line.slice(0, 6)))).toEqual(
      jsonLines(piped.stdout).map(({ position }) => position),
    );
  });

  it('`parley log cat` tells the kinds of events by their colours', async () => {
    const { stdout } = await cat(['--type', 'DealConfirmed', '--limit', '1'], {
      columns: 120,
      env: { NO_COLOR: '' },
    });
    expect(stdout).toContain('\u001b[32mDealConfirmed');
  });
});
