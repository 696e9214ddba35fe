import type { WholeHandshake } from '../../../src/domain/journal.generated.js';
import { Engine } from '../../../src/domain/engine.js';
import type { RemoteShards } from '../../../src/domain/handshake/remote-shards.js';
import type { TurnDeal } from '../../../src/domain/handshake/turn-outcome.js';
import { Market } from '../../../src/domain/market.js';
import { fire } from '../../../src/domain/negotiators/due-timers.js';
import { Message } from '../../../src/domain/negotiators/mailbox.js';
import { Recorder } from '../../../src/domain/recorder.js';
import { Turns } from '../../../src/domain/turns.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { stateDigest } from '../../../src/exchange/recovery/state-digest.js';
import { DeadlineTimer } from '../../../src/exchange/shard/deadline-timer.js';
import { ShardClock } from '../../../src/exchange/shard/shard-clock.js';
import { OPENING_MS } from '../reference/exchange-harness.js';

/** What leaves a shard for another one. */
export type Sent = Readonly<Message> | { readonly lookUp: readonly number[] };

/** What can be seen of an engine after a command. */
interface Seen {
  readonly position: number;
  readonly outcome: {
    readonly intentionId: number;
    readonly closedReason: number;
    readonly deals: readonly TurnDeal[];
  };
  readonly openIntentions: number;
  readonly timers: number;
}

const deadlines = { initiatorDeadlineMs: 40, responderDeadlineMs: 90, lookEachMs: Number.POSITIVE_INFINITY };
const nobodyWakes = { soon: () => undefined, after: () => () => undefined };

class CountingEncoder extends EventEncoder {
  fused = 0;

  override wholeHandshake(record: WholeHandshake): void {
    this.fused++;
    super.wholeHandshake(record);
  }
}

/** An engine with all that a shard puts around its turns, but for the log, and for time, which stands still until it is moved. */
export class EngineTwin {
  readonly market = new Market();
  private readonly journal = new CountingEncoder(1 << 10);
  readonly recorder = new Recorder(this.market, this.journal, 0);
  readonly turns: Turns;
  readonly engine: Engine;
  /** Since the last command. */
  sent: Sent[] = [];
  nowMs = OPENING_MS;
  private comparedTo = 0;
  private readonly deadlineTimer: DeadlineTimer;

  constructor(fusesHandshakes: boolean) {
    const remote: RemoteShards = {
      send: (message) => this.sent.push(Object.assign(new Message(), message)),
      lookUp: (...lookUp) => this.sent.push({ lookUp }),
    };
    this.turns = new Turns(this.recorder, remote, fusesHandshakes);
    this.engine = new Engine(this.turns);
    const clock = new ShardClock(this.market, () => this.nowMs);
    this.deadlineTimer = new DeadlineTimer(
      this.market,
      clock,
      { ...deadlines, scheduler: nobodyWakes },
      () => undefined,
    );
  }

  /** Does what is due, then the command, each with all its turns. Returns what it came to, or why it failed. */
  take(command: (twin: EngineTwin, atMs: number) => unknown): unknown {
    this.sent = [];
    try {
      const atMs = Math.max(this.market.nowMs, this.nowMs);
      for (let timer = this.market.timers.takeDue(atMs); timer; timer = this.market.timers.takeDue(atMs)) {
        fire(this.turns, timer, atMs);
        this.run();
      }
      const result = command(this, atMs);
      this.run();
      return result;
    } catch (error) {
      return error instanceof Error ? `failed: ${error.message}` : error;
    }
  }

  private run(): void {
    this.turns.run();
    if (this.market.deals.size > 0) this.deadlineTimer.setDeadlines(Math.max(this.market.nowMs, this.nowMs));
  }

  /** How many handshakes were fused. */
  get fused(): number {
    return this.journal.fused;
  }

  /** The canonical bytes of what has been recorded since this was asked last. */
  newBytes(): Uint8Array {
    const bytes = this.journal.bytes.subarray(this.comparedTo, this.journal.at);
    this.comparedTo = this.journal.at;
    return bytes;
  }

  /** The rows of all negotiators as they lie in memory, those that are free too. */
  rows(): Uint8Array {
    const { words } = this.market.negotiators.dump();
    return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  }

  seen(): Seen {
    const { position, outcome } = this.recorder;
    const { intentionId, closedReason, kept } = outcome;
    return {
      position,
      outcome: { intentionId, closedReason, deals: Array.from({ length: kept }, (_, index) => outcome.deal(index)) },
      openIntentions: this.market.negotiators.size,
      timers: this.market.timers.size,
    };
  }

  /** Of all the market knows, what falls due too. */
  digest(): string {
    const { exposures, timers, deals } = this.market;
    const places = deals.dump().flatMap((deal, place) => (deal === undefined ? [] : [[place, deal.initiatorId]]));
    return `${stateDigest(this.market)} ${JSON.stringify([exposures.holdings(), timers.entries(), places])}`;
  }
}
