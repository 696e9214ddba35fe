/**
 * What leaves on one WebSocket. Owns the frames that are to be written, and knows of what was written how much has been taken.
 *
 * 1. Frames leave in the order in which they came; those of one turn of the loop leave in one call of the system.
 * 2. What was held for them is released once the connection has taken them.
 */
import type { Socket } from 'node:net';
import { frameOf } from './frames.js';

/** Where so much has not been taken, nothing more is read. */
const FULL_BYTES = 262_144;

export interface SocketOutputOptions {
  readonly socket: Socket;
  /** Whether anything may still be written. */
  readonly isOpen: () => boolean;
  /** Called when frames have been taken for which so much was held. */
  readonly onTaken: (heldBytes: number) => void;
}

export class SocketOutput {
  /** In order; strings are of Latin-1, one letter a byte. */
  private pieces: (string | Uint8Array)[] = [];
  private text = '';
  private heldBytes = 0;
  /** Of what is to be written next. */
  private listeners: (() => void)[] = [];
  private isScheduled = false;
  private underWay = 0;
  private takenAtMs = performance.now();

  constructor(private readonly options: SocketOutputOptions) {}

  get isFull(): boolean {
    return this.options.socket.writableLength > FULL_BYTES;
  }

  /** Since when the connection has taken nothing of what was written to it; undefined where it has taken all. */
  get standingSinceMs(): number | undefined {
    return this.underWay === 0 ? undefined : this.takenAtMs;
  }

  /** `heldBytes`: what is to be released once it has left. */
  send(text: string, heldBytes: number): void {
    this.text += frameOf(text);
    this.heldBytes += heldBytes;
    this.schedule();
  }

  /** Whole frames as they are. `onTaken`: the connection has taken them, or nobody is there any more. */
  sendFrames(frames: readonly Uint8Array[], onTaken: () => void): void {
    if (this.text !== '') this.pieces.push(this.text);
    this.text = '';
    this.pieces.push(...frames);
    this.listeners.push(onTaken);
    this.schedule();
  }

  /** Writes what has come so far. */
  flush(): void {
    this.isScheduled = false;
    if (this.text !== '') this.pieces.push(this.text);
    const { pieces, heldBytes, listeners } = this;
    this.text = '';
    this.pieces = [];
    this.heldBytes = 0;
    this.listeners = [];
    const taken = (): void => {
      this.options.onTaken(heldBytes);
      for (const listener of listeners) listener();
    };
    if (pieces.length === 0) return;
    if (this.options.isOpen()) this.write(pieces, taken);
    else taken();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    process.nextTick(() => this.flush());
  }

  private write(pieces: readonly (string | Uint8Array)[], onTaken: () => void): void {
    const { socket } = this.options;
    if (this.underWay++ === 0) this.takenAtMs = performance.now();
    const taken = (): void => {
      this.underWay--;
      this.takenAtMs = performance.now();
      onTaken();
    };
    const last = pieces.length - 1;
    if (last > 0) socket.cork();
    pieces.forEach((piece, at) => write(socket, piece, at === last ? taken : undefined));
    if (last > 0) socket.uncork();
  }
}

function write(socket: Socket, piece: string | Uint8Array, done: (() => void) | undefined): void {
  if (typeof piece === 'string') socket.write(piece, 'latin1', done);
  else socket.write(piece, done);
}
