/** One feed as a client that costs next to nothing has it: a bare socket, whose bytes are looked into only where they are checked. */
import { connect, type Socket } from 'node:net';

export interface Wanted {
  readonly port: number;
  readonly from: number;
  /** Undefined: the whole log. */
  readonly stream?: string | undefined;
  /** What the server sends is never taken. */
  readonly isUnread: boolean;
  /** Its ids are kept. */
  readonly isChecked: boolean;
}

const AGAIN_MS = 200;
const STATUS_FINE = 'HTTP/1.1 200 ';

export class Listener {
  /** Of all events so far, where it is checked. */
  readonly ids: number[] = [];
  readonly streams: string[] = [];
  bytes = 0;
  connections = 0;
  refused = 0;
  private socket: Socket | undefined;
  private rest = '';
  private isOver = false;

  constructor(private readonly wanted: Wanted) {}

  /** Resolves when the server has begun to answer. It comes back by itself whenever the connection ends. */
  open(): Promise<void> {
    const { port, from, stream, isUnread } = this.wanted;
    const last = this.ids.at(-1);
    const query = stream === undefined ? `from=${from}` : `from=${from}&stream=${stream}`;
    const resume = last === undefined ? '' : `last-event-id: ${last}\r\n`;
    const socket = connect({ host: '127.0.0.1', port });
    this.socket = socket;
    this.rest = '';
    socket.write(`GET /v1/events?${query} HTTP/1.1\r\nhost: 127.0.0.1\r\n${resume}\r\n`);
    socket.on('error', () => undefined);
    socket.once('close', () => this.again());
    return new Promise((resolve) => {
      socket.once('close', resolve);
      socket.once('data', (head) => {
        this.connections++;
        if (!head.toString('latin1').startsWith(STATUS_FINE)) this.refused++;
        this.take(head);
        if (isUnread) socket.pause();
        else socket.on('data', (bytes) => this.take(bytes));
        resolve();
      });
    });
  }

  close(): void {
    this.isOver = true;
    this.socket?.destroy();
  }

  private again(): void {
    if (!this.isOver) setTimeout(() => (this.isOver ? undefined : void this.open()), AGAIN_MS);
  }

  private take(bytes: Buffer): void {
    this.bytes += bytes.length;
    if (!this.wanted.isChecked) return;
    const text = this.rest + bytes.toString('latin1');
    const end = text.lastIndexOf('\n\n');
    this.rest = end < 0 ? text : text.slice(end);
    if (end < 0) return;
    for (const [, id, stream] of text.slice(0, end).matchAll(EVENT)) {
      this.ids.push(Number(id));
      this.streams.push(stream ?? '');
    }
  }
}

/** The server writes whole events, so that what parts its chunks never stands within one. */
const EVENT = /id: (\d+)\nevent: \w+\ndata: \{"position":\d+,"stream":"([^"]+)"/g;
