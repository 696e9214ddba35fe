import { formatPrice, formatQuantity, parseInstrument, parsePrice, parseQuantity } from '../domain/instrument.js';
import type { Engine } from '../domain/engine.js';
import type { ListedInstrument, Market } from '../domain/market.js';
import { NONE } from '../domain/negotiator-table.js';
import { type Refusal, type RefusalCode, refuse } from '../domain/refusal.js';
import { phaseNames } from '../domain/terms.js';
import type { Evidence, ShardLog } from '../log/port.js';
import type {
  Answer,
  AnswerWhen,
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
  ShardStatus,
  Uncross,
  WithdrawIntention,
} from './commands.js';
import type { ExchangePort } from './port.js';
import { DurableReads } from './durable-reads.js';
import { PREFETCH_GROUP } from './idempotency-index.js';
import { postTerms } from './post-terms.js';
import { openShard, type OpenOptions } from './recovery.js';
import type { Shard, ShardCommand } from './shard.js';
import { acknowledge, answerListed, viewBook, viewInstruments, viewListed } from './views.js';

const UNKNOWN_OUTCOME =
  'the log failed; whether this became durable is unknown: post it again under the same id once the shard serves again';

type Settle = (refusal: Refusal) => void;

/** Why a command about one intention cannot go on, or the row it is about. */
type Found = { readonly row: number; readonly instrument: ListedInstrument } | Refusal;

/**
 * The exchange in the words of its users: decimal strings in, answers out once they are durable. One shard so far; ids are numbers
 * shown as strings, so that more shards can have their own ranges.
 */
export class Exchange implements ExchangePort {
  private readonly market: Market;
  /** Whoever waits for an answer; told at once when the shard stops, because nothing more will come. */
  private readonly waiting = new Set<Settle>();
  private readonly drainWaiters: (() => void)[] = [];

  private constructor(
    readonly shard: Shard,
    private readonly reads: DurableReads,
  ) {
    this.market = shard.market;
    shard.onStopped(() => {
      for (const settle of this.waiting) settle(refuse('SHARD_UNAVAILABLE', UNKNOWN_OUTCOME));
      this.waiting.clear();
      this.releaseDrained();
    });
    shard.onDurable(() => {
      if (!shard.isCongested) this.releaseDrained();
    });
  }

  /** Opens the log for writing, which fences every older writer, replays it, settles what is in doubt, and serves. */
  static async open(log: ShardLog, options: OpenOptions = {}): Promise<Exchange> {
    const shard = await openShard(log, options);
    return new Exchange(shard, new DurableReads(shard, options));
  }

  async post(command: PostIntention, when: AnswerWhen = 'durable'): Promise<Answer<IntentionAcknowledged>> {
    const [answer] = await this.postAll([command], when);
    return answer ?? refuse('SHARD_UNAVAILABLE');
  }

  postAll(
    commands: readonly PostIntention[],
    when: AnswerWhen = 'durable',
  ): Promise<readonly Answer<IntentionAcknowledged>[]> {
    const { shard } = this;
    if (!shard.isTaking) return Promise.resolve(commands.map(() => refuse('SHARD_UNAVAILABLE')));
    return new Promise((resolve) => {
      const settle: Settle = (refusal) => {
        resolve(commands.map(() => refusal));
      };
      this.waiting.add(settle);
      const answers: Answer<IntentionAcknowledged>[] = [];
      this.postInTurn(commands, answers, () => {
        this.answer(when, () => {
          this.waiting.delete(settle);
          resolve(answers);
        });
      });
    });
  }

  private answer(when: AnswerWhen, answer: () => void): void {
    if (when === 'durable') {
      this.shard.whenDurable(answer);
    } else {
      this.shard.commitSoon();
      answer();
    }
  }

  /** Posts one after the other; when the shard pauses to rebuild a negotiator, goes on once it serves again. */
  private postInTurn(
    commands: readonly PostIntention[],
    answers: Answer<IntentionAcknowledged>[],
    done: () => void,
  ): void {
    const atMs = this.shard.nowMs();
    while (answers.length < commands.length) {
      if (!this.shard.isServingAt(atMs)) {
        const goOn = (): void => {
          this.postInTurn(commands, answers, done);
        };
        if (answers.length === 0) this.shard.whenServing(goOn);
        else if (!this.shard.isStopped) this.shard.whenIdle(goOn);
        return;
      }
      if (answers.length % PREFETCH_GROUP === 0) this.prefetch(commands, answers.length);
      answers.push(this.postNow(commands[answers.length] as PostIntention, atMs)); // the index is below the length
    }
    done();
  }

  private prefetch(commands: readonly PostIntention[], from: number): void {
    if (commands.length === 1) return;
    const until = Math.min(from + PREFETCH_GROUP, commands.length);
    for (let index = from; index < until; index++) {
      const { clientIntentionId, participant } = commands[index] as PostIntention; // the index is below the length
      if (typeof clientIntentionId === 'string') this.shard.prefetch(clientIntentionId, participant);
    }
    this.shard.flushPrefetch();
  }

  private postNow(command: PostIntention, atMs: number): Answer<IntentionAcknowledged> {
    const instrument = this.market.instrumentBySymbol(command.instrument);
    if (instrument === undefined) return refuse('UNKNOWN_INSTRUMENT');
    const terms = postTerms(instrument, command);
    if ('ok' in terms) return terms;
    const { participant, clientIntentionId } = command;
    const { instrumentId } = instrument;
    const { side, pricing, priceTicks, quantityLots, timeInForce, postOnly, expiresAtMs } = terms;
    const posted = this.shard.post(
      clientIntentionId,
      participant,
      instrumentId,
      side,
      pricing,
      priceTicks,
      quantityLots,
      timeInForce,
      postOnly,
      expiresAtMs,
      atMs,
    );
    if (typeof posted !== 'number') return refuse(posted);
    const id = Math.abs(posted);
    return acknowledge(id, this.shard.postedPosition(id), command, instrument, terms);
  }

  /**
   * Posts one that stands in another log, in its turn. `starting` runs in the very turn in which its first event could be recorded, so
   * whoever notes there that it was taken notes neither too early nor too late. Resolves once its turns have run.
   */
  take(command: PostIntention, starting: () => void): Promise<Answer<IntentionAcknowledged>> {
    return this.submit((_desk, atMs) => {
      starting();
      const answer = this.postNow(command, atMs);
      return () => answer;
    }, 'recorded');
  }

  withdraw(command: WithdrawIntention, when?: AnswerWhen, starting?: () => void): Promise<Answer<IntentionChanged>> {
    return this.change(command, when, starting, (engine, { row }, atMs) => engine.withdraw(row, atMs));
  }

  reduce(command: ReduceIntention, when?: AnswerWhen, starting?: () => void): Promise<Answer<IntentionChanged>> {
    return this.change(command, when, starting, (engine, { row, instrument }, atMs) => {
      const byLots = parseQuantity(instrument, command.by);
      return typeof byLots === 'number' ? engine.reduce(row, byLots, atMs) : byLots;
    });
  }

  replace(command: ReplaceIntention, when?: AnswerWhen, starting?: () => void): Promise<Answer<IntentionChanged>> {
    return this.change(command, when, starting, (engine, { row, instrument }, atMs) => {
      const priceTicks = parsePrice(instrument, command.price);
      if (typeof priceTicks !== 'number') return priceTicks;
      const openLots = parseQuantity(instrument, command.quantity);
      return typeof openLots === 'number' ? engine.replace(row, priceTicks, openLots, atMs) : openLots;
    });
  }

  private change(
    command: WithdrawIntention,
    when: AnswerWhen | undefined,
    starting: (() => void) | undefined,
    act: (
      engine: Engine,
      found: { row: number; instrument: ListedInstrument },
      atMs: number,
    ) => RefusalCode | Refusal | undefined,
  ): Promise<Answer<IntentionChanged>> {
    return this.submit((engine, atMs) => {
      starting?.();
      const found = this.find(command);
      if ('ok' in found) return () => found;
      const position = this.shard.head;
      const refusal = act(engine, found, atMs);
      if (refusal !== undefined) return () => (typeof refusal === 'string' ? refuse(refusal) : refusal);
      const total = this.quantityOf(command.id);
      return () => this.changed(command.id, found, position, total);
    }, when);
  }

  private quantityOf(id: string): number {
    const row = this.market.negotiators.rowOf(Number(id));
    return row === NONE ? 0 : this.market.negotiators.quantityLots(row);
  }

  /**
   * How an intention stands after a command. One that is gone was withdrawn, or filled by the deals that a replacement led to, or
   * parked amid them; its row still tells what was filled, for no other intention has been posted since.
   */
  private changed(
    id: string,
    { row: rowBefore, instrument }: { readonly row: number; readonly instrument: ListedInstrument },
    position: number,
    total: number,
  ): Answer<IntentionChanged> {
    const { negotiators } = this.market;
    const row = negotiators.rowOf(Number(id));
    if (row !== NONE) {
      const open = formatQuantity(instrument, negotiators.openLots(row));
      const filled = formatQuantity(instrument, negotiators.filledLots(row));
      return { ok: true, id, status: 'open', open, filled, position };
    }
    const isFilled = this.market.arrivingId === Number(id);
    const filled = formatQuantity(instrument, isFilled ? total : negotiators.filledLots(rowBefore));
    return {
      ok: true,
      id,
      status: isFilled ? 'filled' : 'withdrawn',
      open: formatQuantity(instrument, 0),
      filled,
      position,
    };
  }

  private find(command: WithdrawIntention): Found {
    const { negotiators } = this.market;
    const id = /^[1-9][0-9]{0,15}$/.test(command.id) ? Number(command.id) : 0;
    if (id === 0 || id > this.market.lastIntentionId || this.market.isRemote(id)) return refuse('UNKNOWN_INTENTION');
    const row = negotiators.rowOf(id);
    if (row === NONE) return refuse('INTENTION_CLOSED');
    const owner = this.market.participantName(negotiators.participantId(row));
    if (command.participant !== undefined && command.participant !== owner) return refuse('NOT_YOURS');
    return { row, instrument: this.market.instrument(negotiators.instrumentId(row)) };
  }

  list(command: ListInstrument, when?: AnswerWhen): Promise<Answer<InstrumentView>> {
    return this.submit((engine, atMs) => {
      const terms = parseInstrument(command);
      if ('ok' in terms) return () => terms;
      const refusal = engine.list(terms, atMs);
      return () => (refusal === undefined ? answerListed(this.market, terms.symbol) : refuse(refusal));
    }, when);
  }

  changePhase(command: ChangePhase, when?: AnswerWhen): Promise<Answer<InstrumentView>> {
    return this.submit((engine, atMs) => {
      const instrument = this.market.instrumentBySymbol(command.instrument);
      if (instrument === undefined) return () => refuse('UNKNOWN_INSTRUMENT');
      const phase = phaseNames.indexOf(command.phase);
      if (phase === -1) return () => refuse('INVALID_COMMAND', 'phase is continuous or call');
      const refusal = engine.changePhase(instrument, phase, atMs);
      const why = refusal === 'WRONG_PHASE' ? 'the board is crossed: uncross it first' : undefined;
      return () => (refusal === undefined ? answerListed(this.market, instrument.symbol) : refuse(refusal, why));
    }, when);
  }

  uncross(command: Uncross, when?: AnswerWhen): Promise<Answer<AuctionResult>> {
    return this.submit<AuctionResult>((engine, atMs) => {
      const instrument = this.market.instrumentBySymbol(command.instrument);
      if (instrument === undefined) return () => refuse('UNKNOWN_INSTRUMENT');
      const position = this.shard.head;
      const before = this.market.dealsConfirmed;
      const plan = engine.uncross(instrument, atMs);
      if (typeof plan === 'string') return () => refuse(plan, 'an uncross needs the call phase');
      return () => ({
        ok: true,
        instrument: instrument.symbol,
        ...(plan.volumeLots > 0 ? { price: formatPrice(instrument, plan.priceTicks) } : {}),
        volume: formatQuantity(instrument, plan.volumeLots),
        deals: this.market.dealsConfirmed - before,
        position,
      });
    }, when);
  }

  /** Submits a command and waits for its answer; a shard that stops answers that the outcome is unknown. */
  private submit<Value>(command: ShardCommand<Answer<Value>>, when: AnswerWhen = 'durable'): Promise<Answer<Value>> {
    return new Promise((resolve) => {
      const settle: Settle = resolve;
      this.waiting.add(settle);
      const isTaken = this.shard.submit(command, (result) => {
        this.answer(when, () => {
          this.waiting.delete(settle);
          resolve(result);
        });
      });
      if (isTaken) return;
      this.waiting.delete(settle);
      resolve(refuse('SHARD_UNAVAILABLE'));
    });
  }

  instruments(page: InstrumentsPage): Promise<InstrumentList | undefined> {
    return this.reads.view((position) => viewInstruments(this.market, page, position));
  }

  instrument(symbol: string): Promise<InstrumentView | undefined> {
    return this.reads.view(() => viewListed(this.market, symbol));
  }

  book(symbol: string, depth: number): Promise<BookView | undefined> {
    return this.reads.view((position) => viewBook(this.market, symbol, depth, position));
  }

  /** The book as it stands in memory, durable or not: for whoever plays the exchange itself, and never for its users. */
  bookNow(symbol: string, depth: number): BookView | undefined {
    return viewBook(this.market, symbol, depth, this.shard.head);
  }

  /** Whether the intention is open. */
  isOpen(intentionId: number): boolean {
    return this.market.negotiators.rowOf(intentionId) !== NONE;
  }

  /** Resolves once all that has been recorded so far is durable; rejects when the log fails before that. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle: Settle = (refusal) => {
        reject(new Error(refusal.detail));
      };
      if (this.shard.isStopped) settle(refuse('SHARD_UNAVAILABLE'));
      this.waiting.add(settle);
      this.shard.whenDurable(() => {
        this.waiting.delete(settle);
        resolve();
      });
    });
  }

  /** Looks whether the log still is what was appended to it; stops where it is not. */
  verify(): Promise<void> {
    return this.shard.verify();
  }

  /** What this process knows of the log, for whoever opens it next. */
  get evidence(): Evidence {
    return this.shard.evidence;
  }

  /** Number of its writer as the log's claims count them: an imported log may have brought higher ones along. */
  get writerEpoch(): number {
    return this.shard.writerEpoch;
  }

  status(): ShardStatus {
    return this.shard.status();
  }

  shards(): readonly ShardStatus[] {
    return [this.shard.status()];
  }

  /** Calls back when the shard has stopped; `isFenced`: because another writer has opened its log. */
  onStopped(listener: (reason: string, isFenced: boolean) => void): void {
    this.shard.onStopped((reason) => {
      listener(reason, this.shard.isFenced);
    });
  }

  onDurable(listener: (durable: number) => void): () => void {
    return this.shard.onDurable(listener);
  }

  get congested(): boolean {
    return this.shard.isCongested;
  }

  drained(): Promise<void> {
    if (!this.congested || this.shard.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.drainWaiters.push(resolve);
    });
  }

  private releaseDrained(): void {
    for (const resolve of this.drainWaiters.splice(0)) resolve();
  }

  close(): Promise<void> {
    return this.shard.close();
  }
}
