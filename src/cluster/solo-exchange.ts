import { type Answer, refuse, type Refusal, type ShardStatus } from '../exchange/commands.js';
import type { Logger } from '../resilience/logger.js';
import { type ExchangePort, ShardUnavailableError } from '../exchange/port.js';
import { nodeScheduler, type Scheduler } from '../exchange/shard/scheduler.js';
import { withDeadline } from '../resilience/deadline.js';
import { type LocalExchange, ShardSlot, type ShardSlotOptions } from './shard-slot.js';

export interface SoloExchangeOptions extends Pick<ShardSlotOptions, 'openShard' | 'isFinal'> {
  readonly shard: number;
  readonly logger: Logger;
  /** Called once, when the shard has stopped permanently. */
  readonly onFinal?: (reason: string) => void;
  readonly scheduler?: Scheduler;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;
const CLOSE_MS = 5_000;
const monotonic = (): number => performance.now();

/**
 * The exchange of a process that stands alone: one shard. It can be asked from the beginning, and refuses until it has been opened.
 *
 * 1. When its log fails, the shard is opened again, later each time: it claims, reads whether its last batch is in the log, settles, serves.
 * 2. What cannot get better (a log that is damaged, lost or refused, or that another process has opened) is reported once and stays.
 * 3. What fails at the first opening ends it: there is nothing yet that somebody relies on.
 */
export class SoloExchange implements ExchangePort {
  private slot: ShardSlot | undefined;
  private before: ShardStatus | undefined;
  private settleOpening: (failure: Error | undefined) => void = () => undefined;
  private isClosing = false;
  private gone: () => void = () => undefined;

  constructor(private readonly options: SoloExchangeOptions) {}

  /** Opens the shard. Resolves once it serves; rejects with why it does not, and then it never will. */
  open(): Promise<void> {
    const { shard, openShard, isFinal, logger, scheduler = nodeScheduler, now = monotonic } = this.options;
    return new Promise((resolve, reject) => {
      this.settleOpening = (failure) => (failure === undefined ? resolve() : reject(failure));
      const options: ShardSlotOptions = {
        ...{ openShard, isFinal, logger, scheduler, now, clock: Date.now },
        ...{ random: Math.random, firstRetryMs: FIRST_RETRY_MS, lastRetryMs: LAST_RETRY_MS, closeMs: CLOSE_MS },
      };
      this.slot = new ShardSlot(shard, options, undefined, (slot) => this.changed(slot));
    });
  }

  /** Whether it is closing: an opening under way is then given up. */
  isEnding(): boolean {
    return this.isClosing;
  }

  private changed(slot: ShardSlot): void {
    this.before = slot.exchange?.shards()[0] ?? this.before;
    const isFirst = slot.openings === 0;
    if (slot.state === 'serving') this.settleOpening(undefined);
    if (slot.state === 'gone') this.gone();
    if (slot.state === 'stopped' && isFirst) this.settleOpening(slot.failure ?? new Error(slot.reason));
    if (this.isClosing || isFirst) return;
    if (slot.wasFenced && slot.state === 'gone') this.options.onFinal?.('another process has opened its log');
    else if (slot.state === 'stopped' && slot.isFinal) this.options.onFinal?.(slot.reason ?? 'stopped');
    else slot.reopenIfDue();
  }

  private get exchange(): LocalExchange | undefined {
    return this.slot?.exchange;
  }

  private get refusal(): Refusal {
    return refuse('SHARD_UNAVAILABLE', `the shard is ${this.state}${this.reason === '' ? '' : `: ${this.reason}`}`);
  }

  private get state(): ShardStatus['state'] {
    const state = this.slot?.state ?? 'opening';
    return state === 'opening' || state === 'serving' ? 'recovering' : 'stopped';
  }

  private get reason(): string {
    const { slot } = this;
    if (slot === undefined || slot.openings === 0) return 'its log is being opened';
    if (slot.wasFenced) return 'another process has opened its log';
    return slot.reason ?? '';
  }

  private by<Value>(ask: (exchange: LocalExchange) => Promise<Answer<Value>>): Promise<Answer<Value>> {
    const { exchange } = this;
    return exchange === undefined ? Promise.resolve(this.refusal) : ask(exchange);
  }

  private read<Value>(ask: (exchange: LocalExchange) => Promise<Value>): Promise<Value> {
    const { exchange } = this;
    return exchange === undefined ? Promise.reject(new ShardUnavailableError(this.refusal.detail)) : ask(exchange);
  }

  readonly postAll: ExchangePort['postAll'] = (commands) => {
    const { exchange } = this;
    return exchange === undefined ? Promise.resolve(commands.map(() => this.refusal)) : exchange.postAll(commands);
  };
  readonly post: ExchangePort['post'] = (command) => this.by((exchange) => exchange.post(command));
  readonly withdraw: ExchangePort['withdraw'] = (command) => this.by((exchange) => exchange.withdraw(command));
  readonly reduce: ExchangePort['reduce'] = (command) => this.by((exchange) => exchange.reduce(command));
  readonly replace: ExchangePort['replace'] = (command) => this.by((exchange) => exchange.replace(command));
  readonly withdrawAll: ExchangePort['withdrawAll'] = (command) => this.by((exchange) => exchange.withdrawAll(command));
  readonly list: ExchangePort['list'] = (command) => this.by((exchange) => exchange.list(command));
  readonly changePhase: ExchangePort['changePhase'] = (command) => this.by((exchange) => exchange.changePhase(command));
  readonly uncross: ExchangePort['uncross'] = (command) => this.by((exchange) => exchange.uncross(command));
  readonly setSwitch: ExchangePort['setSwitch'] = (command) => this.by((exchange) => exchange.setSwitch(command));
  readonly setLimits: ExchangePort['setLimits'] = (command) => this.by((exchange) => exchange.setLimits(command));
  readonly instruments: ExchangePort['instruments'] = (page) => this.read((exchange) => exchange.instruments(page));
  readonly instrument: ExchangePort['instrument'] = (symbol) => this.read((exchange) => exchange.instrument(symbol));
  readonly book: ExchangePort['book'] = (symbol, depth) => this.read((exchange) => exchange.book(symbol, depth));

  shards(): readonly ShardStatus[] {
    const openings = this.slot?.openings ?? 0;
    const [status] = this.exchange?.shards() ?? [];
    if (status !== undefined) return [{ ...status, openings }];
    const { before = { ...unopened, shard: this.options.shard }, state, reason } = this;
    return [{ ...before, state, openings, ...(reason === '' ? {} : { reason }) }];
  }

  get congested(): boolean {
    return this.exchange?.congested ?? false;
  }

  drained(): Promise<void> {
    return this.exchange?.drained() ?? Promise.resolve();
  }

  /** Commits what is open, then closes the log; what is being opened is waited for, but not for long. */
  close(): Promise<void> {
    this.isClosing = true;
    const { slot } = this;
    if (slot === undefined || slot.state === 'gone') return Promise.resolve();
    const gone = new Promise<void>((resolve) => (this.gone = resolve));
    slot.release(true);
    return withDeadline(gone, CLOSE_MS, () => undefined, this.options.scheduler ?? nodeScheduler);
  }
}

/** How a shard stands that has never been opened here. */
export const unopened: Omit<ShardStatus, 'shard'> = {
  ...{ epoch: 0, state: 'recovering', head: 0, durable: 0, openIntentions: 0, intentions: 0, deals: 0 },
  ...{ commits: 0, commitMs: 0, bytesCommitted: 0, rebuilt: 0, parked: 0, openings: 0, aheadOfClockMs: 0 },
};
