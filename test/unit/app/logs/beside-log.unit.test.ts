import fs from 'node:fs';
import path from 'node:path';
import { serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../../infra/embedded/embedded-log.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import { framed } from '../../../../src/exchange/snapshots/snapshot-layout.js';
import { SnapshotStore } from '../../../../src/exchange/snapshots/snapshots.js';
import { grouped } from '../../../../src/app/grouped.js';
import { runInProcess } from '../../../support/cli/in-process.js';
import { contentOf, jsonLines, type Ran, segmentIn } from '../../../support/cli/parley.js';
import { largeFlow } from '../../../support/cli/flows.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

let folder: string;
let data: string;
/** The stores that are open: one that nobody holds any more is closed when memory is collected, and its files change. */
const opened: QueryStore[] = [];

beforeEach(async () => {
  folder = temporaryFolder();
  data = path.join(folder, 'data');
  const flow = path.join(folder, 'flow.txt');
  fs.writeFileSync(flow, largeFlow(1_000));
  await runInProcess(['run', flow, '--data', data]);
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  removeFolder(folder);
});

const verb = (line: string, ...more: string[]): Promise<Ran> =>
  runInProcess([...line.split(' '), '--data', data, ...more]);
const log = (): EmbeddedLog => new EmbeddedLog({ folder: data });

async function makeSnapshot(): Promise<void> {
  await new SnapshotStore(path.join(data, 'snapshots')).make(log());
}

async function makeStore(): Promise<QueryStore> {
  fs.mkdirSync(path.join(data, 'projections'), { recursive: true });
  const store = new QueryStore(path.join(data, 'projections', 'queries.db'));
  for await (const batch of log().read(0)) store.add(batch);
  store.commit();
  return store;
}

async function openStore(): Promise<void> {
  opened.push(await makeStore());
}

/** Takes whole frames off the end of the log, as a restore of an older copy would: nothing of it looks torn. */
async function rollBack(): Promise<void> {
  const ends: number[] = [];
  for await (const frame of log().frames()) ends.push(frame.byte + frame.frameBytes);
  expect(ends.length).toBeGreaterThan(2);
  fs.truncateSync(segmentIn(data), ends.at(-2));
}

/** The same flow again, but for one price, in the same places: a chain that is as whole as the first. */
async function makeAgain(): Promise<void> {
  const other = path.join(folder, 'other');
  const flow = path.join(folder, 'other.txt');
  fs.writeFileSync(flow, largeFlow(1_000).replace('post b1 B 101 10', 'post b1 B 102 10'));
  await runInProcess(['run', flow, '--data', other]);
  for (const name of fs.readdirSync(data).filter((each) => /\.(log|json)$/.test(each)))
    fs.rmSync(path.join(data, name));
  fs.cpSync(other, data, { recursive: true });
}

const reading = ['deals', 'positions', 'list', 'log stat', 'why 1', 'chart 1', 'intention 1', 'replay', 'book none'];

describe('a log that knows less than what lies beside it', () => {
  it.each([
    ['a snapshot', makeSnapshot, 'snapshot-0', rollBack],
    ['a query store', async () => (await makeStore()).close(), 'queries.db', rollBack],
    ['a query store that is open', openStore, 'queries.db', rollBack],
    ['a snapshot, which is of another log', makeSnapshot, 'snapshot-0', makeAgain],
    ['a query store, which is of another log', openStore, 'queries.db', makeAgain],
  ] as const)(
    'A log that knows less than what lies beside it is lost to the audit, and reported by every verb: beside %s',
    async (_what, make, name, damage) => {
      await make();
      expect(await verb('audit')).toMatchObject({ code: 0 });
      await damage();
      const before = contentOf(data);
      const audit = await verb('audit');
      expect(audit.code).toBe(4);
      expect(audit.stdout).toMatch(new RegExp(`violation LOG_LOST: ${name}.* knows that the `));
      expect(audit.stdout).toMatch(/^result +something of the log is gone$/m);
      expect(audit.stdout).not.toMatch(/^anchor /m);
      const json = jsonLines((await verb('audit --json')).stdout);
      expect(json.at(-1)).toMatchObject({ kind: 'summary', lost: true, anchor: null });
      for (const line of reading) {
        const { code, stdout, stderr } = await verb(line);
        expect({ line, code }).toEqual({ line, code: 4 });
        expect(stderr).toMatch(/^warning: something of the log is gone/m);
        expect(stdout === '').toBe(line === 'book none');
      }
      expect(contentOf(data)).toEqual(before);
    },
  );

  it('A log that knows less than what lies beside it may lack a store that cannot be read, which is named', async () => {
    (await makeStore()).close();
    fs.writeFileSync(path.join(data, 'projections', 'queries.db'), 'no database');
    const { code, stdout } = await verb('audit');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^not judged: the query store queries.db: it is no database$/m);
    expect(stdout).toMatch(/^result +nothing is wrong with what could be read$/m);
    expect(jsonLines((await verb('audit --json')).stdout).at(-1)).toMatchObject({
      notJudged: ['the query store queries.db: it is no database'],
    });
  });
});

describe('an audit beside a snapshot that no exchange could use', () => {
  const changes: readonly (readonly [string, RegExp, (file: string) => void])[] = [
    ['nothing of it can be read', /its checksum is wrong/, (file) => fs.writeFileSync(file, 'no snapshot at all')],
    ['it is empty', /its checksum is wrong|cut short/, (file) => fs.writeFileSync(file, '')],
    ['it may not be read', /it is a folder, not a file/, (file) => (fs.rmSync(file), fs.mkdirSync(file))],
    [
      'it is cut short behind its first part',
      /it is cut short/,
      (file) => fs.truncateSync(file, fs.statSync(file).size - 9),
    ],
    ['its format is not known', /its format is not known/, writeUnknownFormat],
    [
      'it has the name of another position',
      /it says that it is of position \d+/,
      (file) => fs.renameSync(file, nameOf(5)),
    ],
  ];

  it.each(changes)(
    'An audit beside a snapshot that no exchange could use names it and does not say that all is well: %s',
    async (_what, says, change) => {
      await makeSnapshot();
      expect((await verb('audit')).stdout).toMatch(/^result +all is well$/m);
      const [name = ''] = fs.readdirSync(path.join(data, 'snapshots'));
      change(path.join(data, 'snapshots', name));
      const { code, stdout } = await verb('audit');
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^not judged: the snapshot snapshot-\\d{20}\\.bin: .*(${says.source})`, 'm'));
      expect(stdout).toMatch(/^result +nothing is wrong with what could be read$/m);
      const notJudged = [expect.stringMatching(/^the snapshot /)];
      expect(jsonLines((await verb('audit --json')).stdout).at(-1)).toMatchObject({ notJudged });
    },
  );

  function nameOf(position: number): string {
    return path.join(data, 'snapshots', `snapshot-${String(position).padStart(20, '0')}.bin`);
  }

  function writeUnknownFormat(file: string): void {
    fs.writeFileSync(file, Buffer.concat([...framed([serialize({ format: 99, sections: 0 })])]));
  }
});

/** Flips a byte of a segment: of its header, or of its last frame. */
function damage(where: 'header' | 'end'): void {
  const file = segmentIn(data);
  const bytes = fs.readFileSync(file);
  const at = where === 'header' ? 3 : bytes.length - 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

describe('a log that was repaired', () => {
  const note =
    /^position (\d+): note LOG_REPAIRED: a repair removed the events of positions (\d+) to (\d+), as far as is known/m;

  it('A log that was repaired tells of it to every audit from then on, which ends by what is so now', async () => {
    const { head } = await log().inspect();
    await makeSnapshot();
    damage('end');
    expect(await verb('audit')).toMatchObject({ code: 4 });
    const repaired = await verb('log repair --yes');
    expect(repaired).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`to ${head - 1} are gone`) as string,
    });
    const now = (await log().inspect()).head;
    for (const grow of [false, true]) {
      if (grow) await runInProcess(['run', path.join(folder, 'flow.txt'), '--data', data, '--instrument', 'more']);
      const { code, stdout } = await verb('audit');
      expect(code).toBe(0);
      expect(note.exec(stdout)?.slice(1, 4)).toEqual([String(now), String(now), String(head - 1)]);
      expect(stdout).toMatch(/^notes +1$/m);
      expect(stdout).not.toContain('not judged');
      expect(stdout).toMatch(/^result +all is well$/m);
    }
  });

  it('A log that was repaired is an empty one where nothing was left of it', async () => {
    damage('header');
    expect(await verb('log repair --yes')).toMatchObject({ code: 0 });
    const { code, stdout } = await verb('audit');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^position 0: note LOG_REPAIRED: /m);
    expect(stdout).toMatch(/^result +there is nothing in the log$/m);
  });

  it('A log that was repaired is distinguished from one whose last segment is gone, of which it says how far it is known to have gone', async () => {
    const { head } = await log().inspect();
    await runInProcess(['run', path.join(folder, 'flow.txt'), '--data', data, '--instrument', 'more']);
    const grown = (await log().inspect()).head;
    const last =
      fs
        .readdirSync(data)
        .filter((name) => name.endsWith('.log'))
        .sort()
        .at(-1) ?? '';
    fs.rmSync(path.join(data, last));
    const { code, stdout } = await verb('audit');
    expect(code).toBe(4);
    const gone = `${last} was written, which is gone, with the events from position ${head} on, before position ${grown}`;
    expect(stdout).toContain(`violation LOG_LOST: writer-000002.json knows that ${gone}`);
    expect(stdout).not.toMatch(/wait for the writer/);
    expect(stdout).toMatch(new RegExp(`^events +${grouped(head)}$`, 'm'));
    expect((await verb('log stat')).stdout).not.toMatch(/wait for the writer/);
  });
});

describe('a folder without a segment', () => {
  it('A folder without a segment holds no log, whatever else is called *.log', async () => {
    const none = path.join(folder, 'none');
    fs.mkdirSync(none);
    fs.writeFileSync(path.join(none, 'foo.log'), '');
    for (const line of ['audit', 'deals', 'log stat', 'log repair']) {
      const ran = await runInProcess([...line.split(' '), '--data', none]);
      expect(ran).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('there is no log in') as string,
      });
    }
  });

  it.each(['writer-', 'snapshots', 'projections'])(
    'A folder without a segment is a lost log where there are %s',
    async (left) => {
      await makeSnapshot();
      (await makeStore()).close();
      for (const name of fs.readdirSync(data).filter((each) => !each.startsWith(left))) {
        fs.rmSync(path.join(data, name), { recursive: true });
      }
      expect(await verb('audit')).toMatchObject({ code: 4, stdout: expect.stringContaining('LOG_LOST') as string });
      for (const line of ['deals', 'log stat', 'log export', 'replay']) {
        expect(await verb(line)).toMatchObject({
          code: 4,
          stdout: '',
          stderr: expect.stringContaining('holds no segment of a log, but what is left of one: ') as string,
        });
      }
    },
  );
});
