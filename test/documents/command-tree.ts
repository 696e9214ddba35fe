/** The command line as data: its verbs and their options, from the very commands that parse it. */
import { PassThrough } from 'node:stream';
import type { Command, Option } from 'commander';
import { LOG_GROUP } from '../../src/cli/options/options.js';
import { Verb } from '../../src/cli/options/verb.js';
import { createProgram } from '../../src/cli/program.js';
import { Terminal } from '../../src/cli/terminal/terminal.js';
import { code, codes, prose } from './markdown.js';

/** The whole program, in an environment that says nothing. */
export function program(): Promise<Command> {
  return createProgram(new Terminal({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} }), '0');
}

/** The verbs that can be run, with those under a verb in its place. */
export function verbsOf(command: Command): Command[] {
  return command.createHelp().visibleCommands(command).flatMap(withoutHelp);
}

function withoutHelp(verb: Command): Command[] {
  if (verb.name() === 'help') return [];
  return verb.commands.length === 0 ? [verb] : verbsOf(verb);
}

/** `parley log cat`. */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** The options that it has, but for --help. */
export function optionsOf(command: Command): Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help' && long !== '--version');
}

/** The options that say which log, as most verbs have them. */
export const standardLogOptions: ReadonlyMap<string, Option> = byName(new Verb('any').logOptions());

/** Whether it is one of the options that say which log, with the words that most verbs have for it. */
export function isStandard(option: Option): boolean {
  return standardLogOptions.get(option.name())?.description === option.description;
}

/** Whether the verb can be told which log by all the options that there are for it. */
export function takesAnyLog(verb: Command): boolean {
  const own = byName(verb);
  return [...standardLogOptions.keys()].every((name) => name === 'data' || own.has(name));
}

function byName(command: Command): Map<string, Option> {
  return new Map(optionsOf(command).map((option) => [option.name(), option]));
}

export function isOfLog(option: Option): boolean {
  return option.helpGroupHeading === LOG_GROUP;
}

/** Its default as the help shows it; empty where it has none. */
export function defaultOf({ defaultValue, defaultValueDescription, negate }: Option): string {
  if (defaultValueDescription !== undefined) return prose(defaultValueDescription);
  if (defaultValue === undefined || negate) return '';
  return code(String(defaultValue));
}

/** Of an option or an argument, with the values that it may have. */
export function meaningOf({ description, argChoices }: Pick<Option, 'description' | 'argChoices'>): string {
  const choices = argChoices === undefined ? '' : `: ${codes(argChoices)}`;
  return prose(description) + choices;
}

/** By what `groupOf` says of each, in the order in which that is first said. */
export function groupedBy<Item>(items: readonly Item[], groupOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groupOf(item);
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return groups;
}
