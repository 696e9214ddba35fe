import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';

function program(args?: readonly string[]): Promise<Command> {
  return createProgram(new Terminal({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} }), '0', args);
}

const below = (command: Command, name: string): Command | undefined =>
  command.commands.find((verb) => verb.name() === name);

describe('the list of verbs', () => {
  it('The list of verbs reads the same, arguments too, whether the verbs were loaded for it or not', async () => {
    const [listed, loaded] = [await program(['--help']), await program()];
    expect(listed.helpInformation()).toBe(loaded.helpInformation());
    for (const group of ['log', 'keys']) {
      const help = below(await program([group]), group)?.helpInformation();
      expect(help).toBe(below(loaded, group)?.helpInformation());
      expect(help).toMatch(/^Commands:$/m);
    }
  });
});

describe('a program made for its arguments', () => {
  it.each([
    [
      ['log', 'stat', '--json'],
      ['log', 'stat'],
    ],
    [['help', 'log'], ['log']],
    [
      ['log', 'help', 'stat'],
      ['log', 'stat'],
    ],
    [['--', 'post', '--side', 'buy'], ['post']],
  ])('A program made for its arguments holds the verb that they name whole: %j', async (args, names) => {
    let [made, whole]: (Command | undefined)[] = [await program(args), await program()];
    for (const name of names) [made, whole] = [below(made as Command, name), below(whole as Command, name)]; // the list has it
    expect(made?.options.map(({ flags }) => flags)).toEqual(whole?.options.map(({ flags }) => flags));
    expect(made?.description()).toBe(whole?.description());
  });
});
