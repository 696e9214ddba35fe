/**
 * A port for health alone, so that whoever watches over the server reaches it however many others are connected. It asks the server
 * itself, in its own process: a server that stands still does not answer here either.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { problem, problemJson, problemMediaType } from './problem.js';

const PATHS: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);
const REQUEST_MS = 5_000;
const MOST_CONNECTIONS = 64;

export class HealthDoor {
  private constructor(private readonly server: Server) {}

  /** Rejects with what listening throws (EADDRINUSE). */
  static async open(
    app: FastifyInstance,
    address: { readonly host: string; readonly port: number },
  ): Promise<HealthDoor> {
    const options = { requestTimeout: REQUEST_MS, connectionsCheckingInterval: REQUEST_MS };
    const server = createServer(options, (request, response) => {
      const { method, url = '' } = request;
      if (method !== 'GET' || !PATHS.has(url)) {
        const nothing = problemJson(problem('NOT_FOUND', `here are ${[...PATHS].join(' and ')} alone`));
        response.writeHead(404, { 'content-type': problemMediaType }).end(nothing);
        return;
      }
      app.inject({ method, url }).then(
        ({ statusCode, headers, body }) => response.writeHead(statusCode, headers).end(body),
        () => response.destroy(), // the server is closed
      );
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.listen(address);
    await once(server, 'listening');
    return new HealthDoor(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
