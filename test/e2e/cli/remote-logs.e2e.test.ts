/** The command line and logs that others keep: what only processes of their own and real servers can show. */
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largeFlow, smallFlow } from '../../support/cli/flows.js';
import { BUILD_MS, built, ended, jsonLines, parley, type Ran, start } from '../../support/cli/parley.js';
import { StandInServer } from '../../support/eventstoredb/stand-in-server.js';
import { Cut } from '../../support/servers/cut.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWithServer } from '../../support/servers/suite.js';

const EACH_MS = 120_000;

type Kind = 'kafka' | 'eventstoredb';

/** Options of a log of its own. */
const optionsOf: Readonly<Record<Kind, (address: string, name: string) => readonly string[]>> = {
  kafka: (address, name) => ['--log', 'kafka', '--brokers', address, '--topic', name],
  eventstoredb: (address, name) => ['--log', 'eventstoredb', '--connection', address, '--topic', name],
};

function describeLog(kind: Kind, address: string): void {
  const folder = temporaryFolder();
  const data = ['--data', path.join(folder, 'data')];
  const file = path.join(folder, 'export.jsonl');
  const prefix = `cli_${process.pid}_${Date.now()}`;
  const there = (name: string): readonly string[] => optionsOf[kind](address, `${prefix}_${name}`);
  const auditOf = async (where: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await parley(['audit', '--json', ...where]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: '' });
    return jsonLines(stdout).at(-1);
  };
  const run = async (where: readonly string[]): Promise<unknown> => {
    const flow = `${smallFlow}scenario three\n${largeFlow(1_500)}`;
    const { code, stdout, stderr } = await parley(['run', '-', '--json', ...where], { stdin: flow });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return jsonLines(stdout)[0]?.stateDigest;
  };

  beforeAll(async () => {
    await built();
    fs.mkdirSync(folder, { recursive: true });
  }, BUILD_MS);
  afterAll(() => removeFolder(folder));

  it(
    'plays a flow into the same log as in a folder, to the last digest, each time',
    async () => {
      const inFolder = await run(data);
      expect([await run(there('one')), await run(there('two'))]).toEqual([inFolder, inFolder]);
      const audit = await auditOf(data);
      expect([await auditOf(there('one')), await auditOf(there('two'))]).toEqual([audit, audit]);
    },
    EACH_MS,
  );

  it(
    'moves a log through a pipe, into it and out of it again, with the same digests',
    async () => {
      const piped = async (from: readonly string[], into: readonly string[]): Promise<Ran> => {
        const source = start(['log', 'export', ...from]);
        const imported = await parley(['log', 'import', '-', ...into], { stdin: source.stdout as Readable });
        expect({ ...imported, source: source.exitCode }).toMatchObject({ code: 0, source: 0 });
        return imported;
      };
      await piped(data, there('moved'));
      await piped(there('moved'), there('again'));
      await piped(there('again'), ['--data', path.join(folder, 'back')]);
      const audit = await auditOf(data);
      expect(await auditOf(there('again'))).toEqual(audit);
      expect(await auditOf(['--data', path.join(folder, 'back')])).toEqual(audit);
    },
    EACH_MS,
  );

  it(
    'goes on with an import that was killed',
    async () => {
      await parley(['log', 'export', file, ...data]);
      const lines = fs.readFileSync(file, 'utf8').split('\n');
      const importing = start(['log', 'import', '-', ...there('killed')]);
      importing.stdin?.on('error', () => undefined);
      importing.stdin?.write(`${lines.slice(0, lines.length - 500).join('\n')}\n`);
      const stat = async (): Promise<number> => {
        const { stdout } = await parley(['log', 'stat', '--json', ...there('killed')]);
        return Number(jsonLines(stdout)[0]?.batches ?? 0);
      };
      while ((await stat()) < 2) await sleep(100);
      importing.kill('SIGKILL');
      expect(await ended(importing)).toBe(-1);
      const resumed = await parley(['log', 'import', file, '--json', ...there('killed')]);
      expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('were there already') as string });
      expect(await auditOf(there('killed'))).toEqual(await auditOf(data));
    },
    EACH_MS,
  );

  it(
    'follows the log until it is interrupted, and then ends',
    async () => {
      const tail = start(['log', 'tail', '--from', '0', '--type', 'ShardStarted', ...there('one')]);
      await new Promise((resolve) => tail.stdout?.once('data', resolve));
      tail.kill('SIGINT');
      expect(await ended(tail)).toBe(130);
    },
    EACH_MS,
  );
}

const standIn = await StandInServer.start();
afterAll(() => standIn.stop());
describe('the command line on a stand-in for EventStoreDB', () => {
  describeLog('eventstoredb', standIn.connection());
});

for (const kind of ['kafka', 'eventstoredb'] as const) {
  await describeWithServer(kind, `the command line on a log in ${kind}`, ({ address }) => {
    describeLog(kind, address);
  });
}

await describeWithServer('kafka', 'the command line on a Kafka that is away', ({ address }) => {
  beforeAll(built, BUILD_MS);

  it(
    'ends with 1 and one line where nobody answers, and soon when it is interrupted meanwhile',
    async () => {
      const cut = await Cut.open({ target: address });
      const away = ['--log', 'kafka', '--brokers', cut.address];
      await cut.cut();
      const refused = await parley(['audit', ...away]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/^error: Kafka at 127\.0\.0\.1:\d+: [^\n]+\n$/);
      await cut.resume();
      cut.stall();
      const startedMs = performance.now();
      const silent = await parley(['log', 'cat', ...away], {
        during: (child) => setTimeout(() => child.kill('SIGINT'), 1_500),
      });
      expect(silent).toMatchObject({ code: 130, stderr: '' });
      expect(performance.now() - startedMs).toBeLessThan(8_000); // a request to a silent broker is waited for longer
      await cut.close();
    },
    EACH_MS,
  );
});
