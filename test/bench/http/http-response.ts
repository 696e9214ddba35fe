import { Pieces } from '../pieces.js';

/** Reads the answers on one connection: status and body, by length or in chunks, however the bytes come. No more than it must know. */
const HEADER_END = Buffer.from('\r\n\r\n');
const NEW_LINE = Buffer.from('\r\n');

export class ResponseReader {
  private readonly pieces = new Pieces((bytes) => this.take(bytes));

  constructor(private readonly onResponse: (status: number, body: Buffer) => void) {}

  /** `bytes` are copied where they are needed later. */
  push(bytes: Buffer): void {
    this.pieces.push(bytes);
  }

  /** Takes one whole response off the beginning. Returns its length, or 0 when it is not all there. */
  private take(bytes: Buffer): number {
    const headerEnd = bytes.indexOf(HEADER_END);
    if (headerEnd < 0) return 0;
    const header = bytes.toString('latin1', 0, headerEnd);
    const start = headerEnd + HEADER_END.length;
    const status = Number(header.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(header)?.[1];
    if (length === undefined) return this.takeChunks(status, bytes, start);
    const end = start + Number(length);
    if (bytes.length < end) return 0;
    this.onResponse(status, bytes.subarray(start, end));
    return end;
  }

  private takeChunks(status: number, bytes: Buffer, start: number): number {
    const chunks: Buffer[] = [];
    let at = start;
    for (;;) {
      const sizeEnd = bytes.indexOf(NEW_LINE, at);
      if (sizeEnd < 0) return 0;
      const size = Number.parseInt(bytes.toString('latin1', at, sizeEnd), 16);
      const dataStart = sizeEnd + NEW_LINE.length;
      at = dataStart + size + NEW_LINE.length;
      if (Number.isNaN(size) || bytes.length < at) return 0;
      if (size === 0) break;
      chunks.push(bytes.subarray(dataStart, dataStart + size));
    }
    this.onResponse(status, Buffer.concat(chunks));
    return at;
  }
}

/** How often `what` occurs. */
export function countOf(what: Buffer, bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(what); at >= 0; at = bytes.indexOf(what, at + what.length)) count++;
  return count;
}
