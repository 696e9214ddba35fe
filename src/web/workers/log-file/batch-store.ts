import type { EventBatch } from '../../../events/fold.js';

/** Whole batches that are kept as one blob. */
interface Chunk {
  readonly firstPosition: number;
  /** Position after its last event. */
  readonly end: number;
  readonly blob: Blob;
}

/** A chunk is closed once it holds so much. */
const CHUNK_BYTES = 1 << 20;
/** Before each batch: how many events it has, and how many bytes. */
const FRAME_BYTES = 8;
/** So many chunks that were read last stay at hand. */
const MOST_AT_HAND = 4;

/**
 * A log of canonical bytes in blobs, which a browser keeps on its disk where they are many: it is read some ten times as fast as the JSON
 * that it was made of, and only an index of it is in memory.
 */
export class BatchStore {
  private readonly chunks: Chunk[] = [];
  private readonly atHand = new Map<Chunk, Promise<Uint8Array>>();
  private open = new Uint8Array(2 * CHUNK_BYTES);
  private used = 0;
  private openFrom = 0;
  private end = 0;

  /** Position after the last event. */
  get position(): number {
    return this.end;
  }

  head(): Promise<number> {
    return Promise.resolve(this.end);
  }

  /** Appends the batch that begins at `position`. Its bytes are copied. */
  append({ count, bytes }: EventBatch): void {
    const needed = this.used + FRAME_BYTES + bytes.length;
    if (needed > this.open.length) this.open = longer(this.open, Math.max(2 * this.open.length, needed));
    const view = new DataView(this.open.buffer);
    view.setUint32(this.used, count, true);
    view.setUint32(this.used + 4, bytes.length, true);
    this.open.set(bytes, this.used + FRAME_BYTES);
    this.used = needed;
    this.end += count;
    if (needed >= CHUNK_BYTES) this.close();
  }

  /** To be called after the last batch, and before anything is read. */
  finish(): void {
    if (this.used > 0) this.close();
    this.open = new Uint8Array(0);
  }

  /** Whole batches, in order, from the one that holds `from` on. */
  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    for (let index = this.chunkAt(from); index < this.chunks.length; index++) {
      for (const batch of await this.batchesOf(index)) {
        if (batch.firstPosition + batch.count > from) yield batch;
      }
    }
  }

  /** The index of the chunk that holds an event, or the number of chunks. */
  private chunkAt(position: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.chunks[middle]?.end ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private close(): void {
    const blob = new Blob([this.open.slice(0, this.used)]);
    this.chunks.push({ firstPosition: this.openFrom, end: this.end, blob });
    this.openFrom = this.end;
    this.used = 0;
    if (this.open.length > 2 * CHUNK_BYTES) this.open = new Uint8Array(2 * CHUNK_BYTES);
  }

  private async batchesOf(index: number): Promise<readonly EventBatch[]> {
    const chunk = this.chunks[index];
    if (chunk === undefined) return [];
    const bytes = await this.bytesOf(chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const batches: EventBatch[] = [];
    let firstPosition = chunk.firstPosition;
    for (let at = 0; at < bytes.length;) {
      const count = view.getUint32(at, true);
      const start = at + FRAME_BYTES;
      at = start + view.getUint32(at + 4, true);
      batches.push({ firstPosition, count, bytes: bytes.subarray(start, at) });
      firstPosition += count;
    }
    return batches;
  }

  private bytesOf(chunk: Chunk): Promise<Uint8Array> {
    const bytes = this.atHand.get(chunk) ?? chunk.blob.arrayBuffer().then((buffer) => new Uint8Array(buffer));
    this.atHand.delete(chunk);
    this.atHand.set(chunk, bytes);
    if (this.atHand.size > MOST_AT_HAND) {
      const [oldest] = this.atHand.keys();
      if (oldest !== undefined) this.atHand.delete(oldest);
    }
    return bytes;
  }
}

function longer(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(length);
  more.set(bytes);
  return more;
}
