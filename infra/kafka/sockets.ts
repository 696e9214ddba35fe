import type { Socket } from 'node:net';
import socketFactory from 'kafkajs/src/network/socketFactory.js';

/**
 * The sockets of one client. kafkajs lets go of one only after every request on it was answered, which a silent broker never does.
 */
export class Sockets {
  private readonly open = new Set<Socket>();
  private readonly make = socketFactory();

  /** What kafkajs makes its sockets with. */
  readonly factory: ReturnType<typeof socketFactory> = (place) => {
    const socket = this.make(place);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** Ends all at once. What still waits for an answer is told that its connection is lost. */
  destroy(): void {
    for (const socket of this.open) socket.destroy(new Error('given up'));
    this.open.clear();
  }
}
