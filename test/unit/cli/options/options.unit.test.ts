import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript, shells } from '../../../../src/cli/completion/completion-script.js';
import { parseCount, parseIntentionId, parsePort } from '../../../../src/cli/options/options.js';
import { runInProcess } from '../../../support/cli/in-process.js';
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

/** Free text, the names of files, and what is checked elsewhere because its value may be a secret. */
const free = ['--file', '--config', '--connection', '--keys', '--host', '--advertise', '--cluster-key'];

describe('options', () => {
  it('Every option that takes a value knows its format, so that a malformed one is refused before anything is asked', async () => {
    for (const command of everyCommand(await program())) {
      for (const option of command.options) {
        const { long = '', required, optional, parseArg, argChoices } = option;
        if ((!required && !optional) || free.includes(long)) continue;
        expect(parseArg ?? argChoices, `${command.name()} ${long}`).toBeDefined();
      }
    }
  });

  it.each([
    ['post', '--price', '1,5', 'such as 10.25'],
    ['post', '--price', '0', 'above zero'],
    ['post', '--quantity', '1e3', 'such as 100 or 0.5'],
    ['post', '--side', 'bid', 'Allowed choices are buy, sell'],
    ['post', '--time-in-force', 'day', 'Allowed choices are gtc, ioc, fok, gtd'],
    ['post', '--participant', 'al ice', 'such as alice'],
    ['post', '--instrument', 'A/B', 'such as ACME'],
    ['post', '--client-id', 'a 1', 'such as a-1'],
    ['post', '--expires-at', 'tomorrow', 'such as 2030-01-31T12:00:00Z'],
    ['post', '--expires-at', '2030-02-30T12:00:00Z', 'such as 2030-01-31T12:00:00Z'],
    ['post', '--key', 'a b', 'as `parley keys add` prints it'],
    ['list', '--tick-size', '0', 'such as 0.05'],
    ['list', '--lot-size', '.5', 'such as 0.05'],
    ['list', '--min-price', '-1', 'such as 10.25'],
    ['list', '--max-price', 'all', 'such as 10.25'],
    ['reduce', '--by', 'half', 'such as 100 or 0.5'],
    ['replace', '--price', '10.', 'such as 10.25'],
    ['book', '--at', 'noon', '10:30 (today, UTC)'],
    ['book', '--depth', '0', 'a whole number from 1 on'],
    ['deals', '--after', '1:x', 'SHARD/POSITION such as 1/120'],
    ['deals', '--since', 'yesterday', '15m (ago; also s, h, d)'],
    ['deals', '--intention', '1-1', 'a whole number from 1 on'],
    ['deals', '--instrument', 'a b', 'such as ACME'],
    ['positions', '--participant', 'a b', 'such as alice'],
    ['run', '--mismatches', '-1', 'a whole number from 0 on'],
    ['log cat', '--from', '-1', 'SHARD/POSITION such as 1/120'],
    ['log cat', '--until', '12-1', 'or a time'],
    ['log cat', '--stream', 'nope', 'such as intention-12, deal-12-3, shard-0'],
    ['log cat', '--type', 'Nope', 'DealConfirmed'],
  ])('`parley %s` refuses %s %s with the format that it takes', async (verb, flag, value, format) => {
    const { code, stdout, stderr } = await runInProcess([...verb.split(' '), `${flag}=${value}`]);
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(flag);
    expect(stderr).toContain(format);
  });

  it('Options take whole numbers and nothing else', () => {
    expect([parseCount('1'), parseCount('12'), parsePort('0'), parsePort('65535')]).toEqual([1, 12, 0, 65_535]);
    for (const text of ['', '-1', '1.5', '1e3', ' 1', '0x1', '99999999999999999'])
      expect(() => parseCount(text)).toThrow();
    expect(() => parseCount('0')).toThrow();
    expect(() => parsePort('65536')).toThrow();
  });

  it('Options take an intention’s id as it is shown', () => {
    expect(parseIntentionId('12')).toBe('12');
    for (const text of ['0', '012', '12-1', 'x']) expect(() => parseIntentionId(text)).toThrow();
  });
});
