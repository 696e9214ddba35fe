import type { Socket } from 'node:net';
import socketFactory from 'kafkajs/src/network/socketFactory.js';

/**
 * The sockets of one client. kafkajs lets go of one only after every request on it was answered, which a silent broker never does, and
 * where one is taken from it, it may make another at once: it must not when the client has been closed, for nobody would close that.
 */
export class Sockets {
  private readonly open = new Set<Socket>();
  private readonly make = socketFactory();
  private hasEnded = false;

  /** What kafkajs makes its sockets with. */
  readonly factory: ReturnType<typeof socketFactory> = (place) => {
    const socket = this.make(place);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    if (this.hasEnded) setImmediate(() => socket.destroy(new Error('closed'))); // once who asked for it listens to it
    return socket;
  };

  /** Ends all at once. What still waits for an answer is told that its connection is lost. */
  destroy(): void {
    for (const socket of this.open) socket.destroy(new Error('given up'));
    this.open.clear();
  }
  /** The same, and for all that are made from now on. */
  end(): void {
    this.hasEnded = true;
    this.destroy();
  }
}
