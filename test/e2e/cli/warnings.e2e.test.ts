import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();

/** Loaded before the server: warns on request, and in every other thread when that starts. */
const warner = `
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('SIGUSR2', () => process.emitWarning('beware'));
  else process.emitWarning('beware in a thread');
`;

describe('parley serve', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('`parley serve` writes nothing but JSON to stderr, also when Node warns, in whatever thread', async () => {
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(warner)}` };
    const serving = Serving.begin(['--data', path.join(folder, 'warned')], { env });
    await serving.listening;
    serving.signal('SIGUSR2');
    await expect.poll(() => serving.stderr).toMatch(/: beware"|"beware"/);
    await expect.poll(() => serving.stderr).toContain('beware in a thread');
    expect(await serving.end()).toBe(0);
    const lines = serving.stderr.trimEnd().split('\n');
    for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  });
});
