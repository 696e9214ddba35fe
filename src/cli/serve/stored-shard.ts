import type { QueryClient } from '../../../projections/store/client.js';
import { QueryFailedError } from '../../../projections/store/protocol.js';
import type {
  AbortedDealView,
  BookView,
  DealsQuery,
  DealView,
  Found,
  InstrumentView,
  IntentionsQuery,
  IntentionView,
  PositionsQuery,
  PositionView,
  ShardQueries,
} from '../../server/queries.js';

const STARTING = 'the query store is being started';
/** A message to the thread at every commit would cost the exchange more than most commits do. */
const TELL_EACH_MS = 5;

/** One shard's store in another thread, which may end and be started anew. */
export class StoredShard implements ShardQueries {
  /** Undefined while there is no thread to ask. */
  client: QueryClient | undefined;
  /** What the thread says of this store. */
  told: string | undefined;
  private telling: NodeJS.Timeout | undefined;
  private untold: number | undefined;

  constructor(private readonly tell: (durable: number) => void) {}

  get caughtUpTo(): number {
    return this.client?.caughtUpTo ?? -1;
  }

  get trouble(): string | undefined {
    return this.client === undefined ? STARTING : this.told;
  }

  /** To be called after each commit. The thread is told at once, but not again within the next few milliseconds. */
  advance(durable: number): void {
    if (this.telling !== undefined) {
      this.untold = durable;
      return;
    }
    this.tell(durable);
    this.telling = setTimeout(() => {
      this.telling = undefined;
      const { untold } = this;
      this.untold = undefined;
      if (untold !== undefined) this.advance(untold);
    }, TELL_EACH_MS).unref();
  }

  async waitFor(position: number, timeoutMs: number): Promise<boolean> {
    try {
      await this.asked.summary({ atLeast: position, timeoutMs });
      return true;
    } catch (error) {
      if (error instanceof QueryFailedError) return false;
      throw error;
    }
  }

  async deal(id: string): Promise<Found<DealView | AbortedDealView | undefined>> {
    return this.asked.deal(id);
  }

  async deals(query: DealsQuery): Promise<Found<readonly DealView[]>> {
    return this.asked.deals(query);
  }

  async intention(id: string): Promise<Found<IntentionView | undefined>> {
    return this.asked.intention(id);
  }

  async intentionByClientId(participant: string, clientIntentionId: string): Promise<Found<IntentionView | undefined>> {
    return this.asked.intentionByClientId(participant, clientIntentionId);
  }

  async intentions(query: IntentionsQuery): Promise<Found<readonly IntentionView[]>> {
    return this.asked.intentions(query);
  }

  async positions(query: PositionsQuery): Promise<Found<readonly PositionView[]>> {
    return this.asked.positions(query);
  }

  async instruments(): Promise<Found<readonly InstrumentView[]>> {
    return this.asked.instruments();
  }

  async book(symbol: string, depth: number): Promise<Found<BookView | undefined>> {
    return this.asked.book(symbol, depth);
  }

  private get asked(): QueryClient {
    if (this.client === undefined) throw new QueryFailedError('STORE_GONE', STARTING);
    return this.client;
  }
}
