import { crc32 } from 'node:zlib';
import type { BookDiff, BookSnapshot } from '../../../../projections/streams/messages.js';
import type { BookLevel, BookView } from '../../../../projections/book/views.js';

type Sided = 'bids' | 'asks';

/** A book as a program keeps it that is told of it by a stream: by the recipe of docs/concepts/streams.md, and nothing else. */
export class ReplayedBook {
  position: number;
  checksum: number;
  private phase: BookSnapshot['phase'];
  private readonly instrument: string;
  private readonly levels: Record<Sided, Map<string, BookLevel>> = { bids: new Map(), asks: new Map() };

  constructor({ position, checksum, phase, instrument, bids, asks }: BookSnapshot) {
    this.position = position;
    this.checksum = checksum;
    this.phase = phase;
    this.instrument = instrument;
    this.put('bids', bids);
    this.put('asks', asks);
    this.mustMatch();
  }

  take({ from, position, phase = this.phase, bids, asks, checksum }: BookDiff): void {
    if (from !== this.position) throw new Error(`a gap: ${from} after ${this.position}`);
    this.position = position;
    this.phase = phase;
    this.checksum = checksum;
    this.put('bids', bids);
    this.put('asks', asks);
    this.mustMatch();
  }

  view(): BookView {
    const { instrument, phase, position } = this;
    return { instrument, phase, position, bids: this.sorted('bids'), asks: this.sorted('asks') };
  }

  private put(side: Sided, levels: readonly BookLevel[]): void {
    for (const level of levels) {
      const before = this.levels[side].get(level.price) ?? { quantity: '0', intentions: 0 };
      if (before.quantity === level.quantity && before.intentions === level.intentions)
        throw new Error(`${level.price} is told though nothing has changed`);
      if (level.quantity === '0') this.levels[side].delete(level.price);
      else this.levels[side].set(level.price, level);
    }
  }

  private sorted(side: Sided): BookLevel[] {
    const sign = side === 'bids' ? -1 : 1;
    return [...this.levels[side].values()].sort((one, other) => sign * (Number(one.price) - Number(other.price)));
  }

  private mustMatch(): void {
    const best = [...this.sorted('bids').slice(0, 10), ...this.sorted('asks').slice(0, 10)];
    const found = crc32(best.map(({ price, quantity }) => `${price}:${quantity}`).join('|'));
    if (found !== this.checksum) throw new Error(`the checksum is ${found}, not ${this.checksum}`);
  }
}
