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
  instruments(): readonly InstrumentView[];
  instrument(symbol: string): InstrumentView | undefined;
  /** The book as of the last durable commit or later; undefined for an unknown instrument. */
  book(symbol: string, depth: number): BookView | undefined;
  status(): ShardStatus;
  /** Calls back after each commit with the position up to which all is durable. Returns a function that ends it. */
  onDurable(listener: (durable: number) => void): () => void;
  /** True while so much waits to be durable that producers should pause; `drained` resolves when they may go on. */
  readonly congested: boolean;
  drained(): Promise<void>;
  /** Commits what is open, then closes the log. */
  close(): Promise<void>;
}
