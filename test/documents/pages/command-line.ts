/** `docs/reference/command-line.md`: every verb, from the commands that parse the command line. */
import type { Argument, Command, Option } from 'commander';
import { ExitCode, exitCodeSays } from '../../../src/app/exit.js';
import { whereItLooks } from '../../../src/cli/options/where-it-looks.js';
import { POSITION_FORMS } from '../../../src/cli/options/logs/points.js';
import { TIME_FORMS } from '../../../src/cli/options/times.js';
import { Verb } from '../../../src/cli/options/verb.js';
import {
  defaultOf,
  groupedBy,
  isOfLog,
  isStandard,
  meaningOf,
  nameOf,
  optionsOf,
  program,
  standardLogOptions,
  takesAnyLog,
  verbsOf,
} from '../command-tree.js';
import { anchorOf, code, fence, paragraphs, prose, table } from '../markdown.js';

const LOG_HEADING = 'Which log';

const intro = `Every verb of \`parley\` with its options. \`parley help VERB\` prints the same. An option goes before what its
environment variable says, the variable before a file of \`--config\`, and the file before the default; [configuration](configuration.md)
lists all of these in one table. Data go to stdout, everything else to stderr, so that a verb can stand in a pipe. \`NO_COLOR\` switches
colours off.`;

export async function commandLinePage(): Promise<string> {
  const whole = await program();
  const all = whole.createHelp().visibleCommands(whole);
  const verbs = all.filter((verb) => verb.name() !== 'help');
  return paragraphs(
    '# The command line',
    intro,
    contents(groupedBy(verbs, (verb) => verb.helpGroup())),
    '## Exit codes',
    exitCodes(),
    `## ${LOG_HEADING}`,
    'Verbs that work on a log are told which one by these options. Those that are of another kind of log than the one that is chosen are refused.',
    optionTable([...standardLogOptions.values()]),
    '## Where a verb looks',
    prose(`Some verbs can ask a running exchange, and can read the log instead. ${whereItLooks}`),
    '## Positions and times',
    prose(
      `A log position is ${POSITION_FORMS}; it is shown with its shard wherever there are several. A time is ${TIME_FORMS}, and means ` +
        'what stood when all had happened that is not later.',
    ),
    ...verbs.flatMap(sectionsOf),
  );
}

/** The verbs by the headings of the help. */
function contents(groups: ReadonlyMap<string, readonly Command[]>): string {
  const rows = [...groups].flatMap(([heading, verbs]) =>
    verbs.map((verb, index) => [
      index === 0 ? prose(heading.replace(/:$/, '')) : '',
      linkTo(verb),
      prose(verb.summary()),
    ]),
  );
  return table(['', 'verb', 'what it does'], rows);
}

function linkTo(verb: Command): string {
  return `[${code(verb.name())}](#${anchorOf(nameOf(verb))})`;
}

function exitCodes(): string {
  const rows = Object.entries(ExitCode).map(([name, value]) => [
    code(String(value)),
    prose(exitCodeSays[name as keyof typeof ExitCode]), // its own names
  ]);
  return table(['code', 'means'], rows);
}

function sectionsOf(verb: Command): string[] {
  if (verb.commands.length === 0) return [section(verb, '##')];
  const below = verbsOf(verb);
  const rows = below.map((each) => [linkTo(each), prose(each.summary())]);
  const head = paragraphs(`## ${nameOf(verb)}`, prose(verb.description()), table(['verb', 'what it does'], rows));
  return [head.trimEnd(), ...below.map((each) => section(each, '###'))];
}

function section(verb: Command, mark: string): string {
  return paragraphs(
    `${mark} ${nameOf(verb)}`,
    fence('text', `${nameOf(verb)} ${usageOf(verb)}`),
    prose(verb.description()),
    argumentsOf(verb.registeredArguments),
    ...optionsIn(verb),
    examples(verb),
  ).trimEnd();
}

function usageOf(verb: Command): string {
  return verb.createHelp().commandUsage(verb).slice(nameOf(verb).length).trim();
}

function argumentsOf(all: readonly Argument[]): string {
  return all.map((argument) => `- ${code(argument.name())}: ${meaningOf(argument)}`).join('\n');
}

/** Its own options by their headings in the help; where the usual ones say which log, a word is enough. */
function optionsIn(verb: Command): string[] {
  const isAny = takesAnyLog(verb);
  const own = optionsOf(verb).filter((option) => !(isAny && isStandard(option)));
  const groups = groupedBy(own, (option) => (isOfLog(option) ? '' : (option.helpGroupHeading ?? '')));
  const tables = [...groups].flatMap(([heading, options]) => [prose(heading), optionTable(options)]);
  return isAny ? [...tables, `It takes the options that say [which log](#${anchorOf(LOG_HEADING)}).`] : tables;
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [
    code(option.flags),
    meaningOf(option),
    option.envVar === undefined ? '' : code(option.envVar),
    defaultOf(option),
  ]);
  return table(['option', 'means', 'environment', 'default'], rows);
}

function examples(verb: Command): string {
  if (!(verb instanceof Verb) || verb.shown.length === 0) return '';
  const width = Math.max(...verb.shown.map(([command]) => command.length));
  return fence('sh', verb.shown.map(([command, says]) => `${command.padEnd(width)}  # ${says}`).join('\n'));
}
