import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventsOfBatch } from '../../../../src/events/fold.js';
import type { LogWriter } from '../../../../src/log/port.js';
import { LogUnreachableError } from '../../../../src/log/port.js';
import { largeFlow, smallFlow } from '../../../support/cli/flows.js';
import { runInProcess } from '../../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../../support/cli/parley.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

/** Stands in for what Kafka and EventStoreDB keep, and counts who is connected. */
const servers = vi.hoisted(() => ({
  open: 0,
  shards: 1,
  logOf: (_topic: string, _shard: number): unknown => undefined,
}));

vi.mock('../../../../src/app/logs/openers.js', () => {
  const opener = {
    shards: async () => servers.shards,
    log: ({ topic, shard }: { topic: string; shard: number }) => {
      servers.open++;
      const close = async (): Promise<void> => {
        servers.open--;
      };
      return Object.assign(servers.logOf(topic, shard) as object, { close });
    },
  };
  return { openers: { kafka: async () => opener, eventstoredb: async () => opener } };
});

let logs: Map<string, MemoryLog>;
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  logs = new Map();
  servers.open = 0;
  servers.shards = 1;
  servers.logOf = (topic, shard) => logOf(topic, shard).again();
});
afterEach(() => {
  expect(servers.open).toBe(0);
  removeFolder(folder);
});
afterAll(() => vi.restoreAllMocks());

function logOf(topic: string, shard = 0): MemoryLog {
  const name = `${topic}-${shard}`;
  const log = logs.get(name) ?? new MemoryLog({ shard });
  logs.set(name, log);
  return log;
}

function written(name: string, content: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Options of a topic in what stands in for Kafka. */
const kafka = (topic: string, ...more: string[]): string[] => {
  return ['--log', 'kafka', '--brokers', 'k:9092', '--topic', topic, ...more];
};
const eventStore = (prefix: string): string[] => {
  return ['--log', 'eventstoredb', '--connection', 'esdb://u:secret@h:2113?tls=false', '--topic', prefix];
};

async function fine(...args: string[]): Promise<Ran> {
  const ran = await runInProcess(args);
  expect(ran.stderr).not.toContain('error');
  expect(ran.code).toBe(0);
  return ran;
}

async function auditOf(where: readonly string[]): Promise<unknown> {
  return jsonLines((await fine('audit', ...where, '--json')).stdout).at(-1);
}

describe('a flow', () => {
  it('A flow makes the same log in a folder and in logs that others keep: the same digests, to the last', async () => {
    const flow = written('flow.txt', `${smallFlow}scenario three\n${largeFlow(800)}`);
    const places = [['--data', path.join(folder, 'data')], kafka('one'), eventStore('two'), kafka('three')];
    const found = [];
    for (const place of places) {
      const [run] = jsonLines((await fine('run', flow, ...place, '--json')).stdout);
      found.push([run?.stateDigest, run?.failed, await auditOf(place)]);
    }
    expect(found[0]?.[1]).toBe(0);
    for (const each of found.slice(1)) expect(each).toEqual(found[0]);
  });
});

describe('verbs on a log that another program keeps', () => {
  it('Verbs on a log that another program keeps show it as they show a folder', async () => {
    const flow = written('flow.txt', smallFlow);
    const data = ['--data', path.join(folder, 'data')];
    await fine('run', flow, ...data);
    await fine('run', flow, ...kafka('t'));
    const verbs = [
      'log cat',
      'chart 1-1',
      'why 1',
      'book one',
      'deals',
      'positions',
      'intention 3',
      'list',
      'log export',
    ];
    for (const verb of verbs) {
      const words = verb.split(' ');
      expect((await fine(...words, ...kafka('t'))).stdout, verb).toBe((await fine(...words, ...data)).stdout);
    }
    const [replayed, stat] = [await fine('replay', ...kafka('t'), '--json'), await fine('log', 'stat', ...kafka('t'))];
    expect(jsonLines(replayed.stdout)[0]).toMatchObject({ head: await logOf('t').head(), dealsConfirmed: 4 });
    expect(stat.stdout).toMatch(/^batches +2$/m);
    expect(stat.stdout).toMatch(/^DealConfirmed +4$/m);
  });

  it('Verbs on a log that another program keeps fail where there is none, and say where they looked, without the password', async () => {
    const { code, stderr } = await runInProcess(['log', 'cat', ...eventStore('none')]);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no log: shard 0 of none in EventStoreDB at h:2113 is empty');
  });

  it('Verbs on a log that another program keeps end with 2 where the log cannot be what the options say', async () => {
    servers.logOf = () => {
      servers.open--;
      throw new RangeError('a prefix has no dash');
    };
    expect(await runInProcess(['log', 'cat', ...eventStore('a-b')])).toMatchObject({
      ...{ code: 2, stderr: 'error: a prefix has no dash\n' },
    });
  });

  it('Verbs on a log that another program keeps end with 1 and one line when it cannot be reached', async () => {
    servers.logOf = () => ({ head: () => Promise.reject(new LogUnreachableError('Kafka at k:9092: refused')) });
    const { code, stderr } = await runInProcess(['audit', ...kafka('t')]);
    expect(code).toBe(1);
    expect(stderr).toBe('error: Kafka at k:9092: refused\n');
  });
});

describe('an import into a log that another program keeps', () => {
  /** An export of several batches. */
  async function exported(): Promise<{ file: string; audit: unknown }> {
    const data = ['--data', path.join(folder, 'source')];
    await fine('run', written('flow.txt', smallFlow), written('more.txt', largeFlow(800)), ...data);
    const file = path.join(folder, 'export.jsonl');
    await fine('log', 'export', file, ...data);
    return { file, audit: await auditOf(data) };
  }

  it('An import into a log that another program keeps makes the same log of the same batches, wherever it is moved to and back', async () => {
    const { file, audit } = await exported();
    await fine('log', 'import', file, ...kafka('t'));
    const again = path.join(folder, 'again.jsonl');
    await fine('log', 'export', again, ...kafka('t'));
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(file, 'utf8'));
    await fine('log', 'import', again, ...eventStore('u'));
    await fine('log', 'import', again, '--data', path.join(folder, 'back'));
    for (const where of [kafka('t'), eventStore('u'), ['--data', path.join(folder, 'back')]]) {
      expect(await auditOf(where)).toEqual(audit);
    }
    expect(logOf('u').ends).toEqual(logOf('t').ends);
  });

  it('An import into a log that another program keeps that was broken off anywhere is gone on with by the same import', async () => {
    const { file, audit } = await exported();
    await fine('log', 'import', file, ...kafka('whole'));
    const batches = logOf('whole').ends.length;
    expect(batches).toBeGreaterThan(2);
    for (let stored = 0; stored < batches; stored++) {
      const failure = { outcome: 'unknown', stored: stored % 2 === 0 } as const;
      const log = new MemoryLog({ plan: (there) => (there === stored ? failure : undefined) });
      servers.logOf = () => log.again();
      const broken = await runInProcess(['log', 'import', file, ...kafka('t')]);
      expect(broken.code).toBe(1);
      expect(broken.stderr).toContain('the log did not take the batch at');
      expect(broken.stderr.includes(`${stored} batches were imported before that`)).toBe(stored > 0);
      servers.logOf = () => log.again({});
      const there = await log.head();
      const resumed = await fine('log', 'import', file, ...kafka('t'), '--json');
      expect(jsonLines(resumed.stdout)[0]).toMatchObject({ eventsThere: there, eventsSealed: 0, batches });
      expect(await auditOf(kafka('t'))).toEqual(audit);
    }
  });

  it('An import into a log that another program keeps finds nothing to do where all of it is there', async () => {
    const { file } = await exported();
    await fine('log', 'import', file, ...kafka('t'));
    const { stderr } = await fine('log', 'import', file, ...kafka('t'));
    expect(stderr).toMatch(/^[\d,]+ of these events were there already\n$/);
  });

  it('An import into a log that another program keeps changes nothing of a log that holds something else, or more', async () => {
    const { file } = await exported();
    await fine('run', written('other.txt', 'post a B 1 1\n'), ...kafka('other'));
    await fine('log', 'import', file, ...kafka('longer'));
    const lines = readFileSync(file, 'utf8').split('\n');
    const [firstEnd = 0] = logOf('longer').ends;
    const shorter = written('shorter.jsonl', lines.slice(0, firstEnd).join('\n'));
    for (const [topic, from, says] of [
      ['other', file, 'is not empty, and what it holds is not this export: they differ in the batch at position'],
      ['longer', shorter, `is not empty, and it goes on behind position ${firstEnd}, where the export ends`],
    ] as const) {
      const open = vi.fn<() => Promise<LogWriter>>();
      servers.logOf = () => Object.assign(logOf(topic).again(), { open });
      const { code, stderr } = await runInProcess(['log', 'import', from, ...kafka(topic)]);
      expect(code).toBe(1);
      expect(stderr).toContain(says);
      expect(open).not.toHaveBeenCalled();
    }
  });

  it('An import into a log that another program keeps takes the shard that it is given, and no other', async () => {
    const flow = written('flow.txt', smallFlow);
    await fine('run', flow, ...kafka('t', '--shard', '2'));
    const file = path.join(folder, 'two.jsonl');
    await fine('log', 'export', file, ...kafka('t', '--shard', '2'));
    const data = ['--data', path.join(folder, 'data')];
    const refused = await runInProcess(['log', 'import', file, ...data]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('its stream is shard-0') as string });
    await fine('log', 'import', file, ...data, '--shard', '2');
    expect(await auditOf([...data, '--shard', '2'])).toEqual(await auditOf(kafka('t', '--shard', '2')));
    for await (const batch of logOf('t', 2).read(0)) {
      for (const { event } of eventsOfBatch(batch)) if (event.type === 'ShardStarted') expect(event.shard).toBe(2);
    }
  });
});
