import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import { runInProcess } from '../../support/cli/in-process.js';

const streams = { stdout: new PassThrough(), stderr: new PassThrough(), env: {} };
const program = await createProgram(new Terminal(streams), '0.0.0');

/** Verbs that do something: those that have no verbs below them. */
function* leaves(command: Command, words: readonly string[] = []): Generator<readonly [string, Command]> {
  if (command.commands.length === 0) yield [words.join(' '), command];
  const own = command.commands.filter((verb) => words.length === 0 || verb.name() !== 'help');
  for (const verb of own) yield* leaves(verb, [...words, verb.name()]);
}

const verbs = [...leaves(program)];

describe('the help', () => {
  it('The help of every verb says in a line and in sentences what it does, and shows examples of it', async () => {
    for (const [words, verb] of verbs) {
      expect(verb.summary(), words).toMatch(/^[a-z].*[^.]$/);
      expect(verb.description(), words).toMatch(/^[A-Z].*\.$/);
      const { code, stdout } = await runInProcess([...words.split(' '), '--help']);
      expect(code, words).toBe(0);
      expect(stdout, words).not.toMatch(/\n\n\n|\n\n$/);
      const examples = /^Examples:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1] ?? '';
      expect(examples, words).toContain(`parley ${words}`);
    }
  });

  it('The help of the program names every verb under a heading', async () => {
    const { stdout } = await runInProcess(['--help']);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const [words] of verbs) expect(stdout).toMatch(new RegExp(`^ {2}${words.split(' ')[0] ?? ''} `, 'm'));
    for (const heading of ['Run:', 'Operate:', 'Examine (the log alone):']) expect(stdout).toContain(`\n${heading}\n`);
  });

  it('Every verb that prints rows or records takes --output beside --json, and no other does', () => {
    const taking = verbs.filter(([, { options }]) => options.some(({ long }) => long === '--output'));
    expect(taking.map(([words]) => words).sort()).toEqual([
      ...[
        'account',
        'audit',
        'book',
        'candles',
        'cluster',
        'deals',
        'health',
        'instruments',
        'intention',
        'intentions',
      ],
      'keys list',
      ...[
        'limits',
        'list',
        'log stat',
        'phase',
        'positions',
        'post',
        'reduce',
        'replace',
        'replay',
        'switch',
        'ticker',
        'trades',
        'uncross',
      ],
      'withdraw',
    ]);
    for (const [words, { options }] of taking) {
      expect(
        options.some(({ long }) => long === '--json'),
        words,
      ).toBe(true);
    }
  });
});
