import type { Command } from 'commander';
import { usage } from '../../app/exit.js';
import type { Terminal } from '../terminal/terminal.js';
import { namesOfLogOptions } from './logs/log-options.js';
import type { AtOptions } from './options.js';
import { settingsOf } from './logs/read-settings.js';

const rule = [
  'The command line goes first: --data, --log and all that says which log mean',
  'that log, --url and --key the running exchange, --at always a log. Where it',
  'says nothing, PARLEY_DATA, PARLEY_LOG and PARLEY_CONFIG mean the log, and',
  'PARLEY_URL the exchange. Otherwise it is the exchange at the usual address.',
  'Both at once is an error.',
];

/** By which rule `readsLog` decides, for documents. */
export const whereItLooks = rule.join(' ');

/** The same for help texts. */
export const WHERE_IT_LOOKS = `\nWhere it looks:\n${rule.map((line) => `  ${line}`).join('\n')}`;

/** Of the variables of a log those that choose one; the others only say more about it. */
const choosing: readonly string[] = ['data', 'log', 'config'];

/** What of the options and variables of a verb chooses the log, or the exchange, by their names. */
interface Choice {
  readonly log: string | undefined;
  readonly exchange: string | undefined;
}

/**
 * Whether a verb that can do both reads the log, and does not ask the running exchange: as WHERE_IT_LOOKS says. Fails (usage) where both are
 * chosen. Where `--at` keeps it from the exchange of PARLEY_URL it says which log it reads.
 */
export function readsLog(terminal: Terminal, command: Command, { at }: AtOptions): boolean {
  const given = chosenBy(command, 'cli');
  if (given.log !== undefined || given.exchange !== undefined) {
    mustBeOne(given);
    if (at !== undefined && command.getOptionValueSource('url') === 'env') noteLog(terminal, command);
    return given.log !== undefined;
  }
  const around = chosenBy(command, 'env');
  mustBeOne(around, ': --data or --url says which');
  return around.log !== undefined;
}

/** Whether the command line itself chooses a log, for what only the running exchange can do. */
export function logIsGiven(command: Command): boolean {
  return chosenBy(command, 'cli').log !== undefined;
}

function chosenBy(command: Command, source: 'cli' | 'env'): Choice {
  const isChosen = (name: string): boolean => command.getOptionValueSource(name) === source;
  const nameOf = (name: string | undefined): string | undefined => {
    const option = command.options.find((each) => each.attributeName() === name);
    return source === 'env' ? option?.envVar : option?.long;
  };
  const ofLog = source === 'env' ? choosing : ['at', ...namesOfLogOptions];
  // A key alone says nothing of where: in the environment it is there for whatever asks.
  const ofExchange = source === 'env' ? ['url'] : ['url', 'key'];
  return { log: nameOf(ofLog.find(isChosen)), exchange: nameOf(ofExchange.find(isChosen)) };
}

function mustBeOne({ log, exchange }: Choice, wayOut = ''): void {
  if (log === undefined || exchange === undefined) return;
  throw usage(`${log} reads the log and ${exchange} asks the exchange: give one or the other${wayOut}`);
}

function noteLog(terminal: Terminal, command: Command): void {
  const settings = settingsOf(command, terminal.env, { reads: true });
  const log = settings.kind === 'embedded' ? `in ${settings.data}` : `${settings.topic} in ${settings.kind}`;
  terminal.note(`--at reads the log ${log}, and not the exchange of PARLEY_URL`);
}
