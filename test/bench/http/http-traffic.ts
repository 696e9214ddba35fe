import { type FlowBlock, flowSymbol, Kind, participantNames } from '../flow/flow.js';
import type { Traffic } from './http-load.js';
import { countOf } from './http-response.js';

const ID_DIGITS = 9;
/** Where a request has room for an id. */
export const NO_ID = '0'.repeat(ID_DIGITS);

/** An intention of the flow as JSON; its id is a message and digits of fixed length, so that they can be written over. */
export function intentionsOf(block: FlowBlock, message: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < block.commands; at++) {
    const kind = block.kinds[at];
    if (kind === Kind.Withdraw) continue;
    const participant = participantNames[block.participants[at] ?? 0] ?? '';
    lines.push(
      `{"clientIntentionId":"${message}${NO_ID}","participant":"${participant}","instrument":"${flowSymbol}",` +
        `"side":"${kind === 0 ? 'buy' : 'sell'}","price":"${block.priceTicks[at] ?? 0}","quantity":"${block.lots[at] ?? 0}"}`,
    );
  }
  return lines;
}

function head(mediaType: string, bytes: number): string {
  return `POST /v1/intentions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${mediaType}\r\ncontent-length: ${bytes}\r\n\r\n`;
}

/** As many lines a request; what is left of them is not sent. */
function httpRequests(lines: readonly string[], perRequest: number, mediaType: string): Buffer[] {
  return Array.from({ length: Math.floor(lines.length / perRequest) }, (_, index) => {
    const body = lines.slice(index * perRequest, (index + 1) * perRequest).join('\n');
    return Buffer.from(head(mediaType, body.length) + body, 'latin1');
  });
}

/** Writes the number over the digits that begin at an offset. */
function putId(bytes: Buffer, offset: number, id: number): void {
  let rest = id;
  for (let at = offset + ID_DIGITS - 1; at >= offset; at--) {
    bytes[at] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Requests that are made beforehand; only the ids in them change. One is used again long after it has been answered. */
export class Requests {
  private readonly requests: { readonly bytes: Buffer; readonly ids: readonly number[] }[] = [];
  private sent = 0;
  private id = 0;

  /** Each of the buffers is one request, with room for its ids. */
  constructor(requests: readonly Buffer[]) {
    for (const bytes of requests) {
      const ids: number[] = [];
      const mark = Buffer.from(NO_ID);
      for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + ID_DIGITS)) ids.push(at);
      this.requests.push({ bytes, ids });
    }
  }

  next(): Buffer {
    const request = this.requests[this.sent++ % this.requests.length];
    if (request === undefined) throw new Error('there are no requests');
    for (const offset of request.ids) putId(request.bytes, offset, ++this.id);
    return request.bytes;
  }
}

/** One intention a request. */
export class SinglePosts implements Traffic {
  private readonly requests: Requests;

  constructor(block: FlowBlock) {
    this.requests = new Requests(httpRequests(intentionsOf(block, 's'), 1, 'application/json'));
  }

  next(): Buffer {
    return this.requests.next();
  }

  check(status: number, body: Buffer): number {
    if (status !== 201) throw new Error(`answered ${status}: ${body.toString()}`);
    return 1;
  }
}

/** Many intentions a request, one a line, and as many lines in the answer. */
export class StreamedPosts implements Traffic {
  private readonly requests: Requests;
  private readonly created = Buffer.from('"status":201,');

  constructor(
    block: FlowBlock,
    private readonly lines: number,
  ) {
    this.requests = new Requests(httpRequests(intentionsOf(block, 'n'), lines, 'application/x-ndjson'));
  }

  next(): Buffer {
    return this.requests.next();
  }

  check(status: number, body: Buffer): number {
    const created = countOf(this.created, body);
    if (status !== 200 || created !== this.lines) {
      throw new Error(
        `answered ${status}, ${created} of ${this.lines} lines created: ${body.toString().slice(0, 300)}`,
      );
    }
    return created;
  }
}
