import type { Command } from 'commander';
import { usage } from '../../../app/exit.js';
import type { LogSettings } from '../../../app/logs/settings.js';
import { shardsOf } from '../../../app/logs/shard-folders.js';

/** For work on one log: fails (usage) for a folder of several where it is not said which of them is meant. */
export async function mustNameShard(command: Command, settings: LogSettings): Promise<void> {
  if (settings.kind !== 'embedded' || command.getOptionValueSource('shard') !== 'default') return;
  const { data, shards: wanted } = settings;
  const shards = await shardsOf(data, wanted);
  if (shards > 1) throw usage(`${data} has ${shards} shards, each with a log of its own: give --shard`);
}
