import type { Command } from 'commander';
import { settingsOf } from '../../../options/logs/read-settings.js';
import { usage } from '../../../../app/exit.js';
import { installLinks } from '../../../../app/logs/openers.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

export function logLinksVerb(terminal: Terminal): Command {
  return new Verb('links')
    .description(
      'Installs a projection in the server, or brings it up to date, that links every event to a stream of its intention or of its deal ' +
        '(intention-7, deal-3-1). The exchange itself needs none of them. Takes an operator’s credentials, and a server that runs ' +
        'projections.',
    )
    .logOptions({ data: 'none' })
    .examples(['parley log links --log eventstoredb --connection esdb://admin:…@host:2113', 'of its default streams'])
    .action(async (_options: object, command: Command) => {
      const settings = settingsOf(command, terminal.env);
      if (settings.kind !== 'eventstoredb') throw usage('links are made in EventStoreDB alone');
      const name = await terminal.interruptible(installLinks(settings));
      await terminal.out.line(`the projection ${name} is installed`);
    });
}
