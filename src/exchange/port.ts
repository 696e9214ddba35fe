/** The exchange as its edges (HTTP, command line, order flow) see it. `src/exchange/exchange.ts` is the real one. */
import type * as Commands from './commands.js';
import type { LimitsAnswer, SetLimits, SetSwitch, SwitchAnswer } from './risk-commands.js';

/** A shard cannot be read now: its owner cannot be asked, or what it has recorded is not durable. What reads reject with. */
export class ShardUnavailableError extends Error {
  readonly code = 'SHARD_UNAVAILABLE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ShardUnavailableError';
  }
}

export interface ExchangePort {
  /** Idempotent by participant and clientIntentionId. The promise never rejects for bad input: a refusal is an answer. */
  post(command: Commands.PostIntention): Promise<Commands.Answer<Commands.IntentionAcknowledged>>;
  /**
   * Posts many at once, each on its own terms: some may be refused. Answers come in order, once all are durable. The turns run
   * before this returns, so a caller controls its own order.
   */
  postAll(
    commands: readonly Commands.PostIntention[],
  ): Promise<readonly Commands.Answer<Commands.IntentionAcknowledged>[]>;
  withdraw(command: Commands.WithdrawIntention): Promise<Commands.Answer<Commands.IntentionChanged>>;
  reduce(command: Commands.ReduceIntention): Promise<Commands.Answer<Commands.IntentionChanged>>;
  replace(command: Commands.ReplaceIntention): Promise<Commands.Answer<Commands.IntentionChanged>>;
  /**
   * Withdraws all open intentions that the command chooses, in turns of at most 1,000; those that are posted after it has begun stay.
   * Done again it withdraws what is open by then. Where a shard does not answer, some may be withdrawn.
   */
  withdrawAll(command: Commands.WithdrawAll): Promise<Commands.Answer<Commands.AllWithdrawn>>;
  list(command: Commands.ListInstrument): Promise<Commands.Answer<Commands.InstrumentView>>;
  changePhase(command: Commands.ChangePhase): Promise<Commands.Answer<Commands.InstrumentView>>;
  /** In every shard. Set again it extends: it may be sent again where its outcome is unknown. */
  setSwitch(command: SetSwitch): Promise<SwitchAnswer>;
  /** In the shard of the instrument, or in every one. Set again it stays the same. */
  setLimits(command: SetLimits): Promise<LimitsAnswer>;
  uncross(command: Commands.Uncross): Promise<Commands.Answer<Commands.AuctionResult>>;
  /**
   * What is listed, shard after shard, a page at a time; undefined for an `after` that is not listed. Like the next two, it shows what is
   * durable and nothing else, never less than what was answered before; it changes nothing, and rejects with ShardUnavailableError where
   * a shard cannot be asked, has stopped, or has not made durable in time what it has recorded.
   */
  instruments(page: Commands.InstrumentsPage): Promise<Commands.InstrumentList | undefined>;
  instrument(symbol: string): Promise<Commands.InstrumentView | undefined>;
  /** The book as of its position, exactly; undefined for an unknown instrument. */
  book(symbol: string, depth: number): Promise<Commands.BookView | undefined>;
  /** How the shards stand that run in this process, by number. */
  shards(): readonly Commands.ShardStatus[];
  /** True while so much waits to be durable that producers should pause; `drained` resolves when they may go on. */
  readonly congested: boolean;
  drained(): Promise<void>;
  /** Commits what is open, then closes the log. */
  close(): Promise<void>;
}
