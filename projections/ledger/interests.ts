import { grown } from '../growing.js';
import { ordinalOf } from '../../src/domain/ids.js';
import { Side } from '../../src/domain/terms.js';

const FIRST_CAPACITY = 1024;

/** Who is to buy or sell what. */
export interface Interest {
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: number;
}

/** Who is behind each intention of a shard, and on which side, permanently: eight bytes an intention, found by the number that it has within its shard. */
export class Interests {
  private participants = new Uint32Array(FIRST_CAPACITY);
  /** Twice the instrument's number, and 1 for a seller. */
  private instruments = new Uint32Array(FIRST_CAPACITY);
  private count = 0;

  /** Intentions come in the order of their ids; one far out of order is left out. */
  add({ intentionId, participantId, instrumentId, side }: Interest & { readonly intentionId: number }): void {
    const ordinal = ordinalOf(intentionId);
    this.count++;
    if (ordinal >= this.participants.length) {
      if (ordinal > 2 * this.count + FIRST_CAPACITY) return;
      this.participants = grown(this.participants, ordinal);
      this.instruments = grown(this.instruments, ordinal);
    }
    this.participants[ordinal] = participantId;
    this.instruments[ordinal] = 2 * instrumentId + (side === Side.Buy ? 0 : 1);
  }

  get(intentionId: number): Interest | undefined {
    const ordinal = ordinalOf(intentionId);
    const participantId = this.participants[ordinal] ?? 0;
    const instrument = this.instruments[ordinal] ?? 0;
    if (participantId === 0) return undefined;
    return { participantId, instrumentId: instrument >>> 1, side: instrument % 2 === 0 ? Side.Buy : Side.Sell };
  }
}
