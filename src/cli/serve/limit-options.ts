import { type Command, Option } from 'commander';
import { connectionsThatFit, defaultLimits, type Limits } from '../../server/limits/limits.js';
import { parseCount, parsePort } from '../options.js';

/** Heading of the options that say how much of everything there is. */
const LIMITS_GROUP = 'How much there is for all; a key has no more of it than is free for others:';
const MEBIBYTE = 1 << 20;

export interface LimitOptions {
  readonly maxConnections?: number;
  readonly maxWaiting: number;
  readonly maxStreamMemory: number;
  readonly maxStreamLines: number;
  readonly requestTimeout: number;
  readonly healthPort?: number;
}

export interface ServerLimits {
  readonly limits: Limits;
  readonly healthPort: number | undefined;
}

export function addLimitOptions(command: Command): Command {
  const { waitingRequests, streamBytes, streamLines, requestMs } = defaultLimits;
  const limit = (flags: string, says: string, value?: number): Option => {
    const option = new Option(flags, says).argParser(parseCount).helpGroup(LIMITS_GROUP);
    return value === undefined ? option : option.default(value);
  };
  return command
    .option('--health-port <port>', 'a port for /health/live and /health/ready alone; 0 takes a free one', parsePort)
    .addOption(limit('--request-timeout <seconds>', 'for a request to come, head and body', requestMs / 1_000))
    .addOption(
      limit('--max-connections <count>', 'connections (default: what there are file descriptors for, at most 16384)'),
    )
    .addOption(
      limit('--max-waiting <count>', 'requests that wait for their turn; more are answered 429', waitingRequests),
    )
    .addOption(
      limit('--max-stream-memory <MiB>', 'lines of NDJSON streams and their answers in memory', streamBytes / MEBIBYTE),
    )
    .addOption(limit('--max-stream-lines <count>', 'lines of NDJSON streams that are not durable yet', streamLines));
}

export function limitsOf(options: LimitOptions): ServerLimits {
  const {
    maxConnections = defaultLimits.connections,
    maxWaiting,
    maxStreamMemory,
    maxStreamLines,
    requestTimeout,
    healthPort,
  } = options;
  const limits = {
    connections: Math.min(maxConnections, connectionsThatFit()),
    waitingRequests: maxWaiting,
    streamBytes: maxStreamMemory * MEBIBYTE,
    streamLines: maxStreamLines,
    requestMs: requestTimeout * 1_000,
  };
  return { limits, healthPort };
}
