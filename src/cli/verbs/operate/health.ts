import type { Command } from 'commander';
import { ExitCode } from '../../../app/exit.js';
import { connect } from '../../options/connection.js';
import { formatOf, type OutputOptions, type ServerOptions } from '../../options/options.js';
import { writeRecord } from '../../terminal/rows.js';
import { writeFields } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface HealthOptions extends ServerOptions, OutputOptions {}

export function healthVerb(terminal: Terminal): Command {
  return new Verb('health')
    .description(
      'Tells whether a running exchange answers (live), and whether it takes commands and its reads keep up with the log (ready), and ' +
        'why not. It takes no key. The exit code is 0 where it is ready, and 1 where it is not.',
    )
    .serverOptions()
    .outputOptions('a JSON object')
    .examples(
      ['parley health', 'of the exchange on this machine'],
      ['parley health && parley book ACME', 'a book, where it is ready'],
      ['parley health --url http://10.0.0.7:7070 --json', 'of another one, for a program'],
    )
    .action(async (options: HealthOptions) => {
      const { out, signal } = terminal;
      const { isLive, isReady, reason } = await connect(options).health({ signal });
      const shown = (is: boolean): string => (is ? 'yes' : 'no');
      await writeRecord(
        out,
        formatOf(options),
        { live: isLive, ready: isReady, reason },
        {
          fields: ['live', 'ready', 'reason'],
          write: () =>
            writeFields(out, [
              ['live', shown(isLive)],
              ['ready', shown(isReady)],
              ['reason', reason],
            ]),
        },
      );
      if (!isReady) terminal.exitCode = ExitCode.Failure;
    });
}
