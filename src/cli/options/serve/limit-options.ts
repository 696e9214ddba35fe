import type { Command } from 'commander';
import { usualLimits } from '../../../app/serving/server-limits.js';
import { parseCount, parsePort, settingOption } from '../options.js';

/** Heading of the options that say how much of everything there is. */
const LIMITS_GROUP = 'How much there is for all; a key has no more of it than is free for others:';

export function addLimitOptions(command: Command): Command {
  const { maxWaiting, maxStreamMemory, maxStreamLines, maxRows } = usualLimits;
  const { maxFeeds, maxLag, feedStall, requestTimeout } = usualLimits;
  const limit = (flags: string, says: string, value?: number): void => {
    command.addOption(settingOption(flags, says, parseCount).default(value).helpGroup(LIMITS_GROUP));
  };
  const healthPort = 'a port for /health/live and /health/ready alone; 0 takes a free one';
  command.addOption(settingOption('--health-port <port>', healthPort, parsePort));
  limit('--max-connections <count>', 'connections (default: what there are file descriptors for, at most 16384)');
  limit('--max-waiting <count>', 'requests that wait for their turn; more are answered 429', maxWaiting);
  limit('--max-stream-memory <MiB>', 'lines of NDJSON streams and their answers in memory', maxStreamMemory);
  limit('--max-stream-lines <count>', 'lines of NDJSON streams that are not durable yet', maxStreamLines);
  limit('--max-rows <count>', 'rows that lists were asked for and have not sent; more are answered 429', maxRows);
  limit('--max-feeds <count>', 'feeds of events; more are answered 429', maxFeeds);
  limit('--feed-stall <seconds>', 'for a feed to take something before it is cut; it can resume', feedStall);
  limit(
    '--max-lag <events>',
    'durable events that reads may lack; with more it is not ready. Streams of posts make way for readers meanwhile',
    maxLag,
  );
  limit(
    '--rate <requests>',
    'requests a second of each key, where the key file says nothing else; more are answered 429',
  );
  limit('--burst <requests>', 'requests of a key at once, after a rest (default: as many as --rate)');
  limit('--request-timeout <seconds>', 'for a request to come, head and body', requestTimeout);
  return command;
}
