/** Options that choose among intentions and deals. */
import { Option } from 'commander';
import { parseParticipant, parseSymbol } from './values.js';

export function participantOption(says: string): Option {
  return new Option('--participant <name>', says).argParser(parseParticipant);
}

export function instrumentOption(says: string): Option {
  return new Option('--instrument <symbol>', says).argParser(parseSymbol);
}

export function sideOption(says: string): Option {
  return new Option('--side <side>', says).choices(['buy', 'sell']);
}
