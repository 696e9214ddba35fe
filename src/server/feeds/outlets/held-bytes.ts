/** What one feed is to be sent, and the memory that it keeps. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly memory: Memory;
}

interface Memory {
  readonly bytes: number;
  holders: number;
}

/**
 * How much memory waits to be written. What several feeds are sent counts once, and until the last of them has it.
 */
export class HeldBytes {
  private held = 0;

  get bytes(): number {
    return this.held;
  }

  /** Pieces of one part. One that is small beside it is copied: else a feed that reads nothing would keep all of it. */
  piecesOf(part: Uint8Array): (start: number, end: number) => Piece {
    const shared: Memory = { bytes: part.length, holders: 0 };
    return (start, end) => {
      const isCopied = 2 * (end - start) < part.length;
      const memory = isCopied ? { bytes: end - start, holders: 0 } : shared;
      if (memory.holders++ === 0) this.held += memory.bytes;
      return { bytes: isCopied ? part.slice(start, end) : part.subarray(start, end), memory };
    };
  }

  release({ memory }: Piece): void {
    if (--memory.holders === 0) this.held -= memory.bytes;
  }
}
