import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript, shells } from '../../../../src/cli/completion/completion-script.js';
import { parseCount, parseIntentionId, parsePort, parsePosition } from '../../../../src/cli/options/options.js';
import { createProgram } from '../../../../src/cli/program.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';

function program(): Promise<Command> {
  return createProgram(new Terminal({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} }), '0');
}

function* everyCommand(command: Command): Generator<Command> {
  yield command;
  for (const verb of command.commands) yield* everyCommand(verb);
}

describe('the program', () => {
  it('The program gives every verb a summary, and an example in its help text', async () => {
    for (const command of everyCommand(await program())) {
      if (command.commands.length > 0) continue;
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect({ verb: command.name(), summary: command.summary() }).not.toMatchObject({ summary: '' });
      expect(help).toContain('Examples:');
    }
  });

  it.each(shells)('The program names every verb and every option in the completion script for %s', async (shell) => {
    const script = completionScript(shell, await program());
    for (const command of everyCommand(await program())) {
      expect(script).toContain(command.parent === null ? 'parley' : command.name());
      for (const { long = '' } of command.options) expect(script).toContain(long.slice(2));
    }
  });
});

describe('options', () => {
  it('Options take whole numbers and nothing else', () => {
    expect([parsePosition('0'), parsePosition('12'), parseCount('1'), parsePort('65535')]).toEqual([0, 12, 1, 65_535]);
    for (const text of ['', '-1', '1.5', '1e3', ' 1', '0x1', '99999999999999999'])
      expect(() => parsePosition(text)).toThrow();
    for (const text of ['0', '-1']) expect(() => parseCount(text)).toThrow();
    expect(() => parsePort('65536')).toThrow();
  });

  it('Options take an intention’s id as it is shown', () => {
    expect(parseIntentionId('12')).toBe('12');
    for (const text of ['0', '012', '12-1', 'x']) expect(() => parseIntentionId(text)).toThrow();
  });
});
