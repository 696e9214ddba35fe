import { Command } from 'commander';
import { DataFolder } from './data-folder.js';
import { shardOption } from './log-place/log-options.js';
import { dataOption, type DataOptions, examples, jsonOption, type JsonOptions } from './options.js';
import { grouped } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface RepairOptions extends DataOptions, JsonOptions {
  readonly yes?: true;
  readonly shard: number;
}

export function logRepairVerb(terminal: Terminal): Command {
  return new Command('repair')
    .summary('ends a damaged log before its damage')
    .description(
      'Ends a damaged log before its first damage. What stands behind it is lost to the log, acknowledged or not, but kept beside ' +
        'it in *.cut files. Without --yes it only tells what it would do. A torn tail needs no repair: the next writer cuts it back.',
    )
    .option('--yes', 'do it')
    .addOption(dataOption())
    .addOption(shardOption())
    .addOption(jsonOption('one JSON object'))
    .addHelpText(
      'after',
      examples(
        ['parley log repair', 'tells where the damage is and what would be cut'],
        ['parley log repair --yes', 'cuts it'],
      ),
    )
    .action(async (options: RepairOptions) => {
      const { out } = terminal;
      const folder = new DataFolder(options.data, options.shard);
      const log = await folder.existingLog();
      const { damage, head } = await log.inspect();
      if (damage === undefined) {
        await (options.json === true ? out.json({ repaired: false, head }) : out.line('the log is not damaged'));
        return;
      }
      if (options.yes !== true) {
        terminal.note(`the log would end before position ${grouped(head)}; to do that: parley log repair --yes`);
        throw damage;
      }
      const repair = await log.repair(damage);
      await folder.discardDerived();
      if (options.json === true) await out.json({ repaired: true, ...repair });
      else {
        await out.line(
          `the log now ends before position ${grouped(repair.head)}; ${grouped(repair.bytesCut)} bytes were cut off`,
        );
        for (const name of repair.setAside) await out.line(`set aside: ${name}`);
      }
    });
}
