/** What the command line does with a log that others keep: shown by processes of its own. */
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { beforeAll, expect, it } from 'vitest';
import { largeFlow, smallFlow } from '../../support/cli/flows.js';
import { ended, jsonLines, parley, type Ran, start } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

type Kind = 'kafka' | 'eventstoredb';

/** Options of a log of its own. */
const optionsOf: Readonly<Record<Kind, (address: string, name: string) => readonly string[]>> = {
  kafka: (address, name) => ['--log', 'kafka', '--brokers', address, '--topic', name],
  eventstoredb: (address, name) => ['--log', 'eventstoredb', '--connection', address, '--topic', name],
};

/** Tests of the command line on a server, to be called within `describe`. */
export function itWorksOn(kind: Kind, address: string): void {
  const folder = commandLineFolder();
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

  /** Of the log in the folder. */
  let digest: unknown;
  let audit: unknown;

  beforeAll(async () => {
    digest = await run(data);
    audit = await auditOf(data);
    await parley(['log', 'export', file, ...data]);
  });

  it(
    'plays a flow into the same log as in a folder, to the last digest, each time',
    async () => {
      expect([await run(there('one')), await run(there('two'))]).toEqual([digest, digest]);
      expect([await auditOf(there('one')), await auditOf(there('two'))]).toEqual([audit, audit]);
    },
    PROGRAM_PATIENCE_MS,
  );

  it(
    'moves a log through a pipe, into it and out of it again, with the same digests',
    async () => {
      const piped = async (from: readonly string[], into: readonly string[]): Promise<Ran> => {
        const source = start(['log', 'export', ...from]);
        const imported = await parley(['log', 'import', '-', ...into], { stdin: source.stdout as Readable });
        expect({ ...imported, source: await ended(source) }).toMatchObject({ code: 0, source: 0 });
        return imported;
      };
      await piped(data, there('moved'));
      await piped(there('moved'), there('again'));
      await piped(there('again'), ['--data', path.join(folder, 'back')]);
      expect(await auditOf(there('again'))).toEqual(audit);
      expect(await auditOf(['--data', path.join(folder, 'back')])).toEqual(audit);
    },
    PROGRAM_PATIENCE_MS,
  );

  it(
    'goes on with an import that was killed',
    async () => {
      const lines = fs.readFileSync(file, 'utf8').split('\n');
      const importing = start(['log', 'import', '-', ...there('killed')]);
      importing.stdin?.on('error', () => undefined);
      importing.stdin?.write(`${lines.slice(0, lines.length - 500).join('\n')}\n`);
      const stat = async (): Promise<number> => {
        const { stdout } = await parley(['log', 'stat', '--json', ...there('killed')]);
        return Number(jsonLines(stdout)[0]?.batches ?? 0);
      };
      await expect.poll(stat).toBeGreaterThanOrEqual(2);
      importing.kill('SIGKILL');
      expect(await ended(importing)).toBe(-1);
      const resumed = await parley(['log', 'import', file, '--json', ...there('killed')]);
      expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('were there already') as string });
      expect(await auditOf(there('killed'))).toEqual(audit);
    },
    PROGRAM_PATIENCE_MS,
  );

  it('follows the log until it is interrupted, and then ends', async () => {
    expect(await parley(['run', '-', ...there('followed')], { stdin: smallFlow })).toMatchObject({ code: 0 });
    const tail = start(['log', 'tail', '--from', '0', '--type', 'ShardStarted', ...there('followed')]);
    await new Promise((resolve) => tail.stdout?.once('data', resolve));
    tail.kill('SIGINT');
    expect(await ended(tail)).toBe(130);
  });
}
