import { formatPrice, formatQuantity, parseInstrument } from '../domain/instrument.js';
import type { Market } from '../domain/market.js';
import { refuse } from '../domain/refusal.js';
import { phaseNames } from '../domain/terms.js';
import type { ShardLog } from '../log/port.js';
import type {
  Answer,
  AnswerWhen,
  AuctionResult,
  BookView,
  ChangePhase,
  InstrumentList,
  InstrumentsPage,
  InstrumentView,
  ListInstrument,
  ShardStatus,
  Uncross,
} from './commands.js';
import { DurableReads, type ReadOptions } from './durable-reads.js';
import { ExchangeLog } from './exchange-log.js';
import type { ExchangePort } from './port.js';
import {
  limitsCommand,
  type LimitsAnswer,
  type SetLimits,
  type SetSwitch,
  switchCommand,
  type SwitchAnswer,
} from './risk-commands.js';
import { IntentionCommands } from './intention-commands.js';
import { RecordedState } from './recovery/recorded-state.js';
import { openShard, type OpenOptions } from './recovery/recovery.js';
import type { Shard } from './shard/shard.js';
import { answerListed, viewBook, viewInstruments, viewListed } from './views.js';

/**
 * One shard in the words of its users: decimal strings in, answers out once they are durable. Ids are numbers shown as strings; each
 * shard has a range of its own.
 */
export class Exchange extends IntentionCommands implements ExchangePort {
  /** For the program that runs it. */
  readonly log: ExchangeLog;
  readonly recorded: RecordedState;
  private readonly market: Market;
  private readonly reads: DurableReads;

  constructor(shard: Shard, options: ReadOptions = {}) {
    super(shard);
    this.market = shard.market;
    this.reads = new DurableReads(shard, options);
    this.log = new ExchangeLog(shard, this.answers);
    this.recorded = new RecordedState(shard);
  }

  /** Opens the log for writing, which fences every older writer, replays it, settles what is in doubt, and serves. */
  static async open(log: ShardLog, options: OpenOptions = {}): Promise<Exchange> {
    return new Exchange(await openShard(log, options), options);
  }

  list(command: ListInstrument, when?: AnswerWhen): Promise<Answer<InstrumentView>> {
    return this.answers.submit((engine, atMs) => {
      const terms = parseInstrument(command);
      if ('ok' in terms) return () => terms;
      const refusal = engine.list(terms, atMs);
      return () => (refusal === undefined ? answerListed(this.market, terms.symbol) : refuse(refusal));
    }, when);
  }

  changePhase(command: ChangePhase, when?: AnswerWhen): Promise<Answer<InstrumentView>> {
    return this.answers.submit((engine, atMs) => {
      const instrument = this.market.instrumentBySymbol(command.instrument);
      if (instrument === undefined) return () => refuse('UNKNOWN_INSTRUMENT');
      const phase = phaseNames.indexOf(command.phase);
      if (phase === -1) return () => refuse('INVALID_COMMAND', 'phase is continuous or call');
      const refusal = engine.changePhase(instrument, phase, atMs);
      const why = refusal === 'WRONG_PHASE' ? 'the board is crossed: uncross it first' : undefined;
      return () => (refusal === undefined ? answerListed(this.market, instrument.symbol) : refuse(refusal, why));
    }, when);
  }

  setSwitch(command: SetSwitch, when?: AnswerWhen, starting?: () => void): Promise<SwitchAnswer> {
    return this.answers.submit(switchCommand(this.shard, command, starting), when);
  }

  setLimits(command: SetLimits, when?: AnswerWhen): Promise<LimitsAnswer> {
    return this.answers.submit(limitsCommand(this.shard, command), when);
  }

  uncross(command: Uncross, when?: AnswerWhen): Promise<Answer<AuctionResult>> {
    return this.answers.submit<AuctionResult>((engine, atMs) => {
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

  instruments(page: InstrumentsPage): Promise<InstrumentList | undefined> {
    return this.reads.view((position) => viewInstruments(this.market, page, position));
  }

  instrument(symbol: string): Promise<InstrumentView | undefined> {
    return this.reads.view(() => viewListed(this.market, symbol));
  }

  book(symbol: string, depth: number): Promise<BookView | undefined> {
    return this.reads.view((position) => viewBook(this.market, symbol, depth, position));
  }

  status(): ShardStatus {
    return this.shard.status();
  }

  shards(): readonly ShardStatus[] {
    return [this.shard.status()];
  }

  get congested(): boolean {
    return this.shard.isCongested;
  }

  drained(): Promise<void> {
    return this.answers.drained();
  }

  close(): Promise<void> {
    return this.shard.close();
  }
}
