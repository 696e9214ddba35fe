import { Agent, type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Answer } from './documented-answers.js';

export interface PlainRequest {
  readonly method: string;
  /** Path and query, sent as they are. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** Sends requests as they are, one after the other: nothing is added to their addresses, and nothing followed. */
export class PlainSender {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly port: number) {
    onTestFinished(() => this.agent.destroy());
  }

  /** An answer of events is taken to be whole once its head has come. */
  send({ method, url, headers, body }: PlainRequest): Promise<Answer> {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const options = { port: this.port, agent: this.agent, method, path: url, headers: { ...length, ...headers } };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        read(response).then(resolve, reject);
      });
      sent.on('error', reject).end(body);
    });
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  if (headers['content-type']?.startsWith('text/event-stream') === true) {
    response.destroy();
    return { status, headers, body: '' };
  }
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer); // no encoding is set
  return { status, headers, body: Buffer.concat(parts).toString() };
}
