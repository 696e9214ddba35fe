import type { Command } from 'commander';
import { usage } from '../../app/exit.js';
import { Verb } from '../options/verb.js';

/** The verb that prints the help of the others: those of the command that it stands in, at any depth. */
export function helpVerb(): Command {
  return new Verb('help')
    .summary('prints the help of a verb')
    .description('Prints the help of a verb, and of the verbs below it.')
    .argument('[verb...]', 'the verb')
    .examples(['parley help post', 'of a verb'], ['parley help log cat', 'of one below it'])
    .action((words: readonly string[], _options: object, help: Command) => {
      commandOf(help.parent ?? help, words).help();
    });
}

function commandOf(command: Command, [word, ...below]: readonly string[]): Command {
  if (word === undefined) return command;
  const found = command.commands.find((verb) => verb.name() === word || verb.aliases().includes(word));
  if (found !== undefined) return commandOf(found, below);
  const names = command.commands.map((verb) => verb.name());
  const there = names.length === 0 ? `${command.name()} has no verbs below it` : `there are ${names.join(', ')}`;
  throw usage(`there is no verb ${JSON.stringify(word)}: ${there}`);
}
