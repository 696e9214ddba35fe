import { type Command, Option } from 'commander';
import { MAX_LAG_EVENTS } from '../../server/posts/backlog.js';
import { defaultFeedBounds } from '../../server/feeds/feed-options.js';
import { connectionsThatFit, defaultLimits, type Limits } from '../../server/limits/limits.js';
import { parseCount, parsePort } from './options.js';

/** Heading of the options that say how much of everything there is. */
const LIMITS_GROUP = 'How much there is for all; a key has no more of it than is free for others:';
const MEBIBYTE = 1 << 20;

export interface LimitOptions {
  readonly maxConnections?: number;
  readonly maxWaiting: number;
  readonly maxStreamMemory: number;
  readonly maxStreamLines: number;
  readonly maxRows: number;
  readonly maxFeeds: number;
  readonly maxLag: number;
  readonly feedStall: number;
  readonly requestTimeout: number;
  readonly healthPort?: number;
}

/** The limits that `serve` is given, for the server. */
export interface ServerLimits {
  readonly limits: Limits;
  readonly healthPort: number | undefined;
  readonly feeds: { readonly maxFeeds: number; readonly stallMs: number };
  readonly maxLagEvents: number;
}

export function addLimitOptions(command: Command): Command {
  const { maxFeeds, stallMs } = defaultFeedBounds;
  const { waitingRequests, streamBytes, streamLines, readRows, requestMs } = defaultLimits;
  const limit = (flags: string, says: string, value?: number): void => {
    const option = new Option(flags, says).argParser(parseCount).helpGroup(LIMITS_GROUP);
    command.addOption(value === undefined ? option : option.default(value));
  };
  command.option(
    '--health-port <port>',
    'a port for /health/live and /health/ready alone; 0 takes a free one',
    parsePort,
  );
  limit('--max-connections <count>', 'connections (default: what there are file descriptors for, at most 16384)');
  limit('--max-waiting <count>', 'requests that wait for their turn; more are answered 429', waitingRequests);
  limit('--max-stream-memory <MiB>', 'lines of NDJSON streams and their answers in memory', streamBytes / MEBIBYTE);
  limit('--max-stream-lines <count>', 'lines of NDJSON streams that are not durable yet', streamLines);
  limit('--max-rows <count>', 'rows that lists were asked for and have not sent; more are answered 429', readRows);
  limit('--max-feeds <count>', 'feeds of events; more are answered 429', maxFeeds);
  limit('--feed-stall <seconds>', 'for a feed to take something before it is cut; it can resume', stallMs / 1_000);
  limit(
    '--max-lag <events>',
    'durable events that reads may lack; with more it is not ready. Streams of posts make way for readers meanwhile',
    MAX_LAG_EVENTS,
  );
  limit('--request-timeout <seconds>', 'for a request to come, head and body', requestMs / 1_000);
  return command;
}

export function limitsOf(options: LimitOptions): ServerLimits {
  const { maxConnections = defaultLimits.connections } = options;
  const limits = {
    connections: Math.min(maxConnections, connectionsThatFit()),
    waitingRequests: options.maxWaiting,
    streamBytes: options.maxStreamMemory * MEBIBYTE,
    streamLines: options.maxStreamLines,
    readRows: options.maxRows,
    requestMs: options.requestTimeout * 1_000,
  };
  const feeds = { maxFeeds: options.maxFeeds, stallMs: options.feedStall * 1_000 };
  return { limits, healthPort: options.healthPort, feeds, maxLagEvents: options.maxLag };
}
