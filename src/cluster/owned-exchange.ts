/**
 * The exchange of a shard that this process owns, as far as it knows: a member that stood still, or cannot be heard, may have been
 * replaced, and does not know it before its next append is refused.
 *
 * 1. What was appended is answered as it is: the append was the proof that nobody else had opened the log.
 * 2. What tells of the market and appended nothing (reads, refusals, commands that changed nothing) is answered only once the log itself
 *    has said, after the request came, that nobody has written to it beyond what is known here. So nobody is shown less than what any
 *    member had answered before.
 * 3. Where the log does not say so in time, the answer is SHARD_UNAVAILABLE.
 */
import { type Answer, refuse } from '../exchange/commands.js';
import { type ExchangePort, ShardUnavailableError } from '../exchange/port.js';
import { messageOf } from '../log/message-of.js';
import { withDeadline } from '../resilience/deadline.js';
import { within } from '../resilience/within.js';
import type { LocalExchange } from './shard-slot.js';

/** How long the log is waited for. */
const CONFIRM_MS = 2_000;
/** How long, after that, what the log holds and nobody here has heard of yet may still turn out to be of this process. */
const HEARD_MS = 1_000;

export class OwnedExchange implements LocalExchange {
  constructor(
    private readonly exchange: LocalExchange,
    /** How far the log is durable, whoever wrote it; it must not be further by any answer that was given before the call. */
    private readonly headOf: () => Promise<number>,
  ) {}

  get log(): LocalExchange['log'] {
    return this.exchange.log;
  }

  get congested(): boolean {
    return this.exchange.congested;
  }

  readonly post: ExchangePort['post'] = (command) => this.appended(this.exchange.post(command));
  readonly withdraw: ExchangePort['withdraw'] = (command) => this.appended(this.exchange.withdraw(command));
  readonly reduce: ExchangePort['reduce'] = (command) => this.appended(this.exchange.reduce(command));
  readonly replace: ExchangePort['replace'] = (command) => this.appended(this.exchange.replace(command));
  readonly uncross: ExchangePort['uncross'] = (command) => this.appended(this.exchange.uncross(command));

  // These may find that there is nothing to change.
  readonly withdrawAll: ExchangePort['withdrawAll'] = (command) => this.confirmed(this.exchange.withdrawAll(command));
  readonly list: ExchangePort['list'] = (command) => this.confirmed(this.exchange.list(command));
  readonly changePhase: ExchangePort['changePhase'] = (command) => this.confirmed(this.exchange.changePhase(command));
  readonly setSwitch: ExchangePort['setSwitch'] = (command) => this.confirmed(this.exchange.setSwitch(command));
  readonly setLimits: ExchangePort['setLimits'] = (command) => this.confirmed(this.exchange.setLimits(command));

  readonly instruments: ExchangePort['instruments'] = (page) => this.read(this.exchange.instruments(page));
  readonly instrument: ExchangePort['instrument'] = (symbol) => this.read(this.exchange.instrument(symbol));
  readonly book: ExchangePort['book'] = (symbol, depth) => this.read(this.exchange.book(symbol, depth));

  readonly postAll: ExchangePort['postAll'] = async (commands) => {
    const answers = await this.exchange.postAll(commands);
    if (answers.every(isSure)) return answers;
    const why = await this.whyUnsure();
    return why === undefined ? answers : answers.map((answer) => (isSure(answer) ? answer : unsure(why)));
  };

  shards(): ReturnType<ExchangePort['shards']> {
    return this.exchange.shards();
  }

  drained(): Promise<void> {
    return this.exchange.drained();
  }

  close(): Promise<void> {
    return this.exchange.close();
  }

  private async appended<Value>(answering: Promise<Answer<Value>>): Promise<Answer<Value>> {
    const answer = await answering;
    return isSure(answer) ? answer : this.confirmed(Promise.resolve(answer));
  }

  private async confirmed<Value>(answering: Promise<Answer<Value>>): Promise<Answer<Value>> {
    const answer = await answering;
    if (!answer.ok && answer.code === 'SHARD_UNAVAILABLE') return answer;
    const why = await this.whyUnsure();
    return why === undefined ? answer : unsure(why);
  }

  private async read<View>(reading: Promise<View>): Promise<View> {
    const view = await reading;
    const why = await this.whyUnsure();
    if (why !== undefined) throw new ShardUnavailableError(why);
    return view;
  }

  /** Why somebody else may have the shard by now; undefined where the log has been written by nobody else. */
  private async whyUnsure(): Promise<string | undefined> {
    try {
      const head = await within(this.headOf(), CONFIRM_MS, 'asking the log for its head');
      if (await this.reaches(head)) return undefined;
      return `the log goes on beyond position ${this.log.durable}: another member may have the shard`;
    } catch (error) {
      return `whether another member has the shard is unknown: ${messageOf(error)}`;
    }
  }

  /** Whether all before a position has been written here; a commit may be known to the log a moment before it is known here. */
  private async reaches(head: number): Promise<boolean> {
    const { log } = this;
    if (log.durable >= head) return true;
    const recorded = this.exchange.shards().at(0)?.head ?? 0;
    if (recorded < head) return false;
    let end = (): void => undefined;
    const reached = new Promise<boolean>((resolve) => {
      end = log.onDurable((durable) => {
        if (durable >= head) resolve(true);
      });
    });
    try {
      return await withDeadline(reached, HEARD_MS, () => false);
    } finally {
      end();
    }
  }
}

/** Whether it is the proof of its own: an acknowledgement was appended, and what is unavailable tells of nothing. */
function isSure(answer: Answer<unknown>): boolean {
  return answer.ok || answer.code === 'SHARD_UNAVAILABLE';
}

function unsure(why: string): ReturnType<typeof refuse> {
  return refuse('SHARD_UNAVAILABLE', why);
}
