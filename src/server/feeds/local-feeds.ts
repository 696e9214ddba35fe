import type { ShardLog } from '../../log/port.js';
import { problem, type Problem } from '../../api/problem.js';
import { FeedHub } from './feed-hub.js';
import type { FeedReceiver, FeedSource, FeedWish } from './feed-source.js';

/** Reads the logs in the server's own thread: for a server that is part of a test or of another program. */
export class LocalFeeds implements FeedSource {
  private hubs: ReadonlyMap<number, FeedHub> = new Map();

  constructor(private readonly logs: readonly ShardLog[]) {}

  connect(receiver: FeedReceiver): void {
    const hubOf = (log: ShardLog): FeedHub => new FeedHub(log, (round) => receiver.receive(log.shard, round));
    this.hubs = new Map(this.logs.map((log) => [log.shard, hubOf(log)]));
  }

  subscribe(id: number, { shard, ...wish }: FeedWish): Problem | undefined {
    const hub = this.hubs.get(shard);
    if (hub === undefined) return problem('UNKNOWN_SHARD', `the log of shard ${shard} is not read here`);
    hub.subscribe(id, wish);
    return undefined;
  }

  unsubscribe(shard: number, id: number): void {
    this.hubs.get(shard)?.unsubscribe(id);
  }

  credit(shard: number, credits: readonly number[]): void {
    this.hubs.get(shard)?.credit(credits);
  }

  acknowledge(shard: number): void {
    this.hubs.get(shard)?.acknowledge();
  }
}
