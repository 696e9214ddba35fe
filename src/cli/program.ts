import { Command } from 'commander';
import { ExitCode, exitCodeSays } from '../app/exit.js';
import { helpVerb } from './verbs/help.js';
import { printableLines } from './terminal/printable.js';
import type { Terminal } from './terminal/terminal.js';

type Load = () => Promise<(terminal: Terminal) => Command>;

/** All verbs, by heading. Each is loaded when it is asked for: most processes run a single one. */
const groups: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Run:': {
    serve: async () => (await import('./verbs/serve.js')).serveVerb,
    run: async () => (await import('./verbs/run.js')).runVerb,
  },
  'Trade (talk to a running exchange):': {
    list: async () => (await import('./verbs/list.js')).listVerb,
    post: async () => (await import('./verbs/post.js')).postVerb,
    withdraw: async () => (await import('./verbs/withdraw.js')).withdrawVerb,
    reduce: async () => (await import('./verbs/reduce.js')).reduceVerb,
    replace: async () => (await import('./verbs/replace.js')).replaceVerb,
  },
  'Look (at a running exchange, or with --data or --at at the log alone):': {
    instruments: async () => (await import('./verbs/instruments.js')).instrumentsVerb,
    book: async () => (await import('./verbs/book.js')).bookVerb,
    deals: async () => (await import('./verbs/deals.js')).dealsVerb,
    positions: async () => (await import('./verbs/positions.js')).positionsVerb,
    intention: async () => (await import('./verbs/intention.js')).intentionVerb,
    intentions: async () => (await import('./verbs/intentions.js')).intentionsVerb,
  },
  'Operate:': {
    health: async () => (await import('./verbs/health.js')).healthVerb,
    phase: async () => (await import('./verbs/phase.js')).phaseVerb,
    uncross: async () => (await import('./verbs/uncross.js')).uncrossVerb,
    cluster: async () => (await import('./verbs/cluster.js')).clusterVerb,
    keys: async () => (await import('./verbs/keys.js')).keysVerb,
  },
  'Examine (the log alone):': {
    log: async () => (await import('./verbs/log.js')).logVerb,
    replay: async () => (await import('./verbs/replay.js')).replayVerb,
    audit: async () => (await import('./verbs/audit.js')).auditVerb,
    chart: async () => (await import('./verbs/chart.js')).chartVerb,
    why: async () => (await import('./verbs/why.js')).whyVerb,
  },
  'Help:': {
    completion: async () => (await import('./verbs/completion.js')).completionVerb,
  },
};

const exitCodes = `
Exit codes:
${Object.entries(ExitCode)
  .map(([name, code]) => `  ${code}  ${exitCodeSays[name as keyof typeof ExitCode]}`) // its own names
  .join('\n')}

Data go to stdout, everything else to stderr. NO_COLOR switches colours off.
--output csv is CSV (RFC 4180); its first line names the fields as --json does.
A text that a spreadsheet would take for a formula has an apostrophe before it.
`;

/** The verbs that are about all the others. */
const NEED_ALL: ReadonlySet<string | undefined> = new Set(['completion', 'help']);

/**
 * The command line; with the name of a verb, as far as running that one takes. Parsing throws CommanderError instead of ending the
 * process.
 */
export async function createProgram(terminal: Terminal, version: string, verb?: string): Promise<Command> {
  const program = new Command('parley')
    .description(
      'An event-sourced exchange in which buyers and sellers negotiate: every deal is a handshake, every step an event.',
    )
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', exitCodes);
  const isKnown = Object.values(groups).some((loads) => verb !== undefined && Object.hasOwn(loads, verb));
  const isAlone = isKnown && !NEED_ALL.has(verb);
  for (const [heading, loads] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const [name, load] of Object.entries(loads)) {
      if (!isAlone || name === verb) program.addCommand((await load())(terminal));
    }
  }
  settle(program);
  return program;
}

/** Settings that do not pass on to verbs that were made before they were added. */
function settle(command: Command): void {
  // Commander's own knows the verbs of one level, and does not complain of one that there is not.
  command.helpCommand(false);
  if (command.commands.length > 0) command.addCommand(helpVerb());
  command.exitOverride().showHelpAfterError(`(parley ${pathOf(command)}--help says more)`);
  // It repeats what was given, whatever that would do to a terminal.
  command.configureOutput({ outputError: (text, write) => write(printableLines(text)) });
  for (const verb of command.commands) settle(verb);
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null ? '' : `${pathOf(parent)}${command.name()} `;
}
