import { Pieces } from '../pieces.js';

/** WebSocket frames (RFC 6455, 5.2), no more of them than a load needs: whole text messages, and answers to pings without content. */
const TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;
const MASKED = 0x80;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
const MASK_BYTES = 4;

/** A client’s message. Its mask is zero, so its bytes stay what they are, and can be written over. */
export function clientFrame(text: string): Buffer {
  const { length } = text;
  const head =
    length < TWO_BYTES
      ? Buffer.from([TEXT, MASKED | length])
      : Buffer.from([TEXT, MASKED | TWO_BYTES, length >> 8, length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(MASK_BYTES), Buffer.from(text, 'latin1')]);
}

export const pong = Buffer.from([PONG, MASKED, 0, 0, 0, 0]);

/** Reads a server’s messages, however the bytes come. */
export class FrameReader {
  private readonly pieces = new Pieces((bytes) => this.take(bytes));

  constructor(
    private readonly onMessage: (body: Buffer) => void,
    private readonly onPing: () => void,
  ) {}

  push(bytes: Buffer): void {
    this.pieces.push(bytes);
  }

  /** Takes one whole message off the beginning. Returns its length, or 0 when it is not all there. */
  private take(bytes: Buffer): number {
    if (bytes.length < 2) return 0;
    if (bytes[0] === PING && bytes[1] === 0) {
      this.onPing();
      return 2;
    }
    if (bytes[0] !== TEXT)
      throw new Error(`a frame begins with ${bytes[0] ?? ''}: ${bytes.toString('latin1', 2, 100)}`);
    const short = bytes[1] ?? 0;
    const extra = short === TWO_BYTES ? 2 : short === EIGHT_BYTES ? 8 : 0;
    const start = 2 + extra;
    if (bytes.length < start) return 0;
    const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    const end = start + length;
    if (bytes.length < end) return 0;
    this.onMessage(bytes.subarray(start, end));
    return end;
  }
}
