/** Every program of the project that `npm run` starts says how it is called. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended } from '../support/cli/parley.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';

const checkout = path.join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(fs.readFileSync(path.join(checkout, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>; // the package's own
};
/** npm runs them, and nobody else does. */
const NOBODYS = ['dependencies', 'prepack'];
/** What they have no option for goes to vitest. */
const VITESTS = ['test', 'test:system'];

const programs = Object.keys(scripts).filter(
  (name) => /^(node|tsx) /.test(scripts[name] ?? '') && !NOBODYS.includes(name),
);

/** Starts one as npm does, but for npm itself. */
function start(name: string, ...args: readonly string[]) {
  const env = {
    ...process.env,
    PATH: `${path.join(checkout, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
  };
  const command = `exec ${scripts[name] ?? ''} ${args.join(' ')}`;
  const child = spawn(command, { cwd: checkout, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output, code: ended(child) };
}

async function run(
  name: string,
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { output, code } = start(name, ...args);
  return { code: await code, ...output };
}

// Whatever is out of date is built now, and not said by the first of them.
beforeAll(async () => {
  const bootstrap = pathToFileURL(path.join(checkout, 'src/cli/bootstrap.mjs')).href;
  const { prepare } = (await import(bootstrap)) as { prepare: (target: string) => Promise<boolean> }; // plain JavaScript
  await prepare('programs');
}, PROGRAM_PATIENCE_MS);

describe('npm run', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('The programs that npm starts are found in package.json', () => {
    const some = ['start', 'bench', 'kafka:up', 'deploy:secrets', 'test:flaky', 'codegen'];
    expect(programs).toEqual(expect.arrayContaining(some));
  });

  it.each(programs)('Npm’s program %s says with --help how it is called, and does nothing else', async (name) => {
    const { code, stdout, stderr } = await run(name, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(name === 'start' ? /^Usage: parley serve/ : /^npm (run [a-z:-]+|test)/);
  });

  it.each(programs.filter((name) => !VITESTS.includes(name)))(
    'Npm’s program %s refuses an option that it has not, says how it is called, and does nothing else',
    async (name) => {
      const { code, stdout, stderr } = await run(name, '--no-such-option');
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('--no-such-option');
      expect(stderr).toMatch(name === 'start' ? /parley serve --help says more/ : /^npm run [a-z:-]+/m);
    },
  );
});

describe('the stand-in for EventStoreDB', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('The stand-in for EventStoreDB listens where it is told to, prints what leads there, and ends when it is interrupted', async () => {
    const first = start('eventstoredb:stand-in', '--port', '0');
    await expect.poll(() => first.output.stdout).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false\n$/);
    const port = /:(\d+)\?/.exec(first.output.stdout)?.[1] ?? '';
    const second = start('eventstoredb:stand-in', '--port', port);
    expect(await second.code).toBe(1);
    expect(second.output.stderr).toContain(port);
    first.child.kill('SIGINT');
    expect(await first.code).toBe(0);
    const third = start('eventstoredb:stand-in', '--port', port);
    await expect.poll(() => third.output.stdout).toBe(first.output.stdout);
    third.child.kill('SIGTERM');
    expect(await third.code).toBe(0);
  });
});
