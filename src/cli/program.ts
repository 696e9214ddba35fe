import { Command } from 'commander';
import { ExitCode, exitCodeSays } from '../app/exit.js';
import { helpVerb } from './verbs/help.js';
import type { Terminal } from './terminal/terminal.js';
import { verbGroups, type VerbList } from './verb-tree.js';

const ending = `
Exit codes:
${Object.entries(ExitCode)
  .map(([name, code]) => `  ${code}  ${exitCodeSays[name as keyof typeof ExitCode]}`) // its own names
  .join('\n')}

Data go to stdout, everything else to stderr. Colours are for terminals.
FORCE_COLOR asks for them elsewhere too, NO_COLOR switches them off; where both
are set, NO_COLOR wins.
--output csv is CSV (RFC 4180); its first line names the fields as --json does.
A text that a spreadsheet would take for a formula has an apostrophe before it.`;

/** The verb that is about all the others. */
const NEEDS_ALL = 'completion';

/**
 * The command line; with the arguments that it is to parse, as far as parsing them takes: of a verb that they do not name it then holds
 * no more than a list of verbs shows. Parsing throws CommanderError instead of ending the process.
 */
export async function createProgram(terminal: Terminal, version: string, args?: readonly string[]): Promise<Command> {
  const program = new Command('parley')
    .description(
      'An event-sourced exchange in which buyers and sellers negotiate: every deal is a handshake, every step an event.',
    )
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', ending);
  // `parley help log`, `parley log help cat` and `parley -- log` name verbs too.
  const words = args?.filter((word) => word !== 'help' && word !== '--');
  for (const [heading, verbs] of Object.entries(verbGroups)) {
    program.commandsGroup(heading);
    await addVerbs(program, verbs, terminal, words?.[0] === NEEDS_ALL ? undefined : words);
  }
  settle(program, terminal);
  return program;
}

/** Adds verbs below a command, whole where one of them is the first of `words` or there are no words. */
async function addVerbs(
  command: Command,
  verbs: VerbList,
  terminal: Terminal,
  words: readonly string[] | undefined,
): Promise<void> {
  const [asked, ...further] = words ?? [];
  for (const [term, { says, load, below }] of Object.entries(verbs)) {
    const [name = '', ...takes] = term.split(' ');
    const isAsked = words === undefined || asked === name;
    const verb = isAsked ? (await load())(terminal) : new Command(name);
    if (!isAsked) for (const each of takes) verb.argument(each);
    if (isAsked && below !== undefined) await addVerbs(verb, below, terminal, words && further);
    command.addCommand(verb.summary(says));
  }
}

/** Settings that do not pass on to verbs that were made before they were added. */
function settle(command: Command, terminal: Terminal): void {
  // Commander's own knows the verbs of one level, and does not complain of one that there is not.
  command.helpCommand(false);
  if (command.commands.length > 0) command.addCommand(helpVerb());
  command.exitOverride().showHelpAfterError(`(parley ${pathOf(command)}--help says more)`);
  command.configureHelp({ subcommandTerm: termOf });
  command.configureOutput({
    writeOut: (text) => void terminal.out.write(text),
    writeErr: (text) => terminal.note(text.trimEnd()),
  });
  for (const verb of command.commands) settle(verb, terminal);
}

/** A verb in a list of verbs. That it has options need not be said: all have. */
function termOf(verb: Command): string {
  const takes = verb.registeredArguments.map((each) => {
    const name = `${each.name()}${each.variadic ? '...' : ''}`;
    return each.required ? `<${name}>` : `[${name}]`;
  });
  return [verb.name(), ...takes].join(' ');
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null ? '' : `${pathOf(parent)}${command.name()} `;
}
