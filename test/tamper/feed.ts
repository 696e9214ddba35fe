/** A feed of a server's events, over one connection: what it showed, and whether it goes on. */
import { createParser } from 'eventsource-parser';

export class Feed {
  /** What stood at each position, as JSON. */
  readonly seen = new Map<number, string>();
  /** Positions that were shown twice, with something else. */
  readonly contradictions: number[] = [];
  /** The server, or somebody on the way, has ended it. */
  isOver = false;
  private readonly ending = new AbortController();
  private readonly over: Promise<void>;

  constructor(url: string, query = 'from=0') {
    this.over = this.follow(`${url}/v1/events?${query}`).finally(() => (this.isOver = true));
    this.over.catch(() => undefined); // how it ends says nothing more than that it does
  }

  async end(): Promise<void> {
    this.ending.abort();
    await this.over.catch(() => undefined);
  }

  private async follow(url: string): Promise<void> {
    const { body, ok } = await fetch(url, { signal: this.ending.signal });
    if (!ok || body === null) return;
    const parser = createParser({
      onEvent: ({ id, data }) => this.take(Number(id), data),
    });
    for await (const text of body.pipeThrough(new TextDecoderStream())) parser.feed(text);
  }

  private take(position: number, data: string): void {
    const before = this.seen.get(position);
    if (before !== undefined && before !== data) this.contradictions.push(position);
    this.seen.set(position, data);
  }
}
