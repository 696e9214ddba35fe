import { spawn } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { largeFlow } from '../../support/cli/flows.js';
import { ended, parley, start } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { skipWithout } from '../../support/needs/suite.js';

const folder = commandLineFolder();
const data = path.join(folder, 'data');

beforeAll(async () => {
  await parley(['run', '-', '--data', data], { stdin: largeFlow(2_000) });
});

/** Runs bash with the script on its standard input, in a locale that every machine has: of others bash complains. */
async function bash(
  script: string,
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn('bash', args, { env: { ...process.env, LC_ALL: 'C' } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (output.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output.stderr += text.toString()));
  child.stdin.end(script);
  return { code: await ended(child), ...output };
}

describe('the command line in a shell', () => {
  it('The command line in a shell prints help on stdout, with examples on every verb', async () => {
    const program = await parley(['--help']);
    expect(program.code).toBe(0);
    expect(program.stdout).toContain('Exit codes:');
    const verbs = [...program.stdout.matchAll(/^ {2}([a-z]+) .*[a-z]/gm)].map(([, verb]) => verb ?? '');
    const expected =
      'serve run list post withdraw reduce replace instruments book deals positions intention intentions health phase uncross cluster keys log replay audit chart why completion';
    for (const verb of expected.split(' ')) expect(verbs).toContain(verb);
    const pages = await Promise.all(
      ['book', 'run', 'log import', 'keys add', 'keys revoke', 'serve'].map((verb) =>
        parley([...verb.split(' '), '--help']),
      ),
    );
    for (const page of pages)
      expect(page).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Examples:') });
  });

  it('The command line in a shell exits with 2 for what it does not know, and suggests what may have been meant', async () => {
    const [verb, option, value, missing, none] = await Promise.all([
      parley(['adit']),
      parley(['audit', '--dta', data]),
      parley(['replay', '--at', 'soon', '--data', data]),
      parley(['book']),
      parley([]),
    ]);
    expect(verb).toMatchObject({ code: 2, stdout: '' });
    expect(verb.stderr).toContain('Did you mean audit?');
    expect(option).toMatchObject({ code: 2, stdout: '' });
    expect(option.stderr).toContain('Did you mean --data?');
    expect(value.code).toBe(2);
    expect(missing.code).toBe(2);
    expect(none).toMatchObject({ code: 2, stdout: '' });
  });

  it('The command line in a shell ends quietly and with 0 when nobody reads on', async () => {
    const child = start(['log', 'cat', '--data', data]);
    let stderr = '';
    child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended(child)).toBe(0);
    expect(stderr).toBe('');
  });

  it('The command line in a shell colours what is no terminal only where that is asked for', async () => {
    const isColoured = async (env: Readonly<Record<string, string>>): Promise<boolean> => {
      const { stdout } = await parley(['log', 'stat', '--data', data], { env });
      return stdout.includes('\u001b[');
    };
    expect(await isColoured({})).toBe(false);
    expect(await isColoured({ FORCE_COLOR: '1' })).toBe(true);
    expect(await isColoured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    const { stderr } = await parley(['log', 'stat', '--data', folder], { env: { FORCE_COLOR: '1' } });
    expect(stderr.startsWith('\u001b[31merror:\u001b[39m ')).toBe(true);
  });

  it.each(['bash', 'zsh', 'fish'])('The command line in a shell prints a completion script for %s', async (shell) => {
    const { code, stdout } = await parley(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['serve', 'positions', 'export', 'take-over', 'mermaid']) expect(stdout).toContain(word);
  });

  it('The command line in a shell completes verbs, options, values and files in bash', async (context) => {
    await skipWithout(context, 'bash');
    const { stdout: script } = await parley(['completion', 'bash']);
    expect(await bash(script, '-n')).toMatchObject({ code: 0, stderr: '' });
    const completed = (line: string): string =>
      `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _parley 2>/dev/null; echo "\${COMPREPLY[*]}"\n`;
    const { stdout } = await bash(
      [
        script,
        ...['parley rep', 'parley log ex', 'parley chart --format m', 'parley run --form', "parley ''"].map(completed),
      ].join('\n'),
    );
    const [verbs, below, value, option, all] = stdout.split('\n');
    expect(verbs).toBe('replace replay');
    expect(below).toBe('export');
    expect(value).toBe('mermaid');
    expect(option).toBe('--format');
    expect(all).toContain('serve');
  });
});
