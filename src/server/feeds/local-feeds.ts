import { problem, type Problem } from '../../api/problem.js';
import type { ShardLog } from '../../log/port.js';
import type { FeedReceiver, FeedSource, Hub, TakeRound } from './feed-source.js';

/** Feeds made in the server's own thread: for a server that is part of a test or of another program. */
export class LocalFeeds<Wish extends { readonly shard: number }> implements FeedSource<Wish> {
  private hubs: ReadonlyMap<number, Hub<Wish>> = new Map();

  constructor(
    private readonly logs: readonly ShardLog[],
    private readonly makeHub: (log: ShardLog, takeRound: TakeRound) => Hub<Wish>,
  ) {}

  connect(receiver: FeedReceiver): void {
    const hubOf = (log: ShardLog): Hub<Wish> => this.makeHub(log, (round) => receiver.receive(log.shard, round));
    this.hubs = new Map(this.logs.map((log) => [log.shard, hubOf(log)]));
  }

  subscribe(id: number, wish: Wish): Problem | undefined {
    const hub = this.hubs.get(wish.shard);
    if (hub === undefined) return problem('UNKNOWN_SHARD', `the log of shard ${wish.shard} is not read here`);
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
