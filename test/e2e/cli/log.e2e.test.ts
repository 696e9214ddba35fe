import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../support/cli/flows.js';
import { contentOf, ended, jsonLines, parley, start } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();
const data = path.join(folder, 'data');
/** Every line of an export. */
let lines: string[];

beforeAll(async () => {
  await parley(['run', '-', '--data', data], { stdin: smallFlow });
  const { stdout } = await parley(['log', 'export', '--data', data]);
  lines = stdout.trimEnd().split('\n');
});

async function digests(folderOfLog: string): Promise<object> {
  const { code, stdout } = await parley(['replay', '--json', '--data', folderOfLog]);
  expect(code).toBe(0);
  const { stateDigest, batchDigest, head } = jsonLines(stdout)[0] ?? {};
  return { stateDigest, batchDigest, head };
}

async function imported(
  name: string,
  content: string | Buffer,
): Promise<{ code: number; stderr: string; into: string }> {
  const into = path.join(folder, name);
  const { code, stderr } = await parley(['log', 'import', '-', '--data', into], { stdin: content });
  return { code, stderr, into };
}

describe('parley log cat', () => {
  it('`parley log cat` prints events as JSON lines, those that are asked for', async () => {
    const [all, some, decisions, wrong] = await Promise.all([
      parley(['log', 'cat', '--data', data]),
      parley(['log', 'cat', '--data', data, '--from', '3', '--until', '20', '--stream', 'intention-1', '--limit', '2']),
      parley(['log', 'cat', '--data', data, '--type', 'DealConfirmed', 'BatchSealed']),
      parley(['log', 'cat', '--data', data, '--type', 'Nothing']),
    ]);
    const events = jsonLines(all.stdout);
    expect(events.map(({ position }) => position)).toEqual(Array.from({ length: lines.length }, (_, at) => at));
    expect(events[0]).toMatchObject({ position: 0, stream: 'shard-0', type: 'ShardStarted', version: 1, revision: 0 });
    expect(jsonLines(some.stdout)).toMatchObject([
      { stream: 'intention-1', type: 'IntentionPosted', side: 'buy', quantityLots: 10 },
      { stream: 'intention-1', type: 'ProposalMade' },
    ]);
    expect(new Set(jsonLines(decisions.stdout).map(({ type }) => type))).toEqual(
      new Set(['DealConfirmed', 'BatchSealed']),
    );
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Allowed choices are ShardStarted');
  });
});

describe('parley log tail', () => {
  it('`parley log tail` follows the log while another process writes it, until it is interrupted', async () => {
    const copy = path.join(folder, 'copy');
    fs.cpSync(data, copy, { recursive: true });
    const tail = start(['log', 'tail', '--data', copy, '--from', '0', '--type', 'ShardStarted']);
    let text = '';
    const lineCount = (): number => text.split('\n').length - 1;
    const until = (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void =>
          lineCount() >= count ? resolve() : void tail.stdout?.once('data', () => setImmediate(look));
        look();
      });
    tail.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    await until(1);
    expect((await parley(['run', '-', '--data', copy], { stdin: smallFlow })).code).toBe(0);
    await until(2);
    tail.kill('SIGINT');
    expect(await ended(tail)).toBe(130);
    expect(jsonLines(text)).toMatchObject([{ epoch: 1 }, { position: lines.length, epoch: 2 }]);
  });
});

describe('parley log export and import', () => {
  it('`parley log export` and `import` make the same log again: positions, batches, digests', async () => {
    const { code, into } = await imported('again', `${lines.join('\n')}\n`);
    expect(code).toBe(0);
    const [before, after, audit, exported] = await Promise.all([
      digests(data),
      digests(into),
      parley(['audit', '--data', into]),
      parley(['log', 'export', '--data', into]),
    ]);
    expect(after).toEqual(before);
    expect(audit.code).toBe(0);
    expect(exported.stdout.trimEnd().split('\n')).toEqual(lines);
  });

  it('`parley log export` and `import` go through files, gzip or not; a file that is there is not overwritten', async () => {
    const file = path.join(folder, 'export.jsonl');
    expect(await parley(['log', 'export', file, '--data', data])).toMatchObject({ code: 0, stdout: '' });
    expect(fs.readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(lines);
    const [again, zipped] = await Promise.all([
      parley(['log', 'export', file, '--data', data]),
      imported('zipped', gzipSync(fs.readFileSync(file))),
    ]);
    expect(again.code).toBe(1);
    expect(zipped.code).toBe(0);
  });

  it('`parley log export` and `import` take an export that was cut anywhere as far as it goes; what was in doubt is settled when the log is opened, and reported', async () => {
    // Inside the first handshake: proposed, accepted, confirmed, settled by one side.
    const first = lines.findIndex((line) => line.includes('"ProposalMade"'));
    const said = await Promise.all(
      [1, 2, 3, 4].map(async (events) => {
        const { code, stderr, into } = await imported(
          `cut-${events}`,
          `${lines.slice(0, first + events).join('\n')}\n`,
        );
        expect(code).toBe(0);
        expect(stderr).toContain('the export was cut short');
        const run = await parley(['run', '-', '--data', into], { stdin: smallFlow });
        expect(run.code).toBe(0);
        const audit = await parley(['audit', '--data', into]);
        expect(audit.code).toBe(0);
        return run.stderr;
      }),
    );
    expect(said[0]).toContain('its handshake is resumed (deal 1-1)');
    expect(said[2]).toContain('it is settled as the ledger says (deal 1-1)');
    for (const text of said) expect(text).toContain('deal in doubt is settled: confirmed (deal 1-1)');
  });

  it('`parley log export` and `import` keep nothing when a digest differs or a position is missing: exit 3 with the position', async () => {
    const forged = lines.map((line) => line.replace('"quantityLots":12', '"quantityLots":13'));
    const sealed = lines.findIndex(
      (line, at) =>
        at > lines.indexOf(forged.find((one, index) => one !== lines[index]) ?? '') && line.includes('BatchSealed'),
    );
    expect(sealed).toBeGreaterThan(0);
    const [digest, gap] = await Promise.all([
      imported('forged', forged.join('\n')),
      imported('gap', lines.filter((_, at) => at !== 7).join('\n')),
    ]);
    expect(digest.code).toBe(3);
    expect(digest.stderr).toMatch(/position \d+: the digest is [0-9a-f]{64}, but the events give [0-9a-f]{64}/);
    expect(fs.existsSync(digest.into)).toBe(false);
    expect(gap.code).toBe(3);
    expect(gap.stderr).toContain('position 7 is missing');
    expect(fs.existsSync(gap.into)).toBe(false);
  });

  it('`parley log export` and `import` exit with 2 and the line for a line that is no event, and with 1 for a folder that is not empty', async () => {
    const before = contentOf(data);
    const [noJson, noEvent, occupied] = await Promise.all([
      imported('no-json', `${lines[0]}\n{"position":\n`),
      imported('no-event', `${lines[0]}\n${(lines[1] ?? '').replace('"digest"', '"digset"')}\n`),
      imported('data', lines.join('\n')),
    ]);
    expect(noJson).toMatchObject({ code: 2 });
    expect(noJson.stderr).toContain('stdin:2: the line is not JSON');
    expect(noEvent).toMatchObject({ code: 2 });
    expect(noEvent.stderr).toContain('stdin:2: BatchSealed: digest is missing');
    expect(fs.existsSync(noJson.into)).toBe(false);
    expect(occupied.code).toBe(1);
    expect(occupied.stderr).toContain('is not empty');
    expect(contentOf(data)).toEqual(before);
  });
});

describe('parley log stat', () => {
  it('`parley log stat` tells what the log is made of', async () => {
    const [text, json] = await Promise.all([
      parley(['log', 'stat', '--data', data]),
      parley(['log', 'stat', '--data', data, '--json']),
    ]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^DealConfirmed +4$/m);
    expect(jsonLines(json.stdout)[0]).toMatchObject({
      events: lines.length,
      head: lines.length,
      epoch: 1,
      ignoredFrames: 0,
      tornTails: [],
      damage: null,
      eventsByType: { DealConfirmed: 4, IntentionPosted: 8 },
    });
  });
});
