/** Frames of a WebSocket client, as right or as wrong as a test wants them (RFC 6455, 5.2). */
import { randomBytes } from 'node:crypto';

export interface FrameOptions {
  readonly opcode?: number;
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
  /** The three reserved bits, as a number. */
  readonly reserved?: number;
  /** What the frame says of its length, where that is not the truth. */
  readonly saidLength?: number;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export function frame(payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { opcode = opcodes.text, isFinal = true, isMasked = true, reserved = 0 } = options;
  const body = Buffer.from(payload as string); // a copy of either
  const { saidLength = body.length } = options;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const maskBit = isMasked ? 0x80 : 0;
  const head = [first];
  if (saidLength < 126) head.push(maskBit | saidLength);
  else if (saidLength < 65_536) head.push(maskBit | 126, saidLength >> 8, saidLength & 0xff);
  else head.push(maskBit | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((bits) => (saidLength >>> bits) & 0xff));
  if (!isMasked) return Buffer.concat([Buffer.from(head), body]);
  const mask = randomBytes(4);
  for (let at = 0; at < body.length; at++) body[at] = (body[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return Buffer.concat([Buffer.from(head), mask, body]);
}

/** What a client sends first. */
export function handshake(headers: readonly string[] = []): string {
  const head = [
    ...['GET /v1/ws HTTP/1.1', 'host: localhost', 'connection: Upgrade', 'upgrade: websocket'],
    ...['sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', ...headers],
  ];
  return `${head.join('\r\n')}\r\n\r\n`;
}

/** What a server has sent after its handshake. */
export interface Heard {
  readonly texts: readonly string[];
  readonly pongs: number;
  /** Of its closing frame. */
  readonly code: number | undefined;
  /** That every byte belonged to a frame that a server may send. */
  readonly isSound: boolean;
}

/** Reads the frames of a server. */
export function readFrames(bytes: Buffer): Heard {
  const texts: string[] = [];
  let pongs = 0;
  let code: number | undefined;
  let at = bytes.indexOf('\r\n\r\n') + 4;
  while (at + 2 <= bytes.length) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2);
    const isLong = second === 126;
    const length = isLong
      ? bytes.readUInt16BE(at + 2)
      : second === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : second;
    const start = at + 2 + (isLong ? 2 : second === 127 ? 8 : 0);
    if (start + length > bytes.length) break;
    const payload = bytes.subarray(start, start + length);
    at = start + length;
    if (code !== undefined) return { texts, pongs, code, isSound: false }; // nothing comes after the end
    if (first === 0x81) texts.push(payload.toString());
    else if (first === 0x8a) pongs++;
    else if (first === 0x88) code = length >= 2 ? payload.readUInt16BE(0) : 1005;
    else if (first !== 0x89) return { texts, pongs, code, isSound: false };
  }
  return { texts, pongs, code, isSound: at === bytes.length };
}
