/** Prometheus metrics. What the exchange counts is read when it is asked for; only refusals and durations are counted here. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ClusterPort } from '../cluster/view.js';
import type { ShardStatus } from '../exchange/commands.js';
import type { ExchangePort } from '../exchange/port.js';
import type { Reads } from '../../projections/store/reading/reads.js';
import type { ShardStores } from '../../projections/store/reading/shard-stores.js';
import { addLag } from './reads/lag-metric.js';
import type { Connections } from './limits/connections.js';
import type { StreamBudget } from './limits/stream-budget.js';
import type { RequestTurns } from './limits/request-turns.js';
import type { ProblemCode } from '../api/problem.js';
import type { WhyNotReady } from './readiness.js';
import { addRead, type ReadMetric } from './reads/read-metrics.js';
import { SocketMetrics } from './sockets/socket-metrics.js';

interface Source {
  readonly exchange: ExchangePort;
  readonly stores: ShardStores;
  readonly reads: Reads;
  readonly cluster?: ClusterSource | undefined;
  readonly connections: Connections;
  readonly turns: RequestTurns;
  readonly streamBudget: StreamBudget;
  readonly whyNotReady: WhyNotReady;
  readonly processMetrics?: boolean | undefined;
}

type Reading = readonly [kind: ReadMetric['kind'], name: string, help: string, read: (status: ShardStatus) => number];

const ofShards: readonly Reading[] = [
  ['counter', 'parley_intentions_total', 'Intentions posted, ever.', (status) => status.intentions],
  ['counter', 'parley_deals_total', 'Deals confirmed, ever.', (status) => status.deals],
  ['counter', 'parley_shard_openings_total', 'Times this process has opened the shard.', (status) => status.openings],
  ['counter', 'parley_commits_total', 'Batches committed by this process.', (status) => status.commits],
  [
    ...(['counter', 'parley_commit_seconds_total'] as const),
    'How long the log took to make those batches durable, together.',
    (status) => status.commitMs / 1_000,
  ],
  ['counter', 'parley_commit_bytes_total', 'Bytes committed by this process.', (status) => status.bytesCommitted],
  ['gauge', 'parley_log_durable_position', 'All events before this position are durable.', (status) => status.durable],
  ['gauge', 'parley_log_head_position', 'Position that the next event gets.', (status) => status.head],
  ['gauge', 'parley_open_intentions', 'Intentions that stand.', (status) => status.openIntentions],
  [
    ...(['counter', 'parley_negotiators_rebuilt_total'] as const),
    'Times a negotiator failed and was rebuilt from its stream, since the shard was opened.',
    (status) => status.rebuilt,
  ],
  ['gauge', 'parley_parked_negotiators', 'Negotiators that failed too often.', (status) => status.parked],
  [
    ...(['gauge', 'parley_log_ahead_of_clock_seconds'] as const),
    'How far the log’s time is ahead of this machine’s clock; nothing falls due meanwhile.',
    (status) => status.aheadOfClockMs / 1_000,
  ],
  ['gauge', 'parley_epoch', 'Number of the shard’s writer.', (status) => status.epoch],
  ['gauge', 'parley_serving', '1 while the shard takes commands.', (status) => Number(status.state === 'serving')],
];

const DURATION_BUCKETS_SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export class Metrics {
  readonly #registry = new Registry();
  readonly #refusals: Counter<'code'>;
  /** A stream has many refusals, and to look a series up takes longer than to count. */
  readonly #refusalsOf = new Map<ProblemCode, { inc(): void }>();
  readonly feeds: Gauge;
  readonly feedsCut: Counter<'reason'>;
  readonly sockets: SocketMetrics;
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  /** How long a post took from its parsed body to its answer; the one series on the hot route, so it is looked up once. */
  readonly observePostSeconds: (seconds: number) => void;

  constructor(source: Source) {
    const registers = [this.#registry];
    addReadings(registers, source.exchange);
    addRead(registers, {
      kind: 'gauge',
      name: 'parley_ready',
      help: '1 while `/health/ready` says that it takes commands, 0 while that says why not.',
      read: async () => Number((await source.whyNotReady()) === undefined),
    });
    addLag(registers, source.stores.shards, source.reads);
    addBounds(registers, source);
    if (source.cluster !== undefined) addClusterReadings(registers, source.cluster);
    this.#refusals = new Counter({
      name: 'parley_refusals_total',
      help: 'Commands and requests refused, by code.',
      labelNames: ['code'],
      registers,
    });
    this.feeds = new Gauge({ name: 'parley_feeds', help: 'Feeds of events that are open.', registers });
    this.feedsCut = new Counter({
      name: 'parley_feeds_cut_total',
      help: 'Feeds that were cut because their readers took nothing (stalled), or all held too much (budget).',
      labelNames: ['reason'],
      registers,
    });
    this.sockets = new SocketMetrics(registers);
    this.#durations = new Histogram({
      name: 'parley_http_request_duration_seconds',
      help: 'Time to answer, by route. Streams are not in it.',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    });
    const posts = this.#durations.labels({ method: 'POST', route: '/v1/intentions', status: '201' });
    this.observePostSeconds = (seconds) => posts.observe(seconds);
    if (source.processMetrics === true) collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  refused(code: ProblemCode): void {
    let counted = this.#refusalsOf.get(code);
    if (counted === undefined) this.#refusalsOf.set(code, (counted = this.#refusals.labels({ code })));
    counted.inc();
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.#durations.observe({ method, route, status: String(status) }, seconds);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

function addReadings(registers: Registry[], exchange: ExchangePort): void {
  for (const [kind, name, help, readOf] of ofShards) {
    const read = (): Map<number, number> => new Map(exchange.shards().map((status) => [status.shard, readOf(status)]));
    addRead(registers, { kind, name, help, read });
  }
}

/** How near what callers take is to its bounds. */
function addBounds(registers: Registry[], { connections, turns, streamBudget }: Source): void {
  const bounds = [
    ['gauge', 'parley_connections', 'Connections that are open.', () => connections.open],
    ['gauge', 'parley_requests_waiting', 'Requests and lines that wait for their turn.', () => turns.waiting],
    ['gauge', 'parley_post_stream_bytes', 'Bytes that streams of posts hold.', () => streamBudget.bytes],
    [
      ...(['counter', 'parley_connections_refused_total'] as const),
      'Connections that were turned away because there were too many.',
      () => connections.refused,
    ],
  ] as const;
  for (const [kind, name, help, read] of bounds) addRead(registers, { kind, name, help, read });
}

type ClusterSource = Pick<ClusterPort, 'takeOvers' | 'forwarded' | 'lostCommands'>;

/** What a member of a cluster counts. How many shards it serves, `parley_serving` tells. */
function addClusterReadings(registers: Registry[], cluster: ClusterSource): void {
  const counters = [
    ['parley_take_overs_total', 'Shards taken over from members that were gone.', () => cluster.takeOvers],
    ['parley_forwarded_commands_total', 'Commands handed on to other members.', () => cluster.forwarded],
    [
      'parley_lost_commands_total',
      'Offsets of commands that were removed from the topic before they were taken.',
      () => cluster.lostCommands,
    ],
  ] as const;
  for (const [name, help, read] of counters) addRead(registers, { kind: 'counter', name, help, read });
}
