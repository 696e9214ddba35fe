/** What a start installs, builds and says, in checkouts small enough to be built in a second or two. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ended } from '../../support/cli/parley.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

const root = path.join(import.meta.dirname, '../../..');
const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

const MAIN = 'src/cli/main.ts';
const BUILDING = /^parley: building \(tsc -p \S+\): .* seconds$/m;
const BUILT = /^parley: built in \d+\.\d s$/m;

/** A checkout with the real launcher, compiler and settings, and a command line of one line. */
class SmallCheckout {
  readonly folder = fs.mkdtempSync(path.join(folder, 'checkout-'));

  constructor() {
    const taken = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.programs.json'];
    const launcher = fs.readdirSync(path.join(root, 'src/cli')).filter((name) => name.endsWith('.mjs'));
    const ofPage = ['src/web/build.mjs', 'src/web/index.html'];
    for (const file of [...taken, ...ofPage, ...launcher.map((name) => `src/cli/${name}`)]) {
      fs.mkdirSync(path.dirname(this.path(file)), { recursive: true });
      fs.copyFileSync(path.join(root, file), this.path(file));
    }
    fs.symlinkSync(path.join(root, 'node_modules'), this.path('node_modules'));
    for (const name of ['projections', 'infra', 'test/hello', 'src/web/workers'])
      fs.mkdirSync(this.path(name), { recursive: true });
    for (const script of ['src/web/main.tsx', 'src/web/workers/log-worker.ts']) this.write(script, 'export {};');
    this.write(MAIN, "console.log('one');");
    this.write('test/hello/main.ts', "console.log('hello');");
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  write(file: string, text: string): void {
    fs.writeFileSync(this.path(file), text);
  }

  /** Runs the launcher, or another of its scripts, to its end. */
  async run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const [script = '', ...further] = args[0]?.endsWith('.mjs') === true ? args : ['src/cli/parley.mjs', ...args];
    const child = spawn(process.execPath, [this.path(script), ...further], { cwd: this.folder });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    return { code: await ended(child), ...output };
  }
}

describe('a start in a checkout', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('A start in a checkout says what it builds, what to expect, how long that took and what it runs then, and the second time nothing', async () => {
    const checkout = new SmallCheckout();
    const first = await checkout.run('serve');
    expect(first).toMatchObject({ code: 0, stdout: 'one\n' });
    expect(first.stderr).toMatch(BUILDING);
    expect(first.stderr).toMatch(BUILT);
    expect(first.stderr.trimEnd().split('\n').at(-1)).toBe('parley: running parley serve');
    expect(await checkout.run('serve')).toEqual({ code: 0, stdout: 'one\n', stderr: '' });
  });

  it('A start in a checkout runs what was edited in place, also with an older time than the build has, and never the code before it', async () => {
    const checkout = new SmallCheckout();
    await checkout.run();
    checkout.write(MAIN, "console.log('two');");
    fs.utimesSync(checkout.path(MAIN), new Date(0), new Date(1_000));
    const ran = await checkout.run();
    expect(ran.stdout).toBe('two\n');
    expect(ran.stderr).toMatch(BUILT);
    expect(await checkout.run()).toMatchObject({ stdout: 'two\n', stderr: '' });
  });

  it('A start in a checkout does not run on without a source that it was built of', async () => {
    const checkout = new SmallCheckout();
    checkout.write('src/gone.ts', 'export const gone = 1;');
    checkout.write(MAIN, "import { gone } from '../gone.js'; console.log(gone);");
    expect(await checkout.run()).toMatchObject({ code: 0, stdout: '1\n' });
    fs.rmSync(checkout.path('src/gone.ts'));
    const ran = await checkout.run();
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/gone\.js[^]*^parley: exit code \d from: /m);
  });

  it('A start in a checkout builds nothing twice: the programs’ build holds the command line, and each builds after the other', async () => {
    const checkout = new SmallCheckout();
    fs.mkdirSync(checkout.path('test/support'));
    fs.copyFileSync(path.join(root, 'test/support/run-program.mjs'), checkout.path('test/support/run-program.mjs'));
    const program = (): ReturnType<SmallCheckout['run']> => checkout.run('test/support/run-program.mjs', 'hello');
    const ran = await program();
    expect(ran.stdout).toBe('hello\n');
    expect(ran.stderr.match(new RegExp(BUILT, 'gm'))).toHaveLength(1);
    expect(await checkout.run()).toEqual({ code: 0, stdout: 'one\n', stderr: '' });
    // There and back again: what the one has compiled meanwhile is no reason for the other to leave it so.
    checkout.write(MAIN, "console.log('two');");
    expect((await checkout.run()).stdout).toBe('two\n');
    checkout.write(MAIN, "console.log('one');");
    expect((await program()).stdout).toBe('hello\n');
    expect(await checkout.run()).toMatchObject({ stdout: 'one\n', stderr: '' });
  });

  it('A start without a compiler runs what was built, as an install for production does', async () => {
    const checkout = new SmallCheckout();
    await checkout.run();
    fs.rmSync(checkout.path('node_modules'));
    fs.mkdirSync(checkout.path('node_modules'));
    fs.copyFileSync(
      path.join(root, 'node_modules/.package-lock.json'),
      checkout.path('node_modules/.package-lock.json'),
    );
    checkout.write(MAIN, "console.log('never compiled');");
    expect(await checkout.run('serve')).toEqual({ code: 0, stdout: 'one\n', stderr: '' });
  });
});
