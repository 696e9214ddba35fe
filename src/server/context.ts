import type { onRequestHookHandler } from 'fastify';
import type { Logger } from '../resilience/logger.js';
import type { ClusterPort } from '../cluster/view.js';
import type { ExchangePort } from '../exchange/port.js';
import type { ShardLog } from '../log/port.js';
import type { Access, Caller } from './doors/access.js';
import type { Backlog } from './posts/backlog.js';
import type { Page } from './page/page.js';
import type { FeedOptions } from './feeds/feed-options.js';
import type { LookedAt } from '../../projections/moments/look.js';
import type { Freshness } from '../../projections/store/reading/freshness.js';
import type { Reads } from '../../projections/store/reading/reads.js';
import type { ShardStores } from '../../projections/store/reading/shard-stores.js';
import type { ContentDigest } from './signatures/content-digest.js';
import type { SignatureCheck } from './signatures/signature-check.js';
import type { Keyring } from './keys/keys.js';
import type { Lifecycle } from './lifecycle.js';
import type { Connections } from './limits/connections.js';
import type { Limits } from './limits/limits.js';
import type { LookBudget } from './limits/look-budget.js';
import type { Rate, RateLimits } from './limits/rate-limits.js';
import type { ReadBudget } from './limits/read-budget.js';
import type { StreamBudget } from './limits/stream-budget.js';
import type { RequestTurns } from './limits/request-turns.js';
import type { Metrics } from './metrics.js';
import type { WhyNotReady } from './readiness.js';
import type { SocketTimes } from './sockets/connection/socket-times.js';

/** What the server is built on. */
export interface ServerDeps {
  readonly exchange: ExchangePort;
  readonly stores: ShardStores;
  /** The logs of the shards that `stores` are of, for the feed of events. Only read. */
  readonly logs: readonly ShardLog[];
  /** How far they are durable. Unless said otherwise, the exchange tells it of its own shard, and the logs of all others. */
  readonly freshness?: Freshness | undefined;
  readonly keys: Keyring;
  /** The cluster that it is a member of; without one it is alone. */
  readonly cluster?: ClusterPort | undefined;
  readonly logger: Logger;
  /** The exchange’s clock, by which days and ages are told: milliseconds since 1970. The machine’s unless given. */
  readonly clock?: (() => number) | undefined;
  /** While it is true, everything but the health of the process is answered 503: the log is being opened. */
  readonly starting?: (() => boolean) | undefined;
  /** How long a read waits for the projections before it answers 503. 2,000 unless said otherwise. */
  readonly catchUpMs?: number | undefined;
  /** How many durable events the projections may lack before it is not ready. 250,000 unless said otherwise. */
  readonly maxLagEvents?: number | undefined;
  /** How often an idle feed of events says that it is alive. 15,000 unless said otherwise. */
  readonly heartbeatMs?: number | undefined;
  /** Where feeds of events come from, and how much they may take; the logs are read in this thread unless said otherwise. */
  readonly feeds?: FeedOptions | undefined;
  /** Where past moments are looked at; the logs are folded in this thread, from their beginnings, unless said otherwise. */
  readonly looks?: LookedAt | undefined;
  /** How long a connection may be silent. 120,000 unless said otherwise; the heartbeat must be shorter. */
  readonly idleTimeoutMs?: number | undefined;
  /** How long WebSockets may do nothing of what they should do. */
  readonly sockets?: Partial<SocketTimes> | undefined;
  /** How much of each resource callers may use. */
  readonly limits?: Partial<Limits> | undefined;
  /** Origins of pages that may ask, as browsers name them. None unless given. */
  readonly allowedOrigins?: ReadonlySet<string> | undefined;
  /** How far the time of a signature may be from the clock. 30,000 unless said otherwise. */
  readonly signatureWindowMs?: number | undefined;
  /** How many requests a second a key may make that has no rate of its own. No bound unless given. */
  readonly rate?: Rate | undefined;
  /** What browsers are shown at `/`; nothing unless given. */
  readonly page?: Page | undefined;
  /** Whether plain posts pass Fastify by (src/server/hot). They do; a test that compares the two says no. */
  readonly hotPosts?: boolean | undefined;
  /** Measure event loop, memory and collector too; they belong to the process, so once in it. */
  readonly processMetrics?: boolean | undefined;
}

/** What every route is given. */
export interface ServerContext extends ServerDeps {
  readonly clock: () => number;
  readonly connections: Connections;
  readonly turns: RequestTurns;
  readonly rates: RateLimits;
  readonly signatures: SignatureCheck;
  readonly streamBudget: StreamBudget;
  readonly readBudget: ReadBudget;
  readonly lookBudget: LookBudget;
  readonly backlog: Backlog;
  readonly reads: Reads;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  readonly whyNotReady: WhyNotReady;
  readonly gates: Readonly<Record<Access, onRequestHookHandler[]>>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Set before the handler of every route that is not open. */
    caller: Caller;
    /** Of a signed request with a body: what that must be. Whoever reads the body checks it before anything else. */
    contentDigest: ContentDigest | undefined;
  }
}
