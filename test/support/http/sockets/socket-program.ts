import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../patience.js';
import { nameOf, whyNotDocumented } from './message-judge.js';

export interface SocketMessage extends Record<string, unknown> {
  readonly id?: string | number | null;
  readonly status?: number;
  readonly body?: Record<string, unknown>;
}

/** A program on a WebSocket, until the test is over. Whatever the server says must be as its AsyncAPI document has it. */
export class SocketProgram {
  readonly said: SocketMessage[] = [];
  readonly #received: SocketMessage[] = [];
  #closing: { readonly code: number; readonly reason: string } | undefined;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as SocketMessage; // every message of the server is an object
      this.#received.push(message);
      this.said.push(message);
      const wrong = whyNotDocumented(nameOf(message), message);
      if (wrong !== undefined) throw new Error(wrong); // nobody catches it, and so the test run fails
    });
    ws.on('error', () => undefined); // its close says the same
    ws.on('close', (code, reason) => (this.#closing = { code, reason: reason.toString() }));
    onTestFinished(() => ws.terminate());
  }

  /** Rejects with what the server answered instead. */
  static async open(url: string, headers: Record<string, string> = {}, autoPong = true): Promise<SocketProgram> {
    const ws = new WebSocket(`${url.replace('http', 'ws')}/v1/ws`, { headers, autoPong });
    const refused = new Promise<never>((_resolve, reject) => {
      ws.once('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (bytes: Buffer) => (text += bytes.toString()));
        response.once('end', () => reject(new Error(`${response.statusCode ?? 0} ${text}`)));
      });
    });
    refused.catch(() => undefined);
    const program = new SocketProgram(ws);
    await Promise.race([once(ws, 'open'), refused]);
    return program;
  }

  /** Sends them together: one after another, in one write. */
  send(...messages: readonly (object | string)[]): void {
    for (const message of messages) this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next so many messages, as soon as they are there. */
  async take(count: number): Promise<SocketMessage[]> {
    await until(`${count} messages came`, () => this.#received.length >= count || this.#closing !== undefined);
    return this.#received.splice(0, count);
  }

  /** Sends one, and gives the next message. */
  async ask(message: object | string): Promise<SocketMessage | undefined> {
    this.send(message);
    const [answer] = await this.take(1);
    return answer;
  }

  /** With what it was closed, once it is. */
  async closed(): Promise<{ readonly code: number; readonly reason: string } | undefined> {
    await until('it was closed', () => this.#closing !== undefined);
    return this.#closing;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }
}
