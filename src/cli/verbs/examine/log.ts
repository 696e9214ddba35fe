import type { Command } from 'commander';
import { Verb } from '../../options/verb.js';

export function logVerb(): Command {
  return new Verb('log').description(
    'Works on the log itself. None of these need a running exchange, and only import, repair and links change anything.',
  );
}
