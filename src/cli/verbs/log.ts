import type { Command } from 'commander';
import { logCatVerb } from './log/log-cat.js';
import { logExportVerb } from './log/log-export.js';
import { logImportVerb } from './log/log-import.js';
import { logLinksVerb } from './log/log-links.js';
import { logProveVerb } from './log/log-prove.js';
import { logRepairVerb } from './log/log-repair.js';
import { logStatVerb } from './log/log-stat.js';
import { logTailVerb } from './log/log-tail.js';
import { logVerifyVerb } from './log/log-verify.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

export function logVerb(terminal: Terminal): Command {
  return new Verb('log')
    .summary('works on the log itself: cat, tail, export, import, stat, prove, verify, repair, links')
    .description(
      'Works on the log itself. None of these need a running exchange, and only import, repair and links change anything.',
    )
    .addCommand(logCatVerb(terminal))
    .addCommand(logTailVerb(terminal))
    .addCommand(logExportVerb(terminal))
    .addCommand(logImportVerb(terminal))
    .addCommand(logStatVerb(terminal))
    .addCommand(logProveVerb(terminal))
    .addCommand(logVerifyVerb(terminal))
    .addCommand(logRepairVerb(terminal))
    .addCommand(logLinksVerb(terminal));
}
