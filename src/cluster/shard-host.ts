import type { ShardStatus } from '../exchange/commands.js';
import { withDeadline } from '../resilience/deadline.js';
import type { ShardReport } from './membership/registry.js';
import { type LocalExchange, type Predecessor, ShardSlot, type ShardSlotOptions } from './shard-slot.js';
import type { DesiredState } from './membership/reconciliation.js';

export interface ShardHostOptions extends ShardSlotOptions {
  /** After it was fenced, a shard is left alone so long: its new owner has reported it by then. */
  readonly fencedPauseMs: number;
  /** Called once for each shard that has stopped permanently, here and everywhere. */
  readonly onFinal: (shard: number, reason: string) => void;
  /** Called after every change of what it holds; it may be called in the middle of one, so it must not call back at once. */
  readonly onChange: () => void;
}

/**
 * The shards of this process.
 *
 * 1. At most one slot a shard, and so at most one writer a shard: a shard is not opened again before the slot it had is gone.
 * 2. It opens and closes as `reconcile` says, and reopens on its own what failed. A wrong decision costs time, never a deal: only
 *    the log's fencing decides whose appends count, and nothing is answered that was not appended.
 */
export class ShardHost {
  private readonly slots = new Map<number, ShardSlot>();
  private readonly pausedUntilMs = new Map<number, number>();
  /** Those that have been reported to have stopped permanently. */
  private readonly givenUp = new Set<number>();
  private whenEmpty = (): void => undefined;
  /** How many shards it took over from members that were gone. */
  takeOvers = 0;

  constructor(private readonly options: ShardHostOptions) {}

  /** Brings each shard towards its desired state. `predecessorOf`: whose it was, if that member is gone. */
  reconcile(desired: readonly DesiredState[], predecessorOf: (shard: number) => Predecessor | undefined): void {
    desired.forEach((state, shard) => {
      const slot = this.slots.get(shard);
      if (state === 'close') slot?.release(false);
      else if (state === 'give up') this.giveUp(slot);
      else if (state === 'open' && slot !== undefined) slot.reopenIfDue();
      else if (state === 'open' && !this.isPaused(shard)) this.open(shard, predecessorOf(shard));
    });
  }

  /** The exchange of a shard while it takes commands. */
  local(shard: number): LocalExchange | undefined {
    return this.slots.get(shard)?.exchange;
  }

  /** Those that take commands, by shard. */
  exchanges(): readonly LocalExchange[] {
    return this.inOrder().flatMap(({ exchange }) => (exchange === undefined ? [] : [exchange]));
  }

  statuses(): readonly ShardStatus[] {
    return this.inOrder().flatMap(({ exchange, openings }) =>
      (exchange?.shards() ?? []).map((status) => ({ ...status, openings })),
    );
  }

  /** What it holds, by shard. */
  reports(): readonly ShardReport[] {
    return this.inOrder().flatMap((slot) => slot.report() ?? []);
  }

  /** What does not serve, and why; undefined when all does that it holds, and another has what it has refused. */
  trouble(isElsewhere: (shard: number) => boolean): string | undefined {
    const slot = this.inOrder().find(
      ({ shard, state, isFinal }) => state !== 'serving' && !(isFinal && isElsewhere(shard)),
    );
    if (slot === undefined) return undefined;
    const why = slot.reason === undefined ? '' : `: ${slot.reason}`;
    return `shard ${slot.shard} is ${slot.state}${why}`;
  }

  /** Closes all in order. Resolves when all are closed, or after `closeMs`; to how many were not. */
  async closeAll(): Promise<number> {
    const { closeMs, scheduler } = this.options;
    const empty = new Promise<void>((resolve) => (this.whenEmpty = resolve));
    for (const slot of [...this.slots.values()]) slot.release(true);
    if (this.slots.size === 0) this.whenEmpty();
    await withDeadline(empty, closeMs, () => undefined, scheduler);
    return this.slots.size;
  }

  private open(shard: number, predecessor: Predecessor | undefined): void {
    this.pausedUntilMs.delete(shard);
    const slot = new ShardSlot(shard, this.options, predecessor, (changed) => this.onSlotChanged(changed, predecessor));
    this.slots.set(shard, slot);
    this.options.onChange();
  }

  private onSlotChanged(slot: ShardSlot, predecessor: Predecessor | undefined): void {
    if (slot.state === 'serving' && predecessor !== undefined) this.takeOvers++;
    if (slot.wasFenced) this.pausedUntilMs.set(slot.shard, this.options.now() + this.options.fencedPauseMs);
    if (slot.state === 'gone') this.slots.delete(slot.shard);
    if (this.slots.size === 0) this.whenEmpty();
    this.options.onChange();
  }

  private giveUp(slot: ShardSlot | undefined): void {
    if (slot === undefined || this.givenUp.has(slot.shard)) return;
    this.givenUp.add(slot.shard);
    this.options.onFinal(slot.shard, slot.reason ?? 'stopped');
  }

  private isPaused(shard: number): boolean {
    return (this.pausedUntilMs.get(shard) ?? 0) > this.options.now();
  }

  private inOrder(): readonly ShardSlot[] {
    return [...this.slots.values()].sort((a, b) => a.shard - b.shard);
  }
}
