import type { Framing } from '../feed-source.js';

/** A UTF-16 unit takes no more as UTF-8. */
const BYTES_A_UNIT = 3;
/** What a frame adds, at most: the names and the position of a server-sent event; the head of a WebSocket’s frame. */
const OVERHEAD = 64;
/** The last frame of a text. */
const FINAL_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

export interface Message {
  readonly position: number;
  readonly type: string;
  /** One JSON object. */
  readonly json: string;
}

/** How much memory a framed message may take. */
export function mostFramedBytes({ type, json }: Message): number {
  return OVERHEAD + type.length + BYTES_A_UNIT * json.length;
}

/** Writes a message where there is room for it, and returns where it ends. */
export function writeFramed(framing: Framing, { position, type, json }: Message, into: Buffer, at: number): number {
  switch (framing) {
    case 'sse':
      return at + into.write(`id: ${position}\nevent: ${type}\ndata: ${json}\n\n`, at);
    case 'websocket':
      return writeFrame(json, into, at);
  }
}

/**
 * The last message of a feed that ends: all that it asked for of the events before a position has been sent. Without an id, for it is no
 * event. In memory of its own, which may go to another thread.
 */
export function endFramed(framing: Framing, until: number): Uint8Array {
  const told = `"type":"upTo","position":${until}}`;
  if (framing === 'sse') return new TextEncoder().encode(`event: upTo\ndata: {${told}\n\n`);
  const json = `{"channel":"events",${told}`;
  const frame = Buffer.alloc(OVERHEAD + json.length);
  return frame.subarray(0, writeFrame(json, frame, 0));
}

function writeFrame(json: string, into: Buffer, at: number): number {
  const length = Buffer.byteLength(json);
  let next = into.writeUInt8(FINAL_TEXT, at);
  if (length < LENGTH_16) {
    next = into.writeUInt8(length, next);
  } else if (length < 1 << 16) {
    next = into.writeUInt16BE(length, into.writeUInt8(LENGTH_16, next));
  } else {
    next = into.writeBigUInt64BE(BigInt(length), into.writeUInt8(LENGTH_64, next));
  }
  return next + into.write(json, next);
}
