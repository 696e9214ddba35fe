/** What the cluster view shows of a server, worked out of its metrics. */
import {
  bucketsOf,
  growthOf,
  type Metrics,
  mostOf,
  quantileOf,
  rateOf,
  ratioOf,
  type Span,
  samplesOf,
  sumOf,
} from './metrics.js';

export type FigureGroup = 'writing' | 'reading' | 'callers' | 'process';

export interface Figure {
  readonly label: string;
  readonly group: FigureGroup;
  /** What stands behind the number. */
  readonly unit: string;
  /** What it says, for whoever does not know. */
  readonly says: string;
  /** Over how long it is taken, in milliseconds. */
  readonly overMs?: number;
  readonly of: (span: Span) => number | undefined;
  /** What is said in small beside it. */
  readonly beside?: (span: Span) => readonly Beside[];
}

export interface Beside {
  readonly label: string;
  readonly value: number | undefined;
  readonly unit?: string;
}

const POSTS = { method: 'POST', route: '/v1/intentions' };
const DURATION = 'parley_http_request_duration_seconds';
const QUANTILES_OVER_MS = 10_000;

export const figures: readonly Figure[] = [
  {
    ...{ label: 'Events', group: 'writing', unit: 'a second', says: 'Events that became durable.' },
    of: (span) => rateOf(span, 'parley_log_durable_position'),
    beside: (span) => [
      { label: 'intentions', value: rateOf(span, 'parley_intentions_total'), unit: '/s' },
      { label: 'deals', value: rateOf(span, 'parley_deals_total'), unit: '/s' },
    ],
  },
  {
    ...{ label: 'Commits', group: 'writing', unit: 'a second', says: 'Batches that became durable.' },
    of: (span) => rateOf(span, 'parley_commits_total'),
    beside: (span) => [
      { label: 'written', value: inThousands(rateOf(span, 'parley_commit_bytes_total')), unit: ' kB/s' },
    ],
  },
  {
    ...{ label: 'Batch', group: 'writing', unit: 'events', says: 'Events in a batch, on average.' },
    overMs: 2_000,
    of: (span) => ratioOf(span, 'parley_log_durable_position', 'parley_commits_total'),
    beside: (span) => [
      {
        label: 'of',
        value: ratioOf(span, 'parley_commit_bytes_total', 'parley_commits_total'),
        unit: ' bytes',
      },
    ],
  },
  {
    ...{
      label: 'Sync',
      group: 'writing',
      unit: 'ms',
      says: 'From handing a batch to the log until it is durable, on average.',
    },
    overMs: 2_000,
    of: (span) => inMs(ratioOf(span, 'parley_commit_seconds_total', 'parley_commits_total')),
  },
  {
    ...{ label: 'Lag', group: 'reading', unit: 'events', says: 'Durable events that the queries do not hold yet.' },
    of: ({ after }) => mostOf(after, 'parley_projection_lag_events'),
  },
  {
    ...{ label: 'Feeds', group: 'reading', unit: 'open', says: 'Streams of events that are read, over HTTP.' },
    of: ({ after }) => sumOf(after, 'parley_feeds'),
    beside: ({ after }) => [
      { label: 'subscriptions', value: sumOf(after, 'parley_socket_subscriptions') },
      { label: 'cut so far', value: sumOf(after, 'parley_feeds_cut_total') },
    ],
  },
  {
    ...{
      label: 'Requests',
      group: 'callers',
      unit: 'a second',
      says: 'Answered over HTTP, and commands on WebSockets.',
    },
    of: (span) => added(rateOf(span, `${DURATION}_count`), rateOf(span, 'parley_socket_commands_total')),
    beside: (span) => [{ label: 'refused', value: rateOf(span, 'parley_refusals_total'), unit: '/s' }],
  },
  {
    ...{ label: 'Queue', group: 'callers', unit: 'waiting', says: 'Requests and lines that wait for their turn.' },
    of: ({ after }) => sumOf(after, 'parley_requests_waiting'),
    beside: ({ after }) => [
      { label: 'in streams', value: inThousands(sumOf(after, 'parley_post_stream_bytes')), unit: ' kB' },
    ],
  },
  {
    ...{
      label: 'A post, p99',
      group: 'callers',
      unit: 'ms',
      says: 'From a post over HTTP to its answer, in the last ten seconds.',
    },
    overMs: QUANTILES_OVER_MS,
    of: (span) => postMs(span, 0.99),
    beside: (span) => [{ label: 'p50', value: postMs(span, 0.5), unit: ' ms' }],
  },
  {
    ...{ label: 'Connections', group: 'callers', unit: 'open', says: 'Connections that callers have open.' },
    of: ({ after }) => sumOf(after, 'parley_connections'),
    beside: ({ after }) => [
      { label: 'WebSockets', value: sumOf(after, 'parley_sockets') },
      { label: 'turned away', value: sumOf(after, 'parley_connections_refused_total') },
    ],
  },
  {
    ...{ label: 'Processor', group: 'process', unit: '%', says: 'Of one core, by all threads of the process.' },
    of: (span) => times(rateOf(span, 'process_cpu_seconds_total'), 100),
  },
  {
    ...{ label: 'Memory', group: 'process', unit: 'MB', says: 'Resident memory of the process.' },
    of: ({ after }) => times(sumOf(after, 'process_resident_memory_bytes'), 1e-6),
    beside: ({ after }) => [
      { label: 'heap', value: times(sumOf(after, 'nodejs_heap_size_used_bytes'), 1e-6), unit: ' MB' },
    ],
  },
  {
    ...{
      label: 'Event loop, p99',
      group: 'process',
      unit: 'ms',
      says: 'How late the event loop comes to what is due.',
    },
    of: ({ after }) => inMs(sumOf(after, 'nodejs_eventloop_lag_p99_seconds')),
  },
];

export interface TimedMetrics {
  readonly atMs: number;
  readonly metrics: Metrics;
}

/** A figure at a time; undefined where it could not be told. */
export interface Point {
  readonly atMs: number;
  readonly value: number | undefined;
}

/** What is kept of the readings so far: those that a difference may be taken to, and the figures’ points of the last two minutes. */
export interface History {
  readonly recent: readonly TimedMetrics[];
  readonly points: readonly (readonly Point[])[];
}

export const SHOWN_MS = 120_000;
export const noHistory: History = { recent: [], points: figures.map(() => []) };

/** With one more reading. */
export function advanced({ recent, points }: History, reading: TimedMetrics): History {
  const { atMs } = reading;
  return {
    recent: [...recent.filter((each) => atMs - each.atMs <= QUANTILES_OVER_MS + 2_000), reading],
    points: figures.map((figure, index) => {
      const before = (points[index] ?? []).filter((point) => atMs - point.atMs <= SHOWN_MS);
      const span = spanTo(recent, reading, figure);
      return [...before, { atMs, value: span === undefined ? undefined : figure.of(span) }];
    }),
  };
}

/** The latest span of a figure; undefined where there have not been two readings. */
export function latestSpan({ recent }: History, figure: Figure): Span | undefined {
  const last = recent.at(-1);
  return last === undefined ? undefined : spanTo(recent.slice(0, -1), last, figure);
}

/** From the latest reading that is as old as the figure wants it, or from the oldest there is. */
function spanTo(
  recent: readonly TimedMetrics[],
  { atMs, metrics }: TimedMetrics,
  { overMs = 0 }: Figure,
): Span | undefined {
  const from = recent.findLast((each) => each.atMs < atMs && atMs - each.atMs >= overMs - 100) ?? recent[0];
  if (from === undefined || from.atMs >= atMs) return undefined;
  return { before: from.metrics, after: metrics, seconds: (atMs - from.atMs) / 1_000 };
}

/** How many events of a shard became durable in a second; undefined where the server that answers does not have it. */
export function shardRate(history: History, shard: number): number | undefined {
  const [from, last] = history.recent.slice(-2);
  if (from === undefined || last === undefined) return undefined;
  const span = { before: from.metrics, after: last.metrics, seconds: (last.atMs - from.atMs) / 1_000 };
  const having = { shard: String(shard) };
  if (samplesOf(last.metrics, 'parley_log_durable_position', having).length === 0) return undefined;
  return (growthOf(span, 'parley_log_durable_position', having) ?? 0) / span.seconds;
}

function postMs(span: Span, share: number): number | undefined {
  return inMs(quantileOf(bucketsOf(span, DURATION, POSTS), share));
}

function inMs(seconds: number | undefined): number | undefined {
  return times(seconds, 1_000);
}

function inThousands(value: number | undefined): number | undefined {
  return times(value, 1e-3);
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

function added(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}
