import { crc32 } from 'node:zlib';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../support/cli/flows.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { contentOf, jsonLines, parley, type Ran } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();
const data = path.join(folder, 'data');
let played: Record<string, unknown>;
/** Positions of the events of a type, in order. */
let positionsOf: (type: string) => number[];

beforeAll(async () => {
  const { stdout } = await parley(['run', '-', '--data', data, '--json'], { stdin: smallFlow });
  played = jsonLines(stdout)[0] ?? {};
  const events = jsonLines((await parley(['log', 'cat', '--data', data])).stdout);
  positionsOf = (type) => events.filter((event) => event.type === type).map(({ position }) => Number(position));
});

function look(...args: readonly string[]): Promise<Ran> {
  return parley([...args, '--data', data]);
}

describe('looking at the log and at the exchange', () => {
  it('A verb that looks shows the same of exchange and log: the same fields in the same order, in tables and in JSON', async () => {
    const served = path.join(folder, 'served');
    await parley(['run', '-', '--data', served], { stdin: smallFlow });
    const serving = await Serving.start('--data', served);
    // Once this is answered, what the others read from has caught up.
    expect(await serving.ask(['deals'])).toMatchObject({ code: 0 });
    const verbs = ['book one', 'book two', 'deals', 'deals --limit 2', 'deals --since 2000-01-01T00:00:00.008Z'];
    const ids = Array.from({ length: 8 }, (_, index) => `intention ${index + 1}`);
    for (const verb of [...verbs, 'positions', 'list', ...ids]) {
      for (const form of [[], ['--json']]) {
        const args = [...verb.split(' '), ...form];
        const asked = await runInProcess([...args, '--url', serving.url]);
        expect(await runInProcess([...args, '--data', served]), args.join(' ')).toEqual({ ...asked, code: 0 });
      }
    }
    expect(await serving.end()).toBe(0);
  });

  it('A verb that looks takes the log from the environment, and says which where --at keeps it from the exchange', async () => {
    const [own, at, both] = await Promise.all([
      parley(['deals'], { env: { PARLEY_DATA: data } }),
      parley(['deals', '--at', '9', '--json'], { env: { PARLEY_DATA: data, PARLEY_URL: 'http://127.0.0.1:9' } }),
      parley(['deals'], { env: { PARLEY_DATA: data, PARLEY_URL: 'http://127.0.0.1:9' } }),
    ]);
    expect(own).toEqual(await look('deals'));
    expect(at).toMatchObject({
      code: 0,
      stderr: `--at reads the log in ${data}, and not the exchange of PARLEY_URL\n`,
    });
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain('PARLEY_DATA reads the log and PARLEY_URL asks the exchange');
  });
});

describe('looking at the log', () => {
  it('A verb that looks shows how things stood at a time, as before the position of what came after it', async () => {
    const events = jsonLines((await look('log', 'cat')).stdout);
    const last = events.findLast(({ type }) => type === 'IntentionWithdrawn');
    const time = new Date(Number(last?.atMs)).toISOString();
    const next = events.find(({ atMs }) => Number(atMs) > Number(last?.atMs));
    for (const verb of ['book one', 'deals', 'positions', 'intention 3', 'list', 'why 3', 'chart 3']) {
      const args = [...verb.split(' '), '--data', data, '--at'];
      const at = await runInProcess([...args, time]);
      expect(at, verb).toEqual(await runInProcess([...args, String(next?.position)]));
      expect(at.code).toBe(0);
    }
    const early = await look('positions', '--at', '1999-12-31');
    expect(early).toMatchObject({ code: 0, stdout: 'no positions\n' });
  });

  it('`parley replay` gives the state that the exchange had: the same digest at the same head', async () => {
    const [text, json, before, beyond] = await Promise.all([
      look('replay'),
      look('replay', '--json'),
      look('replay', '--at', String((positionsOf('ProposalMade')[0] ?? 0) + 1), '--json'),
      look('replay', '--at', '9999'),
    ]);
    expect(text.stdout).toContain(String(played.stateDigest));
    expect(text.stdout).toMatch(/^buyer +one +16 +0 +16 +-1612$/m);
    expect(jsonLines(json.stdout)[0]).toMatchObject({
      head: played.head,
      stateDigest: played.stateDigest,
      intentions: 8,
      openIntentions: 2,
      dealsConfirmed: 4,
      dealsInFlight: 0,
    });
    expect(jsonLines(before.stdout)[0]).toMatchObject({ dealsConfirmed: 0, dealsInFlight: 1 });
    expect(beyond).toMatchObject({ code: 1, stdout: '' });
    expect(beyond.stderr).toContain('position 9999 lies beyond the log’s head');
  });

  it('`parley book` shows the levels before a position', async () => {
    const [now, before, unknown] = await Promise.all([
      look('book', 'one'),
      look('book', 'one', '--at', String(positionsOf('ProposalMade')[0]), '--json'),
      look('book', 'none'),
    ]);
    expect(now.stdout).toMatch(/^one +continuous +before position \d+$/m);
    expect(now.stdout).toMatch(/104 +5 +1$/m);
    expect(jsonLines(before.stdout)).toEqual([
      {
        instrument: 'one',
        phase: 'continuous',
        position: positionsOf('ProposalMade')[0],
        bids: [{ price: '100', quantity: '15', intentions: 2 }],
        asks: [{ price: '100', quantity: '12', intentions: 1 }],
        checksum: crc32('100:15|100:12'),
      },
    ]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('UNKNOWN_INSTRUMENT');
  });

  it('`parley deals` filters by instrument, participant, intention and position', async () => {
    const [table, two, ofThree, latest, onward] = await Promise.all([
      look('deals'),
      look('deals', '--instrument', 'two', '--json'),
      look('deals', '--intention', '3', '--participant', 'buyer', '--json'),
      look('deals', '--limit', '1', '--json'),
      look('deals', '--after', String(positionsOf('DealConfirmed')[0]), '--limit', '1', '--json'),
    ]);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(5);
    expect(jsonLines(two.stdout)).toMatchObject([
      { id: '7-1', price: '50', quantity: '6', buyer: 'buyer', takerSide: 'sell' },
    ]);
    expect(jsonLines(ofThree.stdout).map(({ id }) => id)).toEqual(['1-1', '2-1']);
    expect(jsonLines(latest.stdout).map(({ id }) => id)).toEqual(['7-1']);
    expect(jsonLines(onward.stdout).map(({ id }) => id)).toEqual(['2-1']);
  });

  it('`parley positions`, `intention` and `list` show who has what, the state of an intention, and what is traded', async () => {
    const [positions, intention, early, list, unknown] = await Promise.all([
      look('positions', '--participant', 'seller', '--json'),
      look('intention', '3', '--json'),
      look('intention', '3', '--at', String(positionsOf('DealConfirmed')[0]), '--json'),
      look('list', '--json'),
      look('intention', '77'),
    ]);
    expect(jsonLines(positions.stdout)).toEqual([
      { participant: 'seller', instrument: 'one', bought: '0', sold: '16', net: '-16', cash: '1612' },
      { participant: 'seller', instrument: 'two', bought: '0', sold: '6', net: '-6', cash: '300' },
    ]);
    expect(jsonLines(intention.stdout)).toMatchObject([
      { id: '3', clientIntentionId: 'one:s1', status: 'filled', filled: '12' },
    ]);
    expect(jsonLines(early.stdout)).toMatchObject([{ status: 'open', open: '12', reserved: '10', filled: '0' }]);
    expect(jsonLines(list.stdout)).toMatchObject([
      { symbol: 'one', tickSize: '1', phase: 'continuous' },
      { symbol: 'two', phase: 'call' },
    ]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('UNKNOWN_INTENTION');
  });

  it('`parley chart` draws a deal or an intention, as text, Mermaid or SVG', async () => {
    const [text, mermaid, svg, unknown, nonsense] = await Promise.all([
      look('chart', '1-1'),
      look('chart', '3', '--format', 'mermaid'),
      look('chart', '1-1', '--format', 'svg'),
      look('chart', '1-9'),
      look('chart', 'abc'),
    ]);
    expect(text.stdout).toContain('ProposalMade');
    expect(text.stdout).toContain('DealConfirmed');
    expect(mermaid.stdout).toMatch(/^sequenceDiagram/m);
    expect(svg.stdout).toMatch(/<svg /);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('UNKNOWN_DEAL');
    expect(nonsense.code).toBe(2);
  });

  it('`parley why` tells why an intention was filled, each reason with its position', async () => {
    const [text, json] = await Promise.all([look('why', '4'), look('why', '4', '--json')]);
    expect(text.stdout).toMatch(new RegExp(`^ +${positionsOf('DealConfirmed')[2]} +Sold 4 at 103`, 'm'));
    expect(jsonLines(json.stdout)).toMatchObject([{ intention: '4', state: 'filled' }]);
  });

  it('`parley audit` finds nothing wrong in a log that was played', async () => {
    const [text, json] = await Promise.all([look('audit'), look('audit', '--json')]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^result +all is well$/m);
    expect(jsonLines(json.stdout)).toMatchObject([
      { kind: 'summary', events: played.head, violations: 0, damaged: false },
    ]);
  });

  it('Looking at the log changes nothing', async () => {
    const before = contentOf(data);
    const verbs = ['replay', 'audit', 'deals', 'positions', 'list', 'log stat', 'log cat', 'log repair', 'log export'];
    const codes = await Promise.all(verbs.map(async (verb) => (await look(...verb.split(' '))).code));
    expect(codes).toEqual(verbs.map(() => 0));
    expect(contentOf(data)).toEqual(before);
  });

  it('Looking at the log fails where there is no log, and when it is asked to read two logs', async () => {
    const [none, both] = await Promise.all([
      parley(['book', 'one', '--data', path.join(folder, 'nowhere')]),
      look('book', 'one', '--url', 'http://127.0.0.1:9'),
    ]);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('there is no log in');
    expect(both.code).toBe(2);
  });

  it('Looking at the log takes the folder from PARLEY_DATA for the verbs that read nothing else', async () => {
    const { code, stdout } = await parley(['why', '4'], { env: { PARLEY_DATA: data } });
    expect(code).toBe(0);
    expect(stdout).toContain('Intention 4');
  });
});
