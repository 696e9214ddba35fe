import { FollowingEndedError } from '../../../projections/store/follower.js';
import { QueryStore } from '../../../projections/store/query-store.js';
import { PositionWaiters } from '../../../projections/store/waiters.js';
import type { ShardLog } from '../../../src/log/port.js';
import type {
  AbortedDealView,
  BookView,
  DealView,
  DealsQuery,
  Found,
  InstrumentView,
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

  deal(id: string): Found<DealView | AbortedDealView | undefined> {
    return this.#store.find((queries) => queries.deal(id));
  }
  async deals(query: DealsQuery): Promise<Found<readonly DealView[]>> {
    return this.#store.find((queries) => queries.deals(query));
  }
  intention(id: string): Found<IntentionView | undefined> {
    return this.#store.find((queries) => queries.intention(id));
  }
  intentionByClientId(participant: string, clientIntentionId: string): Found<IntentionView | undefined> {
    return this.#store.find((queries) => queries.intentionByClientId(participant, clientIntentionId));
  }
  async intentions(query: IntentionsQuery): Promise<Found<readonly IntentionView[]>> {
    return this.#store.find((queries) => queries.intentions(query));
  }
  async positions(query: PositionsQuery): Promise<Found<readonly PositionView[]>> {
    return this.#store.find((queries) => queries.positions(query));
  }
  async instruments(): Promise<Found<readonly InstrumentView[]>> {
    return this.#store.find((queries) => queries.instruments());
  }
  async book(symbol: string, depth: number): Promise<Found<BookView | undefined>> {
    return this.#store.find((queries) => queries.book(symbol, depth));
  }

  end(): void {
    this.release();
    this.#ending.abort();
    this.#waiters.end(new FollowingEndedError());
  }
}
