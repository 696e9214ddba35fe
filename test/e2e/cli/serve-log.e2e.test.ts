/** What a server writes for those who look on, and for programs. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonLines, type StartOptions } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { describeWith } from '../../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

const folder = commandLineFolder();
const PRETTY = /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: serves the shard \{.*\}\r?$/m;
// eslint-disable-next-line no-control-regex -- a colour begins with one
const COLOUR = /\u001b\[3\d/;

/** Serves until it listens, and gives all that it said. */
async function saidBy(
  args: readonly string[],
  options: StartOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  const serving = Serving.begin(['--data', fs.mkdtempSync(path.join(folder, 'data-')), ...args], options);
  await serving.listening;
  await serving.end(options.onTerminal === true ? 'SIGKILL' : 'SIGTERM');
  expect(serving.stdout).toMatch(/^parley listens on http:\/\/127\.0\.0\.1:\d+ \(log in .*, epoch 1\)\r?$/m);
  return serving;
}

describe('the log of a server', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('The log of a server is JSON, one object a line, where nobody looks on', async () => {
    const { stdout, stderr } = await saidBy([], { env: { FORCE_COLOR: '1' } });
    expect(jsonLines(stderr).map(({ msg }) => msg)).toContain('serves the shard');
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('The log of a server is for people where they ask for that, in colours if they ask for these', async () => {
    const env = { PARLEY_LOG_FORMAT: 'pretty' };
    const plain = await saidBy([], { env });
    expect(plain.stderr).toMatch(PRETTY);
    expect(plain.stderr).not.toMatch(COLOUR);
    expect((await saidBy([], { env: { ...env, FORCE_COLOR: '1' } })).stderr).toMatch(COLOUR);
    expect((await saidBy([], { env: { ...env, FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr).not.toMatch(COLOUR);
  });
});

await describeWith('script', 'the log of a server on a terminal', () => {
  it(
    'The log of a server on a terminal is for people, in colours, beside the line that says where it listens',
    { timeout: PROGRAM_PATIENCE_MS },
    async () => {
      const { stdout } = await saidBy([], { onTerminal: true });
      expect(stdout).toMatch(COLOUR);
      expect(stdout).toContain('serves the shard');
      expect(stdout).not.toContain('"level":30');
    },
  );

  it(
    'The log of a server on a terminal has no colours where NO_COLOR is set',
    { timeout: PROGRAM_PATIENCE_MS },
    async () => {
      const { stdout } = await saidBy([], { onTerminal: true, env: { NO_COLOR: '1' } });
      expect(stdout).toMatch(PRETTY);
      expect(stdout).not.toMatch(COLOUR);
    },
  );

  it(
    'The log of a server on a terminal is JSON where that is asked for',
    { timeout: PROGRAM_PATIENCE_MS },
    async () => {
      const { stdout } = await saidBy(['--log-format', 'json'], { onTerminal: true });
      expect(stdout).toMatch(/^\{"level":30,.*"msg":"serves the shard"\}\r?$/m);
    },
  );
});
