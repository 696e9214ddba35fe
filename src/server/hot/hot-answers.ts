/** Whole HTTP answers to plain posts: the fields are those that Fastify and Node send. */
import { STATUS_CODES } from 'node:http';
import type { Problem } from '../../api/problem.js';
import { problemJson, problemMediaType, statusOf } from '../problem-details.js';
import { RETRY_AFTER_SECONDS } from '../routes/answer.js';

/** The route whose answers they are. */
export const POST = { method: 'POST', url: '/v1/intentions' } as const;

export class HotAnswers {
  /** Of every answer, and how a connection goes on. */
  readonly #vary: string;
  readonly #stays: string;
  #second = 0;
  #date = '';

  constructor({ keepAliveMs, variesByOrigin }: { readonly keepAliveMs: number; readonly variesByOrigin: boolean }) {
    this.#vary = variesByOrigin ? 'vary: origin\r\n' : '';
    this.#stays = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1_000)}\r\n`;
  }

  created(id: string, json: string, moreFields: string): string {
    const fields = `content-type: application/json; charset=utf-8\r\nlocation: /v1/intentions/${id}\r\n${moreFields}`;
    return this.#whole('201 Created', `${fields}${this.#stays}`, json);
  }

  /** `isLast`: the connection ends with it. */
  refused(what: Problem, moreFields: string, isLast: boolean): string {
    const status = statusOf[what.code];
    const retry = status === 503 || status === 429 ? `retry-after: ${RETRY_AFTER_SECONDS}\r\n` : '';
    const fields = `content-type: ${problemMediaType}; charset=utf-8\r\n${retry}${moreFields}`;
    const ending = isLast ? 'connection: close\r\n' : this.#stays;
    return this.#whole(`${status} ${STATUS_CODES[status] ?? ''}`, `${fields}${ending}`, problemJson(what, POST.url));
  }

  #whole(status: string, fields: string, json: string): string {
    const length = Buffer.byteLength(json);
    return `HTTP/1.1 ${status}\r\n${this.#vary}${fields}content-length: ${length}\r\nDate: ${this.#now()}\r\n\r\n${json}`;
  }

  #now(): string {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = new Date().toUTCString();
    }
    return this.#date;
  }
}
