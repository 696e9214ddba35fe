import { onTestFinished } from 'vitest';
import { until } from '../../patience.js';
import { RawConnection } from '../hostile/raw-connection.js';
import { handshake, type Heard, readFrames } from './frame-maker.js';

/** A WebSocket whose frames are made by the test, byte by byte. */
export class RawSocket {
  private constructor(private readonly connection: RawConnection) {}

  static async open(port: number, headers: readonly string[] = []): Promise<RawSocket> {
    const connection = await RawConnection.open(port);
    onTestFinished(() => connection.close());
    await connection.send(handshake(headers));
    await connection.receive(/^HTTP\/1\.1 101 [^]*?\r\n\r\n/);
    return new RawSocket(connection);
  }

  get head(): string {
    return this.connection.received.split('\r\n\r\n', 1)[0] ?? '';
  }

  get isClosed(): boolean {
    return this.connection.isClosed;
  }

  get heard(): Heard {
    return readFrames(this.connection.receivedBytes);
  }

  /** Sends in pieces, each once the one before has left. */
  send(...pieces: readonly (string | Buffer)[]): Promise<void> {
    return this.connection.send(...pieces);
  }

  /** What it has heard, once so many messages have come or the server has closed it. */
  async messages(count: number): Promise<Heard> {
    await until(`${count} messages came`, () => this.connection.isClosed || this.heard.texts.length >= count);
    return this.heard;
  }

  /** What it has heard, once the server has said that it closes it. */
  async closing(): Promise<Heard> {
    await until('the server closed it', () => this.connection.isClosed || this.heard.code !== undefined);
    return this.heard;
  }

  close(): void {
    this.connection.close();
  }
}
