import { usage } from '../exit.js';
import { defaultFeedBounds } from '../../server/feeds/feed-options.js';
import { connectionsThatFit, defaultLimits, type Limits } from '../../server/limits/limits.js';
import type { Rate } from '../../server/limits/rate-limits.js';
import { MAX_LAG_EVENTS } from '../../server/posts/backlog.js';

const MEBIBYTE = 1 << 20;

/** How much of everything there is, in the units in which an operator gives it. */
export interface GivenLimits {
  /** Undefined: what there are file descriptors for. */
  readonly maxConnections?: number;
  readonly maxWaiting: number;
  /** In MiB. */
  readonly maxStreamMemory: number;
  readonly maxStreamLines: number;
  readonly maxRows: number;
  readonly maxFeeds: number;
  /** In events. */
  readonly maxLag: number;
  /** In seconds. */
  readonly feedStall: number;
  /** In seconds. */
  readonly requestTimeout: number;
  readonly healthPort?: number;
  /** Requests a second of each key. */
  readonly rate?: number;
  /** Requests at once of each key. */
  readonly burst?: number;
}

/** The same as the server takes it. */
export interface ServerLimits {
  readonly limits: Limits;
  readonly healthPort: number | undefined;
  readonly feeds: { readonly maxFeeds: number; readonly stallMs: number };
  readonly maxLagEvents: number;
  readonly rate: Rate | undefined;
}

export const usualLimits: Omit<Required<GivenLimits>, 'maxConnections' | 'healthPort' | 'rate' | 'burst'> = {
  maxWaiting: defaultLimits.waitingRequests,
  maxStreamMemory: defaultLimits.streamBytes / MEBIBYTE,
  maxStreamLines: defaultLimits.streamLines,
  maxRows: defaultLimits.readRows,
  maxFeeds: defaultFeedBounds.maxFeeds,
  maxLag: MAX_LAG_EVENTS,
  feedStall: defaultFeedBounds.stallMs / 1_000,
  requestTimeout: defaultLimits.requestMs / 1_000,
};

/** Fails (usage) for a burst without a rate. */
export function serverLimits(given: GivenLimits): ServerLimits {
  const { maxConnections = defaultLimits.connections } = given;
  const limits = {
    connections: Math.min(maxConnections, connectionsThatFit()),
    waitingRequests: given.maxWaiting,
    streamBytes: given.maxStreamMemory * MEBIBYTE,
    streamLines: given.maxStreamLines,
    readRows: given.maxRows,
    looksWaiting: defaultLimits.looksWaiting,
    requestMs: given.requestTimeout * 1_000,
  };
  const feeds = { maxFeeds: given.maxFeeds, stallMs: given.feedStall * 1_000 };
  return { limits, healthPort: given.healthPort, feeds, maxLagEvents: given.maxLag, rate: rateOf(given) };
}

function rateOf({ rate, burst }: GivenLimits): Rate | undefined {
  if (rate === undefined && burst !== undefined) throw usage('--burst is for --rate: give both, or --rate alone');
  return rate === undefined ? undefined : { perSecond: rate, burst };
}
