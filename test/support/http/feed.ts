import { type EventSourceMessage, createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';

export interface FeedEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

export interface Feed {
  readonly headers: Headers;
  /** The next events, as soon as there are so many. */
  take(count: number): Promise<FeedEvent[]>;
  /** How many comments have come. */
  comments(): number;
  /** Resolves when the server has ended it, rejects when the connection broke. */
  readonly ended: Promise<void>;
}

/** Reads server-sent events as they come, until the test is over. */
export async function openFeed(url: string, headers: Record<string, string> = {}): Promise<Feed> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const response = await fetch(url, { headers, signal: over.signal });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  const events: FeedEvent[] = [];
  let comments = 0;
  let wake: () => void = () => undefined;
  const onEvent = ({ id, event, data }: EventSourceMessage): void => {
    events.push({ id, event, data: JSON.parse(data) as Record<string, unknown> });
    wake();
  };
  const parser = createParser({ onEvent, onComment: () => comments++ });
  const read = async (): Promise<void> => {
    for await (const bytes of response.body ?? []) parser.feed(Buffer.from(bytes as Uint8Array).toString());
  };
  const ended = read();
  ended.catch(() => undefined);
  const take = async (count: number): Promise<FeedEvent[]> => {
    while (events.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return events.splice(0, count);
  };
  return { headers: response.headers, take, comments: () => comments, ended };
}
