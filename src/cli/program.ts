import { Command } from 'commander';
import { auditVerb } from './audit.js';
import { bookVerb } from './book.js';
import { chartVerb } from './chart.js';
import { completionVerb } from './completion.js';
import { dealsVerb } from './deals.js';
import { intentionVerb } from './intention.js';
import { listVerb } from './list.js';
import { logVerb } from './log.js';
import { positionsVerb } from './positions.js';
import { postVerb } from './post.js';
import { reduceVerb } from './reduce.js';
import { replaceVerb } from './replace.js';
import { replayVerb } from './replay.js';
import { runVerb } from './run.js';
import { serveVerb } from './serve.js';
import type { Terminal } from './terminal/terminal.js';
import { whyVerb } from './why.js';
import { withdrawVerb } from './withdraw.js';

const exitCodes = `
Exit codes:
  0  fine
  1  failure
  2  usage: unknown verbs and options, malformed input (with file and line)
  3  an expectation, the audit or an invariant failed
  4  the log is damaged
  130  interrupted

Data go to stdout, everything else to stderr. NO_COLOR switches colours off.
`;

/** All verbs of the command line. Throws CommanderError instead of ending the process. */
export function createProgram(terminal: Terminal, version: string): Command {
  const program = new Command('parley')
    .description(
      'An event-sourced exchange in which buyers and sellers negotiate: every deal is a handshake, every step an event.',
    )
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', exitCodes);
  program.commandsGroup('Run:').addCommand(serveVerb(terminal)).addCommand(runVerb(terminal));
  program
    .commandsGroup('Trade (talk to a running exchange):')
    .addCommand(listVerb(terminal))
    .addCommand(postVerb(terminal))
    .addCommand(withdrawVerb(terminal))
    .addCommand(reduceVerb(terminal))
    .addCommand(replaceVerb(terminal));
  program
    .commandsGroup('Look (at a running exchange, or with --data or --at at the log alone):')
    .addCommand(bookVerb(terminal))
    .addCommand(dealsVerb(terminal))
    .addCommand(positionsVerb(terminal))
    .addCommand(intentionVerb(terminal));
  program
    .commandsGroup('Examine (the log alone):')
    .addCommand(logVerb(terminal))
    .addCommand(replayVerb(terminal))
    .addCommand(auditVerb(terminal))
    .addCommand(chartVerb(terminal))
    .addCommand(whyVerb(terminal));
  program
    .commandsGroup('Help:')
    .addCommand(completionVerb(terminal))
    .helpCommand('help [verb]', 'prints the help of a verb');
  settle(program);
  return program;
}

/** Settings that do not pass on to verbs that were made before they were added. */
function settle(command: Command): void {
  command.exitOverride().showHelpAfterError(`(parley ${pathOf(command)}--help says more)`);
  for (const verb of command.commands) settle(verb);
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null ? '' : `${pathOf(parent)}${command.name()} `;
}
