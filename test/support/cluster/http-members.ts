import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { ClusterExchange } from '../../../src/cluster/forwarding/router.js';
import { shardOfSymbol } from '../../../src/cluster/shard-of.js';
import { buildApp } from '../../../src/server/app.js';
import { type Keyring, openKeyring } from '../../../src/server/keys/keys.js';
import type { LogWriter, SealedBatch } from '../../../src/log/port.js';
import { deskOf, FedQueries } from '../http/fed-queries.js';
import { MemoryLog } from '../log/memory-log.js';
import { PATIENCE_MS } from '../patience.js';
import type { TestCluster, TestMember } from './members.js';

/** A log whose appends can be held up before they reach the medium, as a process that stands still would. */
export class GatedLog extends MemoryLog {
  /** How many appends it holds up. */
  heldUp = 0;
  private gate: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;

  /** A gated way to what another log holds. */
  static onto(log: MemoryLog): GatedLog {
    return Object.assign(new GatedLog({ shard: log.shard }), log.again()); // the same medium, and its own gate
  }

  hold(): void {
    this.gate = new Promise((resolve) => (this.release = resolve));
  }

  letGo(): void {
    this.release();
  }

  override async open(): Promise<LogWriter> {
    const writer = await super.open();
    const append = writer.append.bind(writer);
    writer.append = async (batch: SealedBatch) => {
      this.heldUp++;
      await this.gate;
      this.heldUp--;
      return append(batch);
    };
    return writer;
  }
}

/** A member with its HTTP server on a port of its own. */
export interface HttpMember extends TestMember {
  readonly exchange: ClusterExchange;
  readonly app: FastifyInstance;
  readonly url: string;
  /** As a power cut would have it: no more heartbeats, no more HTTP. Its exchanges stay, and know of nothing. */
  kill(): Promise<void>;
}

export interface HttpMemberOptions {
  readonly key?: string;
  readonly keys?: Keyring;
  readonly waitMs?: number;
  readonly logOf?: (shard: number) => MemoryLog;
}

/** Adds a member and its server, and starts both. */
export async function serveMember(
  cluster: TestCluster,
  memberId: string,
  { key, keys = openKeyring, waitMs = PATIENCE_MS, logOf }: HttpMemberOptions = {},
): Promise<HttpMember> {
  const test = cluster.add(memberId, logOf === undefined ? {} : { logOf });
  const exchange = new ClusterExchange({ member: test.member, key, waitMs });
  const fed = cluster.logs.map((log) => new FedQueries(log));
  const stores = deskOf(new Map(fed.entries()));
  const app = buildApp({
    ...{ exchange, stores, logs: cluster.logs, keys, cluster: exchange.cluster, logger: pino({ level: 'silent' }) },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  test.member.start(url);
  const kill = async (): Promise<void> => {
    test.connection.cut(true);
    app.server.closeAllConnections();
    await app.close();
  };
  onTestFinished(async () => {
    await cluster.time.during(exchange.close());
    app.server.closeAllConnections();
    await app.close();
    for (const store of fed) store.end();
  });
  return Object.assign(test, { exchange, app, url, kill });
}

/** A symbol that lives in a shard. */
export function symbolIn(shard: number, shards: number): string {
  for (let number = 1; ; number++) {
    const symbol = `S${number}`;
    if (shardOfSymbol(symbol, shards) === shard) return symbol;
  }
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One call; rejects when the way breaks. */
export async function call(
  { url }: { readonly url: string },
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, {
    ...{ method, headers: { ...type, ...headers } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as HttpAnswer['body'] }; // every answer is a JSON object
}
