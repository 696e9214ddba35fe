/** The examples in the helps: what people copy. */
import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import { takeSettingsAway } from '../../support/cli/plain-environment.js';
import { describeWith } from '../../support/needs/suite.js';

interface Example {
  readonly verb: string;
  readonly line: string;
}

function program(args?: readonly string[]): Promise<Command> {
  return createProgram(new Terminal({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} }), '0', args);
}

function* examplesIn(command: Command): Generator<Example> {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, shown = ''] = help.split('\nExamples:\n');
  for (const line of (shown.split('\n\n')[0] ?? '').split('\n').filter((each) => each.startsWith('  '))) {
    yield { verb: command.name(), line: (line.split('  # ')[0] ?? '').trim() };
  }
  for (const verb of command.commands) yield* examplesIn(verb);
}

/** The arguments of each `parley` in a command line: at its beginning, in a pipe, a loop, a substitution, or on another machine. */
function callsIn(line: string): string[][] {
  return line
    .split(/[|()&;]|\bssh \w+ /)
    .filter((part) => /^\s*parley\s/.test(part))
    .map((part) => (part.split(/[<>]/)[0] ?? '').trim().split(/\s+/).slice(1));
}

const examples: Example[] = [];
beforeAll(async () => {
  takeSettingsAway();
  examples.push(...examplesIn(await program()));
});

describe('the examples of all helps', () => {
  it('The examples of all helps call parley as it can be called: a verb that there is, its options, and values that they take', async () => {
    expect(examples.length).toBeGreaterThan(50);
    for (const { verb, line } of examples) {
      const calls = callsIn(line);
      expect(calls.length, line).toBeGreaterThan(0);
      expect(calls.flat(), line).toContain(verb);
      for (const args of calls) await expect(parsed(args), `${line}: ${args.join(' ')}`).resolves.toBeUndefined();
    }
  });
});

/** Parses a command line by the very verb, and does nothing. Rejects as the command line refuses it. */
async function parsed(args: readonly string[]): Promise<void> {
  const made = await program(args);
  for (const command of below(made)) {
    command.configureOutput({ writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  await made.parseAsync(args, { from: 'user' });
}

function* below(command: Command): Generator<Command> {
  yield command;
  for (const verb of command.commands) yield* below(verb);
}

await describeWith('bash', 'the examples of all helps, in a shell,', () => {
  it('The examples of all helps are command lines', () => {
    expect(examples.length).toBeGreaterThan(50);
    const env = { ...process.env, LC_ALL: 'C' }; // a shell whose locale is not installed says so
    const wrong = examples
      .map(({ line }) => ({ line, says: spawnSync('bash', ['-n', '-c', line], { env, encoding: 'utf8' }).stderr }))
      .filter(({ says }) => says !== '');
    expect(wrong).toEqual([]);
  });
});
