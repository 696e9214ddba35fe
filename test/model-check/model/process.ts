/**
 * One run of a shard’s process, from its start on a log: the real shard, with its real recovery, negotiators, committer and messages.
 * Only the log's medium, the clock and the network are stood in for, and the explorer decides what they do.
 *
 * A run is the sequence of inputs that the process received since it started. It is repeated to find out how it goes on: turns are deterministic,
 * so it gives the same again.
 */
import { Index } from '../../../src/domain/ids.js';
import { setImmediate as nextRound } from 'node:timers/promises';
import type { DealDecision, ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import type { Timer } from '../../../src/domain/negotiators/timers.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import type { Event } from '../../../src/events/event.js';
import { MarketFold, emptyState } from '../../../src/exchange/recovery/market-fold.js';
import { openShard } from '../../../src/exchange/recovery/recovery.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import { stateDigest } from '../../../src/exchange/recovery/state-digest.js';
import { foldBatch } from '../../../src/events/fold.js';
import { type AppendOutcome, HEADROOM_BYTES } from '../../../src/log/port.js';
import { isCovered } from '../../../projections/audit/checks/predicates.js';
import { limitPost } from '../../support/reference/limit-post.js';
import type { MemoryLog } from '../../support/log/memory-log.js';
import { logHolding, protocolEvents } from './event-log.js';
import { HeldLog } from './held-log.js';
import { OPENING_MS, type Posting } from './model.js';

/** The inputs of a process. */
export type Input =
  | { readonly kind: 'message'; readonly message: ShardMessage }
  /** The log of the initiator's shard has been read. */
  | { readonly kind: 'ledger'; readonly deal: string; readonly decision: DealDecision | undefined }
  /** The next timer falls due. */
  | { readonly kind: 'deadline' }
  /** The open batch is appended: it is, or the log says otherwise. */
  | { readonly kind: 'commit'; readonly outcome: AppendOutcome }
  | { readonly kind: 'post'; readonly posting: Posting };

/** What can be seen of it after its last input. */
export interface Seen {
  /** Recorded, not yet durable. */
  readonly pending: readonly Event[];
  /** Whether a commit would have anything to append, be it bookkeeping. */
  readonly isDirty: boolean;
  readonly hasStarted: boolean;
  readonly hasStopped: boolean;
  /** Messages that have left in answer to the last input. */
  readonly messages: readonly ShardMessage[];
  /** Deals about which it waits for another shard's log to be read. */
  readonly lookUps: readonly string[];
  /** Deadlines that still mean something, in their order. */
  readonly timers: readonly string[];
  /** Lots reserved, over all its negotiators. */
  readonly reservedLots: number;
  readonly openDeals: number;
  /** What is wrong with it, taken by itself. */
  readonly findings: readonly string[];
}

export async function runProcess(
  shard: number,
  log: readonly Event[],
  inputs: readonly Input[],
  fusesHandshakes = true,
): Promise<Seen> {
  try {
    const run = await ProcessRun.begin(await logHolding(shard, log), fusesHandshakes);
    for (const input of inputs) await run.take(input);
    return await run.look();
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}

/** A process that broke, or wrote what nobody can read. */
function broken(why: string): Seen {
  const nothing = { pending: [], messages: [], lookUps: [], timers: [], reservedLots: 0, openDeals: 0 };
  return { ...nothing, isDirty: false, hasStarted: true, hasStopped: true, findings: [`it breaks: ${why}`] };
}

class ProcessRun {
  private nowMs = OPENING_MS;
  private soon: (() => void)[] = [];
  /** Of which a shard has one at most. */
  private timers: (() => void)[] = [];
  private messages: ShardMessage[] = [];
  private readonly lookUps = new Map<string, (decision: DealDecision | undefined) => void>();
  private shard: Shard | undefined;
  private failure: Error | undefined;

  private constructor(private readonly log: HeldLog) {}

  static async begin(medium: MemoryLog, fusesHandshakes: boolean): Promise<ProcessRun> {
    const run = new ProcessRun(new HeldLog(medium));
    openShard(run.log, {
      fusesHandshakes,
      clock: () => run.nowMs,
      scheduler: {
        soon: (task) => {
          run.soon.push(task);
        },
        after: (_delayMs, task) => {
          run.timers.push(task);
          return () => {
            run.timers = run.timers.filter((one) => one !== task);
          };
        },
      },
      peers: {
        send: (message) => {
          run.messages.push(message);
        },
        decisionOf: (initiatorId, dealNumber) =>
          new Promise((resolve) => {
            run.lookUps.set(`${initiatorId}-${dealNumber}`, resolve);
          }),
      },
    }).then(
      (shard) => {
        run.shard = shard;
      },
      (error: unknown) => {
        run.failure = error instanceof Error ? error : new Error(String(error));
      },
    );
    await run.settle();
    return run;
  }

  async take(input: Input): Promise<void> {
    this.messages = [];
    const { nowMs } = this;
    switch (input.kind) {
      case 'message':
        this.shard?.receive(input.message);
        break;
      case 'ledger':
        this.lookUps.get(input.deal)?.(input.decision);
        this.lookUps.delete(input.deal);
        break;
      case 'deadline':
        this.fire();
        break;
      case 'commit':
        await this.commit(input.outcome);
        break;
      case 'post':
        this.post(input.posting);
    }
    await this.settle();
    this.nowMs = nowMs + 1; // after a deadline clocks are as they were: the others' timers are no nearer
  }

  private fire(): void {
    const timer = this.timers.pop();
    if (timer === undefined || this.shard === undefined) throw new Error('no timer runs');
    // The deadline timer looks at the clock before it fires what is due, and finds that its time has come.
    this.nowMs = Math.max(this.nowMs, this.shard.market.timers.nextMs);
    timer();
  }

  private async commit(outcome: AppendOutcome): Promise<void> {
    if (outcome === 'fenced') await this.log.fence();
    this.log.release(outcome);
    await this.settle();
    const tasks = this.soon;
    this.soon = [];
    for (const task of tasks) task();
  }

  private post({ id, participant, side, priceTicks, lots }: Posting): void {
    const { shard } = this;
    if (shard === undefined) throw new Error('it has not started');
    const terms = limitPost({ clientIntentionId: `c-${id}`, participant, side, priceTicks, quantityLots: lots });
    shard.posts.post(terms, shard.clock.nowMs());
    shard.commitSoon();
  }

  /** Lets everything run that is under way. While it starts, its first batch is closed at once, and held. */
  private async settle(): Promise<void> {
    await nextRound();
    if (this.shard !== undefined || this.soon.length === 0) return;
    const tasks = this.soon;
    this.soon = [];
    for (const task of tasks) task();
    await nextRound();
  }

  async look(): Promise<Seen> {
    const { shard, log } = this;
    const open = shard?.turns.recorder.journal;
    const pending =
      open instanceof EventEncoder ? protocolEvents(open.bytes, HEADROOM_BYTES, open.at) : log.heldEvents();
    const market = shard?.market;
    const isDirty = log.isHolding || (open instanceof EventEncoder && open.count > 0);
    let reservedLots = 0;
    market?.negotiators.forEachRow((row) => {
      reservedLots += market.negotiators.reservedLots(row);
    });
    return {
      pending,
      isDirty,
      hasStarted: shard !== undefined,
      hasStopped: shard?.admission.isStopped ?? this.failure !== undefined,
      messages: this.messages,
      lookUps: [...this.lookUps.keys()].sort(),
      timers: shard === undefined ? [] : this.meaningfulTimers(shard),
      reservedLots,
      openDeals: market?.deals.size ?? 0,
      findings: await this.findings(),
    };
  }

  private meaningfulTimers({ market }: Shard): string[] {
    const isMeant = ({ kind, intentionId, initiatorId, dealNumber, participantId = 0 }: Timer): boolean => {
      if (kind === 'switch') return market.switches.get(participantId) !== undefined;
      const index = market.deals.find(initiatorId, dealNumber);
      if (index === Index.None || kind === 'expiry') return false;
      const deal = market.deals.at(index);
      return kind === 'initiatorDeadline'
        ? deal.initiatorRow !== Index.None
        : deal.responderId === intentionId && deal.responderRow !== Index.None;
    };
    const timers = market.timers.entries().filter(isMeant);
    return [...timers]
      .sort((one, other) => one.dueMs - other.dueMs)
      .map(({ kind, initiatorId, dealNumber }) =>
        kind === 'switch' ? 'the switch' : `${kind} ${initiatorId}-${dealNumber}`,
      );
  }

  /** I1, and I7: what it knows is what its log and its open batch say. */
  private async findings(): Promise<string[]> {
    const { shard } = this;
    if (this.failure !== undefined && !this.log.isRefusing) return [`it cannot start: ${this.failure.message}`];
    if (shard === undefined || shard.admission.isStopped) return [];
    const findings: string[] = [];
    const { market } = shard;
    market.negotiators.forEachRow((row) => {
      const holding = market.negotiators.describe(row);
      const { intentionId, quantityLots, filledLots, reservedLots } = holding;
      if (isCovered(holding)) return;
      findings.push(
        `I1: intention ${intentionId} has ${filledLots} filled and ${reservedLots} reserved of ${quantityLots} lots`,
      );
    });
    const digest = stateDigest(market);
    if (digest !== (await this.replayed(shard))) findings.push('I7: a replay of its log gives another state');
    return findings;
  }

  private async replayed(shard: Shard): Promise<string> {
    const state = emptyState(1);
    state.market.shard = this.log.shard;
    const fold = new MarketFold(state);
    for await (const batch of this.log.read(0)) foldBatch(batch, fold);
    const open = shard.turns.recorder.journal;
    if (open instanceof EventEncoder && open.count > 0) {
      const bytes = open.bytes.subarray(HEADROOM_BYTES, open.at);
      foldBatch({ firstPosition: fold.position + 1, count: open.count, bytes }, fold);
    }
    return stateDigest(state.market);
  }
}
