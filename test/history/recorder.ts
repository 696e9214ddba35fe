/**
 * Asks over HTTP, and records each operation with its times, by one clock.
 *
 * 1. An operation begins before its first byte is sent and ends after the last byte of its answer has been read, so real time was
 *    never shorter than recorded.
 */
import http from 'node:http';
import type { Ask, Json, LogEvent, Operation, Reply } from './checker/history.js';
import { requestFor } from './requests.js';

export interface FeedWish {
  /** So many events at most. */
  readonly most: number;
  /** It ends when no event has come for so long. */
  readonly quietMs: number;
}

/** Far longer than the server ever stands still: an answer that is given up on may still come to pass. */
const ANSWER_MS = 120_000;

export class Recorder {
  readonly operations: Operation[] = [];
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  private asked = 0;

  constructor(private readonly url: string) {}

  async ask<Asked extends Ask>(ask: Asked): Promise<Operation<Asked>> {
    const number = this.asked++;
    const beganMs = performance.now();
    const reply = await this.send(ask).catch(() => undefined);
    return this.record({ number, ask, beganMs, endedMs: performance.now(), reply });
  }

  /** Follows the events from a position on. What came before the connection broke counts. */
  async follow(from: number, wish: FeedWish): Promise<readonly LogEvent[]> {
    const number = this.asked++;
    const beganMs = performance.now();
    const events: LogEvent[] = [];
    await this.stream(from, wish, events).catch(() => undefined);
    const reply = { status: 200, body: { events } };
    this.record({ number, ask: { kind: 'events', from }, beganMs, endedMs: performance.now(), reply });
    return events;
  }

  /** Whether the server says that it serves. */
  async isReady(): Promise<boolean> {
    const reply = await this.exchange('GET', '/health/ready').catch(() => undefined);
    return reply?.status === 200;
  }

  end(): void {
    this.agent.destroy();
  }

  private record<Asked extends Ask>(operation: Operation<Asked>): Operation<Asked> {
    this.operations.push(operation);
    return operation;
  }

  private send(ask: Ask): Promise<Reply> {
    const { method, path, body } = requestFor(ask);
    return this.exchange(method, path, body);
  }

  private exchange(method: string, path: string, body?: object): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.url}${path}`, { method, agent: this.agent, timeout: ANSWER_MS });
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

  private stream(from: number, { most, quietMs }: FeedWish, events: LogEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const { path } = requestFor({ kind: 'events', from });
      const request = http.get(`${this.url}${path}`, { timeout: quietMs });
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
