import type { Command } from 'commander';
import type { LogTarget } from '../../../app/logs/log-target.js';
import { inTarget } from '../../../app/logs/targets.js';
import type { Terminal } from '../../terminal/terminal.js';
import { mustNameShard } from './named-shard.js';
import { settingsOf, type SettingsUse } from './read-settings.js';

/** Works on the one log that a verb’s options name, and closes it, however the work ends. */
export async function withTarget<Value>(
  terminal: Terminal,
  command: Command,
  work: (target: LogTarget) => Promise<Value>,
  use?: SettingsUse,
): Promise<Value> {
  const settings = settingsOf(command, terminal.env, use);
  await mustNameShard(command, settings);
  return inTarget(settings, work);
}
