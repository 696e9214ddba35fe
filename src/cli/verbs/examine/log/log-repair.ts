import type { Command } from 'commander';
import type { Repaired } from '../../../../../infra/embedded/claims/claim-notes.js';
import type { Evidence } from '../../../../log/port.js';
import { EmbeddedTarget } from '../../../../app/logs/embedded-target.js';
import { evidenceOfDerived } from '../../../../app/logs/evidence.js';
import { mustNameShard } from '../../../options/logs/named-shard.js';
import { shardOption } from '../../../options/logs/log-options.js';
import { dataOption, jsonOption, type JsonOptions, storeOption } from '../../../options/options.js';
import { grouped } from '../../../../app/grouped.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

interface RepairOptions extends JsonOptions {
  readonly data: string;
  readonly store?: string;
  readonly yes?: true;
  readonly shard: number;
}

export function logRepairVerb(terminal: Terminal): Command {
  return new Verb('repair')
    .description(
      'Ends a damaged log before its first damage. What stands behind it is lost to the log, acknowledged or not, but kept beside ' +
        'it in *.cut files. Without --yes it only tells what it would do. A torn tail needs no repair: the next writer cuts it back.',
    )
    .option('--yes', 'do it')
    .addOption(dataOption())
    .addOption(storeOption())
    .addOption(shardOption())
    .addOption(jsonOption('one JSON object'))
    .examples(
      ['parley log repair', 'tells where the damage is and what would be cut'],
      ['parley log repair --yes', 'cuts it'],
    )
    .action(async (options: RepairOptions, command: Command) => {
      const { out } = terminal;
      const { data, store, shard } = options;
      const settings = { kind: 'embedded', data, store, shard } as const;
      await mustNameShard(command, settings);
      const target = await EmbeddedTarget.of(settings);
      const log = await target.existingLog();
      const { damage, head } = await log.inspect();
      if (damage === undefined) {
        await (options.json === true ? out.json({ repaired: false, head }) : out.line('the log is not damaged'));
        return;
      }
      const derived = await evidenceOfDerived(target, (what) => {
        terminal.warn(`how far the log went cannot be learnt from ${what}`);
      });
      if (options.yes !== true) {
        const until = furthest([...derived, ...(await log.evidence())]);
        const cost = until > head ? `, and positions ${head} to ${until - 1} at least be gone` : '';
        terminal.note(`the log would end before position ${head}${cost}; to do that: parley log repair --yes`);
        throw damage;
      }
      const repair = await log.repair(damage, furthest(derived));
      await target.folder.discardDerived();
      if (options.json === true) await out.json({ repaired: true, ...repair });
      else {
        await out.line(
          `the log now ends before position ${repair.head}; ${grouped(repair.bytesCut)} bytes were cut off`,
        );
        await out.line(goneText(repair));
        for (const name of repair.setAside) await out.line(`set aside: ${name}`);
      }
    });
}

/** How far a log went, by all who know. */
function furthest(evidence: readonly Evidence[]): number {
  return Math.max(0, ...evidence.map(({ position }) => position));
}

function goneText({ head, until }: Repaired): string {
  if (until === head) return 'nothing of the log is lost: only what did not count was cut';
  if (until === null) return `what stood from position ${head} on is gone, and nobody knows how far that went`;
  return `positions ${head} to ${until - 1} are gone, as far as is known; audit will go on to say so`;
}
