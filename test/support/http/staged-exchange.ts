import type {
  AllWithdrawn,
  Answer,
  AuctionResult,
  BookView,
  ChangePhase,
  InstrumentList,
  InstrumentsPage,
  InstrumentView,
  IntentionAcknowledged,
  IntentionChanged,
  ListInstrument,
  PostIntention,
  ReduceIntention,
  ReplaceIntention,
  Refusal,
  ShardStatus,
  Uncross,
  WithdrawAll,
  WithdrawIntention,
} from '../../../src/exchange/commands.js';
import type { ExchangePort } from '../../../src/exchange/port.js';
import type { LimitsAnswer, SetLimits, SetSwitch, SwitchAnswer } from '../../../src/exchange/risk-commands.js';
import { type Gate, gate } from '../gate.js';

/** A real exchange, of which a test can stage what is hard to bring about: congestion, a failure, a status, and how long answers take. */
export class StagedExchange implements ExchangePort {
  /** Shown instead of the real status, as far as it goes. */
  shownStatus: Partial<ShardStatus> = {};
  /** Thrown by the next posts. */
  failure: Error | undefined;
  /** Answers to posts wait for it. */
  answersAfter: Promise<void> | undefined;
  /** How many intentions have been handed to the exchange. */
  taken = 0;
  isClosed = false;
  /** All that were asked for. */
  readonly withdrawals: WithdrawAll[] = [];
  /** What the next withdrawals of many are answered with instead. */
  withdrawalsRefused: readonly Refusal[] = [];
  readonly #real: ExchangePort;
  #congestion: Gate | undefined;

  constructor(real: ExchangePort) {
    this.#real = real;
  }

  get congested(): boolean {
    return this.#congestion !== undefined || this.#real.congested;
  }
  drained(): Promise<void> {
    return this.#congestion?.wait() ?? this.#real.drained();
  }
  /** Makes producers wait until the function it returns is called. */
  congest(): () => void {
    const congestion = gate();
    this.#congestion = congestion;
    return () => {
      this.#congestion = undefined;
      congestion.open();
    };
  }

  async post(command: PostIntention): Promise<Answer<IntentionAcknowledged>> {
    this.#count(1);
    const answer = await this.#real.post(command);
    await this.answersAfter;
    return answer;
  }
  async postAll(commands: readonly PostIntention[]): Promise<readonly Answer<IntentionAcknowledged>[]> {
    this.#count(commands.length);
    const answers = await this.#real.postAll(commands);
    await this.answersAfter;
    return answers;
  }
  #count(commands: number): void {
    if (this.failure !== undefined) throw this.failure;
    this.taken += commands;
  }

  setSwitch(command: SetSwitch): Promise<SwitchAnswer> {
    return this.#real.setSwitch(command);
  }
  setLimits(command: SetLimits): Promise<LimitsAnswer> {
    return this.#real.setLimits(command);
  }

  shards(): readonly ShardStatus[] {
    return this.#real.shards().map((status) => ({ ...status, ...this.shownStatus }));
  }
  /** Of its only shard. */
  status(): ShardStatus {
    const [status] = this.shards();
    if (status === undefined) throw new Error('the exchange has no shard');
    return status;
  }
  withdraw(command: WithdrawIntention): Promise<Answer<IntentionChanged>> {
    return this.#real.withdraw(command);
  }
  reduce(command: ReduceIntention): Promise<Answer<IntentionChanged>> {
    return this.#real.reduce(command);
  }
  replace(command: ReplaceIntention): Promise<Answer<IntentionChanged>> {
    return this.#real.replace(command);
  }
  withdrawAll(command: WithdrawAll): Promise<Answer<AllWithdrawn>> {
    this.withdrawals.push(command);
    const [refusal, ...others] = this.withdrawalsRefused;
    if (refusal === undefined) return this.#real.withdrawAll(command);
    this.withdrawalsRefused = others;
    return Promise.resolve(refusal);
  }
  list(command: ListInstrument): Promise<Answer<InstrumentView>> {
    return this.#real.list(command);
  }
  changePhase(command: ChangePhase): Promise<Answer<InstrumentView>> {
    return this.#real.changePhase(command);
  }
  uncross(command: Uncross): Promise<Answer<AuctionResult>> {
    return this.#real.uncross(command);
  }
  instruments(page: InstrumentsPage): Promise<InstrumentList | undefined> {
    return this.#real.instruments(page);
  }
  instrument(symbol: string): Promise<InstrumentView | undefined> {
    return this.#real.instrument(symbol);
  }
  book(symbol: string, depth: number): Promise<BookView | undefined> {
    return this.#real.book(symbol, depth);
  }
  async close(): Promise<void> {
    this.isClosed = true;
    await this.#real.close();
  }
}
