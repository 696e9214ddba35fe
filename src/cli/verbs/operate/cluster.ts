import type { Command } from 'commander';
import type { Cluster, ClusterMember, ClusterShard } from '../../../client/index.js';
import { positionText } from '../../../log/position-text.js';
import { connect } from '../../options/connection.js';
import { formatOf, type OutputOptions, type ServerOptions } from '../../options/options.js';
import { fieldsOf, writeRecord } from '../../terminal/rows.js';
import { grouped } from '../../../app/grouped.js';
import { writeTable } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface ClusterOptions extends ServerOptions, OutputOptions {}

export function clusterVerb(terminal: Terminal): Command {
  return new Verb('cluster')
    .description(
      'Shows the members of the cluster that an exchange belongs to, and which of them has which shard, as the one that is asked sees it.',
    )
    .serverOptions()
    .outputOptions()
    .examples(
      ['parley cluster', 'as the exchange on this machine sees it'],
      ['parley cluster --url http://10.0.0.7:7070 --json', 'as that member does, for a program'],
    )
    .action(async (options: ClusterOptions) => {
      const cluster = await connect(options).cluster({ signal: terminal.signal });
      const write = (): Promise<void> => writeCluster(terminal, cluster);
      await writeRecord(terminal.out, formatOf(options), cluster, { fields, write });
    });
}

async function writeCluster({ out }: Terminal, { self, members, shards }: Cluster): Promise<void> {
  await writeTable<ClusterMember>(
    out,
    [
      { head: 'member', value: ({ member }) => (member === self ? `${member} (answers)` : member) },
      { head: 'state', value: ({ state }) => state },
      { head: 'shards', value: (member) => String(member.shards), align: 'right' },
      { head: 'heard of', value: ({ member, seenMsAgo }) => (member === self ? '' : `${grouped(seenMsAgo)} ms ago`) },
      { head: 'since', value: ({ since }) => since },
      { head: 'url', value: ({ url }) => url },
    ],
    members,
  );
  await out.line('');
  const reason = { head: 'reason', value: whyOf };
  await writeTable<ClusterShard>(
    out,
    [
      { head: 'shard', value: ({ shard }) => String(shard), align: 'right' },
      { head: 'owner', value: ({ owner }) => owner ?? '' },
      { head: 'state', value: ({ state }) => state },
      { head: 'epoch', value: ({ epoch }) => (epoch === undefined ? '' : String(epoch)), align: 'right' },
      { head: 'position', value: (shard) => positionOf(shard, shards.length > 1), align: 'right' },
      { head: 'since', value: ({ since }) => since ?? '' },
      ...(shards.some((shard) => whyOf(shard) !== '') ? [reason] : []),
    ],
    shards,
  );
}

/** Where its log ends, as far as that is known. */
function positionOf({ shard, position }: ClusterShard, isSharded: boolean): string {
  return position === undefined ? '' : positionText(position, isSharded ? shard : undefined);
}

/** Why it does not serve, and who has refused it. */
function whyOf({ owner, reason, refusals = [] }: ClusterShard): string {
  const others = refusals.filter(({ member }) => reason === undefined || member !== owner);
  const refused = others.map(({ member, reason: why }) => `refused by ${member}: ${why}`);
  return [...(reason === undefined ? [] : [reason]), ...refused].join('; ');
}

const memberFields = fieldsOf<ClusterMember>({
  ...{ member: true, url: true, state: true, since: true, seenMsAgo: true, shards: true },
});
const shardFields = fieldsOf<ClusterShard>({
  ...{ shard: true, state: true, owner: true, epoch: true, since: true, position: true, reason: true, refusals: true },
});
const fields = [
  'self',
  ...memberFields.map((name) => `members.${name}`),
  ...shardFields.map((name) => `shards.${name}`),
];
