import { FollowingEndedError } from '../../../projections/store/follower.js';
import { QueryStore } from '../../../projections/store/query-store.js';
import { PositionWaiters } from '../../../projections/store/waiters.js';
import type { ShardLog } from '../../../src/log/port.js';
import type {
  AbortedDealView,
  DealView,
  DealsQuery,
  IntentionView,
  IntentionsQuery,
  PositionView,
  PositionsQuery,
  ShardQueries,
} from '../../../src/server/queries.js';

/** The real query store in memory, fed from the log as it grows. A stand-in only for the process that would feed it: it can be held up. */
export class FedQueries implements ShardQueries {
  readonly #store = new QueryStore(':memory:');
  readonly #ending = new AbortController();
  readonly #waiters = new PositionWaiters();
  #held: Promise<void> | undefined;
  #release: () => void = () => undefined;

  constructor(log: ShardLog) {
    void this.#feed(log);
  }

  /** From now on it falls behind, until `release`. */
  hold(): void {
    this.#held ??= new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#held = undefined;
    this.#release();
  }

  get caughtUpTo(): number {
    return this.#store.checkpoint.position;
  }

  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    return this.#waiters.waitFor(position, timeoutMs, this.caughtUpTo);
  }

  /** Whether a read waits for what it does not hold yet. */
  get isAwaited(): boolean {
    return this.#waiters.isAwaited(Number.MAX_SAFE_INTEGER);
  }

  async #feed(log: ShardLog): Promise<void> {
    for await (const batch of log.follow(0, this.#ending.signal)) {
      if (this.#held !== undefined) await this.#held;
      this.#store.add(batch);
      this.#store.commit();
      this.#waiters.reached(this.caughtUpTo);
    }
  }

  deal(id: string): DealView | AbortedDealView | undefined {
    return this.#store.queries.deal(id);
  }
  async deals(query: DealsQuery): Promise<readonly DealView[]> {
    return this.#store.queries.deals(query);
  }
  intention(id: string): IntentionView | undefined {
    return this.#store.queries.intention(id);
  }
  intentionByClientId(participant: string, clientIntentionId: string): IntentionView | undefined {
    return this.#store.queries.intentionByClientId(participant, clientIntentionId);
  }
  async intentions(query: IntentionsQuery): Promise<readonly IntentionView[]> {
    return this.#store.queries.intentions(query);
  }
  async positions(query: PositionsQuery): Promise<readonly PositionView[]> {
    return this.#store.queries.positions(query);
  }

  end(): void {
    this.release();
    this.#ending.abort();
    this.#waiters.end(new FollowingEndedError());
  }
}
