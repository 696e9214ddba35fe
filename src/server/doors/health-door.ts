/**
 * A port for health alone, so that a probe reaches the server however many others are connected. It asks the server itself, in its own
 * process: a server that stands still does not answer here either.
 */
import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { problem } from '../../api/problem.js';
import { problemJson, problemMediaType } from '../problem-details.js';
import { type PortAddress, SidePort } from './side-port.js';

const PATHS: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);
const REQUEST_MS = 5_000;
const MOST_CONNECTIONS = 64;

/** Rejects with what listening throws (EADDRINUSE). */
export function openHealthDoor(app: FastifyInstance, address: PortAddress): Promise<SidePort> {
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
  return SidePort.open(server, address);
}
