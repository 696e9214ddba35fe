/**
 * Places where frames begin, about one in each 256 KiB of each segment, learnt as the log is read and written, so that reading from
 * a late position need not walk a whole segment. Only places that count for the log are noted, and those never change.
 */
import type { Place } from './segment-reader.js';

export const SPACING_BYTES = 1 << 18;

export class SparseIndex {
  private readonly byFile = new Map<string, Place[]>();

  note(file: string, byte: number, frame: number, position: number): void {
    let places = this.byFile.get(file);
    if (places === undefined) this.byFile.set(file, (places = []));
    const bucket = Math.floor(byte / SPACING_BYTES);
    places[bucket] ??= { byte, frame, position };
  }

  /** The last place known that is at or before the position. */
  before(file: string, position: number): Place | undefined {
    const places = this.byFile.get(file) ?? [];
    return places.findLast((place: Place | undefined) => place !== undefined && place.position <= position);
  }

  forget(): void {
    this.byFile.clear();
  }
}
