import { once } from 'node:events';
import type { Server } from 'node:http';

export interface PortAddress {
  readonly host: string;
  readonly port: number;
}

/** A port beside the exchange’s own, with a small server that answers there until it is closed. */
export class SidePort {
  private constructor(private readonly server: Server) {}

  /** Rejects with what listening throws (EADDRINUSE). */
  static async open(server: Server, address: PortAddress): Promise<SidePort> {
    server.listen(address);
    await once(server, 'listening');
    return new SidePort(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Cuts its connections. Resolves when the address is free again. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
