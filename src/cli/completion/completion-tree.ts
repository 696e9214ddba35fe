import type { Argument, Command, Option } from 'commander';

/** What a shell can offer for a value: names, files, folders, or nothing that it could know. */
export type Values = readonly string[] | 'files' | 'folders' | undefined;

export interface CompletedOption {
  /** `--data`, and its other name where it has one. */
  readonly flags: readonly string[];
  readonly says: string;
  readonly takesValue: boolean;
  readonly values: Values;
}

/** What a shell needs to complete a verb. The whole program is the one without words. */
export interface CompletedVerb {
  /** `log`, `cat` for `parley log cat`. */
  readonly words: readonly string[];
  readonly says: string;
  readonly verbs: readonly CompletedVerb[];
  readonly options: readonly CompletedOption[];
  /** For what stands after the verb. */
  readonly values: Values;
}

/** What there is to complete, from the very commands that parse the command line. */
export function completionTree(command: Command, words: readonly string[] = []): CompletedVerb {
  const help = command.createHelp();
  return {
    words,
    says: command.summary() || command.description(),
    verbs: help.visibleCommands(command).map((verb) => completionTree(verb, [...words, verb.name()])),
    options: help.visibleOptions(command).map(completedOption),
    values: argumentValues(command.registeredArguments),
  };
}

/** A verb and all verbs below it. */
export function* everyVerb(verb: CompletedVerb): Generator<CompletedVerb> {
  yield verb;
  for (const below of verb.verbs) yield* everyVerb(below);
}

function completedOption(option: Option): CompletedOption {
  const { short, long, flags, description, required, optional, argChoices } = option;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    says: description,
    takesValue: required || optional,
    values: argChoices ?? valuesNamed(/[<[]([a-z]+)/.exec(flags)?.[1]),
  };
}

function argumentValues(args: readonly Argument[]): Values {
  const [first] = args;
  return first === undefined ? undefined : (first.argChoices ?? valuesNamed(first.name()));
}

/** Help texts call a folder `dir` and a file `file`, and mean it. */
function valuesNamed(name: string | undefined): Values {
  if (name === 'dir') return 'folders';
  return name === 'file' ? 'files' : undefined;
}
