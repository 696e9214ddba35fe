import { ByteCursor } from '../../../src/events/bytes.js';
import {
  parseInstrument,
  parsePrice,
  parseQuantity,
  formatPrice,
  formatQuantity,
} from '../../../src/domain/instrument.js';
import type { InstrumentTerms } from '../../../src/domain/instrument.js';
import type { Market } from '../../../src/domain/market.js';
import { decodeEvent, type Event, type RecordedEvent, streamOf } from '../../../src/events/event.js';
import type { Answer, AnswerWhen, BookLevel } from '../../../src/exchange/commands.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import type { OpenOptions } from '../../../src/exchange/recovery/recovery.js';
import type { Logger } from '../../../src/resilience/logger.js';
import { openShard } from '../../../src/exchange/recovery/recovery.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import type { ShardLog } from '../../../src/log/port.js';
import { MemoryLog } from '../log/memory-log.js';
import type { Book, Deal, Level, Listing, Step, StepResult } from './steps.js';

export const OPENING_MS = 1_700_000_000_000;

export const acme: Listing = {
  symbol: 'ACME',
  tickSize: '0.05',
  lotSize: '10',
  minTicks: 1,
  maxTicks: 1_000,
  priceRule: 'standing',
  selfTrade: 'allow',
};

/** A line that the shard wrote for its operator. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the exchange answered, and what that says in ticks and lots. */
export interface Asked {
  readonly answer: Answer<object>;
  readonly result: StepResult;
}

/** Keeps the events that it receives. */
export class Listener implements Logger {
  readonly said: Said[] = [];
  info(fields: object, message: string): void {
    this.keep('info', fields, message);
  }
  warn(fields: object, message: string): void {
    this.keep('warn', fields, message);
  }
  error(fields: object, message: string): void {
    this.keep('error', fields, message);
  }
  private keep(level: Said['level'], fields: object, message: string): void {
    this.said.push({ level, message, fields: { ...fields } });
  }
}

/**
 * The real exchange, opened on a log, played from the steps that the reference is played from. Its clock stands still until it is
 * moved.
 */
export class ExchangeHarness {
  private constructor(
    readonly exchange: Exchange,
    readonly shard: Shard,
    readonly log: ShardLog,
    private readonly clock: { nowMs: number },
    readonly listener: Listener,
  ) {}

  static async open(
    log: ShardLog = new MemoryLog(),
    options: OpenOptions & { nowMs?: number } = {},
  ): Promise<ExchangeHarness> {
    const clock = { nowMs: options.nowMs ?? OPENING_MS };
    const listener = new Listener();
    const opening = { clock: () => clock.nowMs, logger: listener, ...options };
    const shard = await openShard(log, opening);
    return new ExchangeHarness(new Exchange(shard, opening), shard, log, clock, listener);
  }

  get market(): Market {
    return this.shard.market;
  }

  get nowMs(): number {
    return this.clock.nowMs;
  }

  advance(byMs: number): void {
    this.clock.nowMs += byMs;
  }

  /** Plays one step; unless `when` says otherwise, waits only until its turns have run. */
  async play(step: Step, when: AnswerWhen = 'recorded'): Promise<StepResult> {
    return (await this.ask(step, when)).result;
  }

  /** The same, and what the exchange answered in its own words. The command is given before this returns. */
  ask(step: Step, when: AnswerWhen): Promise<Asked> {
    switch (step.kind) {
      case 'post':
        return this.post(step, when);
      case 'withdraw':
      case 'reduce':
      case 'replace':
        return this.change(step, when);
      case 'list':
        return this.list(step.listing);
      case 'phase':
        return this.changePhase(step, when);
      case 'uncross':
        return this.uncross(step.instrument, when);
    }
  }

  private async changePhase(step: Extract<Step, { kind: 'phase' }>, when: AnswerWhen): Promise<Asked> {
    const answer = await this.exchange.changePhase(step, when);
    return { answer, result: answer.ok ? { done: true } : { refused: answer.code } };
  }

  private async post(step: Extract<Step, { kind: 'post' }>, when: AnswerWhen): Promise<Asked> {
    const terms = this.terms(step.instrument);
    const { clientId, participant, instrument, side, priceTicks, lots, timeInForce, postOnly, expiresAtMs } = step;
    const isMarket = priceTicks === undefined;
    const answer = await this.exchange.post(
      {
        clientIntentionId: clientId,
        participant,
        instrument,
        side,
        type: isMarket ? 'market' : 'limit',
        price: isMarket ? undefined : formatPrice(terms, priceTicks),
        quantity: formatQuantity(terms, lots),
        timeInForce,
        postOnly,
        expiresAt: expiresAtMs === 0 ? undefined : new Date(expiresAtMs).toISOString(),
      },
      when,
    );
    return { answer, result: answer.ok ? { posted: Number(answer.id) } : { refused: answer.code } };
  }

  private async change(
    step: Extract<Step, { kind: 'withdraw' | 'reduce' | 'replace' }>,
    when: AnswerWhen,
  ): Promise<Asked> {
    const clientCommandId = step.kind === 'withdraw' ? undefined : step.clientCommandId;
    const about = { id: String(step.id), participant: step.participant, clientCommandId };
    const terms = this.termsOf(step.id);
    const answer = await (step.kind === 'withdraw'
      ? this.exchange.withdraw(about, when)
      : step.kind === 'reduce'
        ? this.exchange.reduce({ ...about, by: formatQuantity(terms, step.byLots) }, when)
        : this.exchange.replace(
            {
              ...about,
              price: formatPrice(terms, step.priceTicks),
              quantity: formatQuantity(terms, step.openLots),
            },
            when,
          ));
    if (!answer.ok) return { answer, result: { refused: answer.code } };
    const status = answer.status === 'expired' ? 'withdrawn' : answer.status;
    const result = { status, openLots: lotsOf(terms, answer.open), filledLots: lotsOf(terms, answer.filled) };
    return { answer, result };
  }

  private async list(listing: Listing): Promise<Asked> {
    const { symbol, tickSize, lotSize, priceRule, selfTrade } = listing;
    const steps = parseInstrument({ symbol, tickSize, lotSize });
    if ('ok' in steps) return { answer: steps, result: { refused: steps.code } };
    const minPrice = formatPrice(steps, listing.minTicks);
    const maxPrice = formatPrice(steps, listing.maxTicks);
    const answer = await this.exchange.list({ symbol, tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade });
    return { answer, result: answer.ok ? { done: true } : { refused: answer.code } };
  }

  private async uncross(instrument: string, when: AnswerWhen): Promise<Asked> {
    const terms = this.terms(instrument);
    const answer = await this.exchange.uncross({ instrument }, when);
    if (!answer.ok) return { answer, result: { refused: answer.code } };
    const priceTicks = answer.price === undefined ? undefined : ticksOf(terms, answer.price);
    const volumeLots = answer.volume === formatQuantity(terms, 0) ? 0 : lotsOf(terms, answer.volume);
    return { answer, result: { volumeLots, priceTicks, deals: answer.deals } };
  }

  book(symbol: string): Book {
    const terms = this.terms(symbol);
    const view = this.exchange.recorded.book(symbol, 1_000);
    const level = ({ price, quantity, intentions }: BookLevel): Level => [
      ticksOf(terms, price),
      lotsOf(terms, quantity),
      intentions,
    ];
    return { bids: (view?.bids ?? []).map(level), asks: (view?.asks ?? []).map(level) };
  }

  private terms(symbol: string): InstrumentTerms {
    const instrument = this.market.instrumentBySymbol(symbol);
    if (instrument === undefined) throw new Error(`${symbol} is not listed`);
    return instrument;
  }

  /** Of the instrument that the intention is in; the first one where it is gone. */
  private termsOf(intentionId: number): InstrumentTerms {
    const { market } = this;
    const row = market.negotiators.rowOf(intentionId);
    return market.instrument(row === -1 ? 1 : market.negotiators.instrumentId(row));
  }

  /** Resolves when the shard takes commands again and all that it has recorded is durable. */
  async quiet(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.shard.submit(() => () => undefined, resolve);
    });
    await this.exchange.log.flushed();
  }

  /** Waits until all is durable, then closes. */
  async close(): Promise<void> {
    await this.exchange.close();
  }
}

function ticksOf(terms: InstrumentTerms, price: string): number {
  const ticks = parsePrice(terms, price);
  if (typeof ticks !== 'number') throw new Error(ticks.detail);
  return ticks;
}

/** The exchange says nought of an intention that is gone; nought is no quantity that anybody could post. */
function lotsOf(terms: InstrumentTerms, quantity: string): number {
  if (Number(quantity) === 0) return 0;
  const lots = parseQuantity(terms, quantity);
  if (typeof lots !== 'number') throw new Error(lots.detail);
  return lots;
}

/** Every event of a log, in order. */
export async function eventsIn(log: ShardLog, from = 0): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const { bytes, firstPosition, count } of log.read(from)) {
    const cursor = new ByteCursor(bytes);
    for (let position = firstPosition; position < firstPosition + count; position++) {
      const event = decodeEvent(cursor);
      if (position >= from) events.push({ position, stream: streamOf(event, log.shard), event });
    }
  }
  return events;
}

/** The deals that were decided for, in the order of the log. */
export function dealsIn(events: readonly RecordedEvent[]): Deal[] {
  return events.flatMap(({ event }) => (event.type === 'DealConfirmed' ? [dealOf(event)] : []));
}

function dealOf({
  initiatorId,
  responderId,
  priceTicks,
  quantityLots,
}: Extract<Event, { type: 'DealConfirmed' }>): Deal {
  return { initiatorId, responderId, priceTicks, lots: quantityLots };
}
