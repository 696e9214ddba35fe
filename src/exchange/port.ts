/** The exchange as its edges (HTTP, command line, order flow) see it. `src/exchange/exchange.ts` is the real one. */
import type {
  Answer,
  AuctionResult,
  BookView,
  ChangePhase,
  InstrumentView,
  IntentionAcknowledged,
  IntentionChanged,
  ListInstrument,
  PostIntention,
  ReduceIntention,
  ReplaceIntention,
  ShardStatus,
  Uncross,
  WithdrawIntention,
} from './commands.js';

/** Given at once by an exchange in this process, later by one that must ask another. */
export type Awaitable<Value> = Value | Promise<Value>;

/** The owner of a shard cannot be asked now; nothing has changed. What reads throw, for they have no refusals. */
export class ShardUnavailableError extends Error {
  readonly code = 'SHARD_UNAVAILABLE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ShardUnavailableError';
  }
}

export interface ExchangePort {
  /** Idempotent by participant and clientIntentionId. The promise never rejects for bad input: a refusal is an answer. */
  post(command: PostIntention): Promise<Answer<IntentionAcknowledged>>;
  /**
   * Posts many at once, each on its own terms: some may be refused. Answers come in order, once all are durable. The turns run
   * before this returns, so a caller controls its own order.
   */
  postAll(commands: readonly PostIntention[]): Promise<readonly Answer<IntentionAcknowledged>[]>;
  withdraw(command: WithdrawIntention): Promise<Answer<IntentionChanged>>;
  reduce(command: ReduceIntention): Promise<Answer<IntentionChanged>>;
  replace(command: ReplaceIntention): Promise<Answer<IntentionChanged>>;
  list(command: ListInstrument): Promise<Answer<InstrumentView>>;
  changePhase(command: ChangePhase): Promise<Answer<InstrumentView>>;
  uncross(command: Uncross): Promise<Answer<AuctionResult>>;
  /** All that are listed, shard after shard. This and the next two throw ShardUnavailableError where a shard cannot be asked. */
  instruments(): Awaitable<readonly InstrumentView[]>;
  instrument(symbol: string): Awaitable<InstrumentView | undefined>;
  /** The book as of the last durable commit or later; undefined for an unknown instrument. */
  book(symbol: string, depth: number): Awaitable<BookView | undefined>;
  /** How the shards stand that run in this process, by number. */
  shards(): readonly ShardStatus[];
  /** True while so much waits to be durable that producers should pause; `drained` resolves when they may go on. */
  readonly congested: boolean;
  drained(): Promise<void>;
  /** Commits what is open, then closes the log. */
  close(): Promise<void>;
}
