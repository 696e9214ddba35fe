/**
 * Asks over HTTP, and records each operation with its times, by one clock.
 *
 * 1. An operation begins before its first byte is sent and ends after the last byte of its answer has been read, so real time was
 *    never shorter than recorded.
 */
import http from 'node:http';
import type { Ask, Json, LogEvent, Operation, Reply } from '../checker/history.js';
import { requestFor, type WireRequest } from './requests.js';

export interface FeedWish {
  /** So many events at most. */
  readonly most: number;
  /** It ends when no event has come for so long. */
  readonly quietMs: number;
}

/** Of whom something is asked, and how long the answer is waited for. */
export interface Asking {
  /** Its place among those that can be asked; the first unless it is given. */
  readonly member?: number;
  /** Far longer than a server ever stands still unless it is given: what is given up may still come to pass. */
  readonly patienceMs?: number;
}

const ANSWER_MS = 120_000;

export class Recorder {
  readonly operations: Operation[] = [];
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  private asked = 0;

  private readonly headers: http.OutgoingHttpHeaders;

  /** Of one server, or of the members of a cluster; with a key, where they let nobody in without one. */
  constructor(
    private readonly urls: readonly string[],
    key?: string,
  ) {
    this.headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  /** How many there are to ask. */
  get members(): number {
    return this.urls.length;
  }

  async ask<Asked extends Ask>(ask: Asked, asking: Asking = {}): Promise<Operation<Asked>> {
    const number = this.asked++;
    const beganMs = performance.now();
    const reply = await this.exchange(requestFor(ask), asking).catch(() => undefined);
    return this.record({ number, ask, ...this.named(asking), beganMs, endedMs: performance.now(), reply });
  }

  /** Follows the events from a position on. What came before the connection broke counts. */
  async follow(from: number, wish: FeedWish, asking: Asking = {}): Promise<readonly LogEvent[]> {
    const number = this.asked++;
    const beganMs = performance.now();
    const events: LogEvent[] = [];
    await this.stream(from, wish, asking, events).catch(() => undefined);
    const reply = { status: 200, body: { events } };
    const ask = { kind: 'events', from } as const;
    this.record({ number, ask, ...this.named(asking), beganMs, endedMs: performance.now(), reply });
    return events;
  }

  /** Whether it says that it serves. */
  async isReady(member: number): Promise<boolean> {
    const reply = await this.exchange({ method: 'GET', path: '/health/ready' }, { member }).catch(() => undefined);
    return reply?.status === 200;
  }

  end(): void {
    this.agent.destroy();
  }

  private record<Asked extends Ask>(operation: Operation<Asked>): Operation<Asked> {
    this.operations.push(operation);
    return operation;
  }

  private named({ member = 0 }: Asking): { readonly member?: number } {
    return this.urls.length === 1 ? {} : { member };
  }

  private urlOf({ member = 0 }: Asking, path: string): string {
    return `${this.urls[member] ?? ''}${path}`;
  }

  private exchange({ method, path, body }: WireRequest, asking: Asking): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { patienceMs: timeout = ANSWER_MS } = asking;
    const { agent, headers } = this;
    return new Promise((resolve, reject) => {
      const request = http.request(this.urlOf(asking, path), { method, agent, headers, timeout });
      request.once('error', reject).once('timeout', () => request.destroy(new Error('no answer came')));
      request.once('response', (response) => {
        let said = '';
        response.setEncoding('utf8').on('data', (part: string) => (said += part));
        response.once('error', reject).once('end', () => {
          const read = readJson(said);
          if (read === undefined || !response.complete) reject(new Error('the answer is cut short'));
          else resolve({ status: response.statusCode ?? 0, body: read });
        });
      });
      if (text !== undefined) request.setHeader('content-type', 'application/json');
      request.end(text);
    });
  }

  private stream(from: number, { most, quietMs }: FeedWish, asking: Asking, events: LogEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const { path } = requestFor({ kind: 'events', from });
      const request = http.get(this.urlOf(asking, path), { headers: this.headers, timeout: quietMs });
      request.once('error', reject).once('timeout', () => request.destroy(new Error('it is quiet')));
      request.once('response', (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          const messages = (rest + part).split('\n\n');
          rest = messages.pop() ?? '';
          events.push(...messages.flatMap(eventIn));
          if (events.length >= most) request.destroy();
        });
        response.once('error', reject).once('close', resolve);
      });
    });
  }
}

function eventIn(message: string): LogEvent[] {
  const data = message.split('\n').find((line) => line.startsWith('data: '));
  const event = data === undefined ? undefined : readJson(data.slice('data: '.length));
  return event === undefined ? [] : [event as LogEvent]; // the feed's data are events, and each has a position and a type
}

function readJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined; // any object can be read by key
  } catch {
    return undefined;
  }
}
