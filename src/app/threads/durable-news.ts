import { Latest } from './latest.js';

/** A message to a thread at every commit would cost the exchange more than most commits do. */
const TELL_EACH_MS = 5;

/** Says to a thread how far logs are durable: of each shard at once, but then not again for a while, and only the latest. */
export class DurableNews {
  private readonly shards = new Map<number, Latest>();

  constructor(private readonly tell: (news: { readonly shard: number; readonly durable: number }) => void) {}

  /** To be called after each commit of a shard that is written here. */
  advance(shard: number, durable: number): void {
    this.latestOf(shard).set(durable);
  }

  private latestOf(shard: number): Latest {
    const known = this.shards.get(shard);
    if (known !== undefined) return known;
    const made = new Latest((durable) => this.tell({ shard, durable }), TELL_EACH_MS);
    this.shards.set(shard, made);
    return made;
  }
}
