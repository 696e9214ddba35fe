/**
 * Stands where a server will listen, for one that must first find what it serves. Keys, host and port are tried by it, so that nothing
 * is made for a server that could never have listened; whoever comes meanwhile is told to come back.
 *
 * 1. The address is free again once it is closed. Another program may take it before the server does: that start fails after all.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { problem, problemJson } from './problem.js';
import { DEFAULT_HOST, DEFAULT_PORT, keysFor, type ServerOptions } from './server.js';

type Address = Pick<ServerOptions, 'host' | 'port' | 'keyFile'>;

const RETRY_AFTER_S = '1';
const COMING = problem('UNAVAILABLE', 'what is to be served is being looked for; try again shortly');

export class Doorstep {
  private constructor(private readonly server: Server) {}

  /** Rejects with OpenToOthersError, KeyFileError, or what listening throws (EADDRINUSE). */
  static async open(address: Address): Promise<Doorstep> {
    await keysFor(address);
    const { host = DEFAULT_HOST, port = DEFAULT_PORT } = address;
    const server = createServer((request, response) => {
      if (request.url === '/health/live') {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"live"}');
        return;
      }
      const headers = { 'content-type': 'application/problem+json', 'retry-after': RETRY_AFTER_S };
      response.writeHead(503, headers).end(problemJson(COMING));
    });
    server.listen({ host, port });
    await once(server, 'listening');
    return new Doorstep(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
