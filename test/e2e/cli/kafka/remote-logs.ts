/** What the command line does with a log that others keep: shown by processes of its own. */
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { beforeAll, expect, it } from 'vitest';
import { shardOfSymbol } from '../../../../src/cluster/shard-of.js';
import { largeFlow, smallFlow } from '../../../support/cli/flows.js';
import { ended, jsonLines, parley, type Ran, start } from '../../../support/cli/parley.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../../support/patience.js';

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
    'The command line plays a flow into a remote log as into a folder, to the last digest, each time',
    async () => {
      expect([await run(there('one')), await run(there('two'))]).toEqual([digest, digest]);
      expect([await auditOf(there('one')), await auditOf(there('two'))]).toEqual([audit, audit]);
    },
    PROGRAM_PATIENCE_MS,
  );

  it(
    'The command line moves a log through a pipe, into a remote log and out of it again, with the same digests',
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
    'The command line goes on with an import into a remote log that was killed',
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

  it(
    'The command line reads all shards of a remote log, or the one that a symbol or an id leads to, and names it',
    async () => {
      const shards = [0, 1, 2];
      const symbols = shards.map((shard) => symbolIn(shard, shards.length));
      const where = there('sharded');
      const flow = 'post b1 B 100 10\npost s1 S 100 4\ndeal s1 b1 100 4\n';
      for (const shard of shards) {
        const into = ['--shards', '3', '--shard', String(shard), '--instrument', symbols[shard] ?? ''];
        expect(await parley(['run', '-', ...into, ...where], { stdin: flow })).toMatchObject({ code: 0 });
      }
      const lines = async (...args: string[]): Promise<Record<string, unknown>[]> => {
        const { code, stdout, stderr } = await parley([...args, '--json', ...where]);
        expect({ args, code, stderr }).toMatchObject({ code: 0 });
        return jsonLines(stdout);
      };
      const deals = await lines('deals');
      expect(new Set(deals.map(({ shard, instrument }) => [shard, instrument].join()))).toEqual(
        new Set(shards.map((shard) => [shard, symbols[shard]].join())),
      );
      expect(await lines('book', symbols[2] ?? '')).toMatchObject([{ shard: 2, bids: [{ quantity: '6' }] }]);
      expect(await lines('why', String(2 ** 32 + 1))).toMatchObject([{ shard: 1 }]);
      const audit = await lines('audit');
      expect(audit.at(-1)).toMatchObject({ kind: 'all', shards: 3, empty: [], exitCode: 0 });
      const anchors = audit.slice(0, 3).map(({ anchor }) => String(anchor));
      expect(anchors.map((anchor) => anchor.slice(0, 2))).toEqual(['0/', '1/', '2/']);
      expect((await lines('audit', '--expect', anchors[2] ?? '')).at(-1)).toMatchObject({ exitCode: 0 });
      const swapped = anchors[2]?.replace(/^2/, '1') ?? '';
      expect(await parley(['audit', '--expect', swapped, ...where])).toMatchObject({ code: 3 });
      expect(await parley(['log', 'export', ...where])).toMatchObject({ code: 2 });
      expect(await lines('log', 'stat', '--shard', '1')).toMatchObject([{ shard: 1 }]);
    },
    PROGRAM_PATIENCE_MS,
  );

  it('The command line follows a remote log until it is interrupted, and then ends', async () => {
    expect(await parley(['run', '-', ...there('followed')], { stdin: smallFlow })).toMatchObject({ code: 0 });
    const tail = start(['log', 'tail', '--from', '0', '--type', 'ShardStarted', ...there('followed')]);
    await new Promise((resolve) => tail.stdout?.once('data', resolve));
    tail.kill('SIGINT');
    expect(await ended(tail)).toBe(130);
  });
}

function symbolIn(shard: number, shards: number): string {
  for (let number = 0; ; number++) {
    if (shardOfSymbol(`S${number}`, shards) === shard) return `S${number}`;
  }
}
