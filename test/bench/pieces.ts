/** What comes on a connection in pieces, and is taken off whole, however the bytes come. */
export class Pieces {
  private pending: Buffer = Buffer.alloc(0);

  /** `take` takes one whole off the beginning and returns its length, or 0 when it is not all there. */
  constructor(private readonly take: (bytes: Buffer) => number) {}

  /** `bytes` are copied where they are needed later. */
  push(bytes: Buffer): void {
    let rest = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    for (;;) {
      const used = this.take(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
    }
    this.pending = rest.length === 0 ? rest : Buffer.from(rest);
  }
}
