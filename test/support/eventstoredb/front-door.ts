/**
 * The port of a stand-in server. It is the stand-in's own from beginning to end, so that no other program of the machine can get it
 * while the stand-in is away: connections that come meanwhile are turned away, and counted.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export class FrontDoor {
  /** How many connections came while the stand-in was away. */
  turnedAway = 0;
  /** Takes the connections; undefined while the stand-in is away. */
  admit: ((socket: Socket) => void) | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly listener = createServer({ noDelay: true }, (socket) => this.receive(socket));

  static async open(port: number): Promise<FrontDoor> {
    const door = new FrontDoor();
    door.listener.listen(port, '127.0.0.1');
    await once(door.listener, 'listening');
    return door;
  }

  get port(): number {
    const address = this.listener.address();
    if (address === null || typeof address === 'string') throw new Error('the door has no port');
    return address.port;
  }

  /** The other ends of the connections that there are. */
  peers(): ReadonlySet<string> {
    return new Set([...this.sockets].map(({ remoteAddress, remotePort }) => `${remoteAddress}:${remotePort}`));
  }

  close(): void {
    this.listener.close();
  }

  private receive(socket: Socket): void {
    if (this.admit !== undefined) {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      return this.admit(socket);
    }
    this.turnedAway++;
    socket.destroy();
  }
}
