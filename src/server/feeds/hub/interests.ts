import type { HubFeed } from './hub-feed.js';

const nobody: ReadonlySet<HubFeed> = new Set();

/** Feeds by what they are interested in. */
export class Interests {
  /** Those that get everything. */
  readonly whole = new Set<HubFeed>();
  /** Those that have an end. */
  private readonly ending = new Set<HubFeed>();
  private readonly byStream = new Map<string, Set<HubFeed>>();
  private readonly byType = new Map<string, Set<HubFeed>>();

  /** True when what an event's stream is called tells whether anybody wants it. */
  get areOfStreamsAlone(): boolean {
    return this.whole.size === 0 && this.byType.size === 0;
  }

  /** Where the first of them ends. */
  get until(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { until } of this.ending) first = Math.min(first, until);
    return first;
  }

  /** Those that want nothing from this position on. */
  endingAt(position: number): readonly HubFeed[] {
    return position < this.until ? [] : [...this.ending].filter(({ until }) => until <= position);
  }

  add(feed: HubFeed): void {
    if (feed.until < Number.POSITIVE_INFINITY) this.ending.add(feed);
    if (feed.isWhole) this.whole.add(feed);
    else for (const [index, key] of this.placesOf(feed)) indexed(index, key).add(feed);
  }

  remove(feed: HubFeed): void {
    this.whole.delete(feed);
    this.ending.delete(feed);
    for (const [index, key] of this.placesOf(feed)) {
      const feeds = index.get(key);
      feeds?.delete(feed);
      if (feeds?.size === 0) index.delete(key);
    }
  }

  /** Those that asked for this stream; which types of it, each says itself. */
  ofStream(stream: string): ReadonlySet<HubFeed> {
    return this.byStream.get(stream) ?? nobody;
  }

  /** Those that asked for this type, of whatever stream. */
  ofType(type: string): ReadonlySet<HubFeed> {
    return this.byType.get(type) ?? nobody;
  }

  private *placesOf({ stream, types }: HubFeed): Generator<[Map<string, Set<HubFeed>>, string]> {
    if (stream !== undefined) yield [this.byStream, stream];
    else for (const type of types ?? []) yield [this.byType, type];
  }
}

function indexed(index: Map<string, Set<HubFeed>>, key: string): Set<HubFeed> {
  let feeds = index.get(key);
  if (feeds === undefined) index.set(key, (feeds = new Set()));
  return feeds;
}
