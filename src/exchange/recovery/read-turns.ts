import { ByteCursor } from '../../events/bytes.js';
import { type EventKey, skipEvent } from '../../events/codec.generated.js';
import type { EventBatch } from '../../events/fold.js';
import type { TurnOutcome } from '../../domain/handshake/turn-outcome.js';
import type { ShardLog } from '../../log/port.js';
import { TurnFold } from './turn-fold.js';

/** An intention whose turn is to be folded. */
export interface WantedTurn {
  readonly intentionId: number;
  /** Of its IntentionPosted, which is durable. */
  readonly position: number;
}

/** Those that stand further behind are looked up, not read up to. */
const FAR_EVENTS = 20_000;

/**
 * What several posts came to in their turns, read from the log; those near each other in one pass. `wanted` in the order of the log, each
 * once. Calls back for each in that order; the outcome is used again for the next. Throws what the log throws.
 */
export async function readTurns<Wanted extends WantedTurn>(
  log: Pick<ShardLog, 'read'>,
  wanted: readonly Wanted[],
  told: (wanted: Wanted, outcome: TurnOutcome) => void,
): Promise<void> {
  const reading = new Reading(wanted, told);
  for (let next = reading.next; next !== undefined; next = reading.next) {
    for await (const batch of log.read(next.position)) {
      if (reading.take(batch)) break;
    }
    reading.end(next);
  }
}

class Reading<Wanted extends WantedTurn> {
  private readonly fold = new TurnFold();
  private readonly key: EventKey = { stream: 'shard', first: 0, second: 0 };
  private index = 0;
  private isUnderWay = false;

  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly told: (wanted: Wanted, outcome: TurnOutcome) => void,
  ) {}

  /** Whose turn is read, or will be. */
  get next(): Wanted | undefined {
    return this.wanted[this.index];
  }

  /** Returns whether to read no further from here. */
  take({ bytes, firstPosition, count }: EventBatch): boolean {
    const cursor = new ByteCursor(bytes);
    const end = firstPosition + count;
    for (let position = firstPosition; position < end; position++) {
      if (this.next === undefined) return true;
      this.takeEvent(cursor, position);
    }
    return this.next === undefined || (!this.isUnderWay && this.next.position - end > FAR_EVENTS);
  }

  /** The log has no more: a turn that is under way ends with it. */
  end(begun: Wanted): void {
    if (this.isUnderWay) this.finish();
    if (this.next === begun) throw new Error(`position ${begun.position}: intention ${begun.intentionId} is not there`);
  }

  private takeEvent(cursor: ByteCursor, position: number): void {
    const start = cursor.at;
    this.fold.position = position;
    if (this.isUnderWay && !this.fold.take(cursor)) {
      this.finish();
      cursor.at = start; // it may be the first one of the next
    } else if (this.isUnderWay) {
      return;
    }
    if (this.next?.position !== position) {
      skipEvent(cursor, this.key);
      return;
    }
    this.isUnderWay = true;
    this.fold.begin(this.next.intentionId);
    if (!this.fold.take(cursor))
      throw new Error(`position ${position}: intention ${this.next.intentionId} is not there`);
  }

  private finish(): void {
    this.isUnderWay = false;
    if (this.next !== undefined) this.told(this.next, this.fold.outcome);
    this.index++;
  }
}
